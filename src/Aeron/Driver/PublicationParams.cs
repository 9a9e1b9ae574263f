using ExecutionPipeline.Aeron.Buffers;
using ExecutionPipeline.Aeron.Client;
using ExecutionPipeline.Aeron.Protocol;
using static ExecutionPipeline.Aeron.Driver.UriValues;

namespace ExecutionPipeline.Aeron.Driver;

/// <summary>What a publication's channel asks for, checked, and the driver's defaults for the rest.</summary>
internal sealed class PublicationParams
{
    private PublicationParams(ChannelUri uri, MediaDriver.Context context, int streamId)
    {
        Uri = uri;
        CheckStreamId(streamId);
        EntityTag = Long(uri, "tags") ?? -1;
        RequestedSessionId = Int(uri, "session-id");
        TermLength = ParseTermLength(context);
        MtuLength = ParseMtuLength(context);
        PublicationWindowLength = ParseWindowLength(context);
        LingerTimeoutNs = DurationNs(uri, "linger") ?? context.PublicationLingerTimeoutNs();
        IsSparse = IsTrue(uri, "sparse", context.TermBufferSparseFile());
        IsSignalEos = IsTrue(uri, "eos", defaultValue: true);
        IsSpiesSimulateConnection = IsTrue(uri, "ssc", defaultValue: false);
        UntetheredWindowLimitTimeoutNs =
            DurationNs(uri, "untethered-window-limit-timeout") ?? context.UntetheredWindowLimitTimeoutNs();
        UntetheredLingerTimeoutNs = DurationNs(uri, "untethered-linger-timeout") ?? UntetheredWindowLimitTimeoutNs;
        UntetheredRestingTimeoutNs =
            DurationNs(uri, "untethered-resting-timeout") ?? context.UntetheredRestingTimeoutNs();
        ParsePosition();
    }

    public ChannelUri Uri { get; }

    public long EntityTag { get; }

    public int? RequestedSessionId { get; }

    public int TermLength { get; }

    public int MtuLength { get; }

    public int PublicationWindowLength { get; }

    public long LingerTimeoutNs { get; }

    public bool IsSparse { get; }

    public bool IsSignalEos { get; }

    public bool IsSpiesSimulateConnection { get; }

    public long UntetheredWindowLimitTimeoutNs { get; }

    public long UntetheredLingerTimeoutNs { get; }

    public long UntetheredRestingTimeoutNs { get; }

    public bool HasPosition { get; private set; }

    public int InitialTermId { get; private set; }

    public int TermId { get; private set; }

    public int TermOffset { get; private set; }

    public static PublicationParams Parse(string channel, MediaDriver.Context context, int streamId) =>
        new(DriverConductor.ParseUri(channel), context, streamId);

    /// <summary>Throws unless what the channel asks for is what an existing publication has.</summary>
    public void CheckMatch(IpcPublication existing)
    {
        Check("mtu", MtuLength, existing.MtuLength);
        Check("term-length", TermLength, existing.TermLength);
        Check("session-id", RequestedSessionId ?? existing.SessionId, existing.SessionId);
        Check("init-term-id", InitialTermId, existing.InitialTermId);
        Check("term-id", TermId, existing.StartingTermId);
        Check("term-offset", TermOffset, existing.StartingTermOffset);

        void Check(string key, int requested, int actual)
        {
            if (Uri.ContainsKey(key) && requested != actual)
                throw new InvalidOperationException(
                    $"existing publication has different '{key}': existing={actual} requested={requested} "
                    + $"existingChannel={existing.Channel} channel={Uri}");
        }
    }

    private void CheckStreamId(int streamId)
    {
        if (Int(Uri, "stream-id") is { } configured && configured != streamId)
            throw Invalid(Uri, "stream-id", $"{configured}", $"does not match provided streamId={streamId}");
    }

    private int ParseTermLength(MediaDriver.Context context)
    {
        if (Size(Uri, "term-length") is not { } length)
            return context.IpcTermBufferLength();

        LogBufferDescriptor.CheckTermLength((int)Math.Min(length, int.MaxValue));
        return (int)length;
    }

    private int ParseMtuLength(MediaDriver.Context context)
    {
        var length = Size(Uri, "mtu") ?? context.IpcMtuLength();
        MediaDriver.Context.CheckMtuLength(length);
        var maxMessageLength = FrameDescriptor.ComputeMaxMessageLength(TermLength);
        if (length > maxMessageLength)
            throw new ControlProtocolException(
                ErrorCode.INVALID_CHANNEL,
                $"MTU greater than max message length for term length: mtu={length} "
                + $"maxMessageLength={maxMessageLength} termLength={TermLength} channel={Uri}");

        return (int)length;
    }

    private int ParseWindowLength(MediaDriver.Context context)
    {
        if (Size(Uri, "pub-wnd") is not { } window)
            return context.ProducerWindowLength(TermLength);

        if (window < MtuLength)
            throw Invalid(Uri, "pub-wnd", $"{window}", $"cannot be less than mtu={MtuLength}");

        if (window > TermLength >> 1)
            throw Invalid(Uri, "pub-wnd", $"{window}", $"must not exceed half the term-length={TermLength}");

        return (int)window;
    }

    private void ParsePosition()
    {
        var initialTermId = Int(Uri, "init-term-id");
        var termId = Int(Uri, "term-id");
        var termOffset = Int(Uri, "term-offset");
        if (initialTermId is null && termId is null && termOffset is null)
        {
            InitialTermId = TermId = BitUtil.GenerateRandomisedId();
            return;
        }

        if (initialTermId is null || termId is null || termOffset is null)
            throw new ControlProtocolException(
                ErrorCode.INVALID_CHANNEL,
                $"params must be used as a complete set: init-term-id term-id term-offset channel={Uri}");

        if (termOffset < 0 || termOffset > TermLength)
            throw Invalid(Uri, "term-offset", $"{termOffset}", $"out of range for term-length={TermLength}");

        if (!FrameDescriptor.IsFrameAligned(termOffset.Value))
            throw Invalid(Uri, "term-offset", $"{termOffset}", "must be a multiple of FRAME_ALIGNMENT");

        if (unchecked(termId.Value - initialTermId.Value) < 0)
            throw Invalid(Uri, "term-id", $"{termId}", $"is more than 2^31 - 1 after init-term-id={initialTermId}");

        InitialTermId = initialTermId.Value;
        TermId = termId.Value;
        TermOffset = termOffset.Value;
        HasPosition = true;
    }
}
