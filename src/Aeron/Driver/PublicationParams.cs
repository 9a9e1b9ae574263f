using System.Globalization;
using ExecutionPipeline.Aeron.Buffers;
using ExecutionPipeline.Aeron.Client;
using ExecutionPipeline.Aeron.Protocol;
using static ExecutionPipeline.Aeron.Driver.UriValues;

namespace ExecutionPipeline.Aeron.Driver;

/// <summary>What a publication's channel asks for, checked, and the driver's defaults for the rest.</summary>
internal sealed class PublicationParams
{
    private const long NoTag = -1;
    private const string TagPrefix = "tag:";
    private const int DefaultMaxResend = 16;
    private const int LargestMaxResend = 256;

    private readonly IpcPublication? _tagged;

    private PublicationParams(
        ChannelUri uri, MediaDriver.Context context, int streamId, List<IpcPublication> publications)
    {
        Uri = uri;
        CheckStreamId(streamId);
        IsResponse = UriValues.IsResponse(uri);
        ResponseCorrelationId = ParseResponseCorrelationId();
        EntityTag = ParseEntityTag(publications);
        _tagged = FindTagged(publications);
        RequestedSessionId = _tagged?.SessionId ?? Int(uri, "session-id");
        TermLength = ParseTermLength(context);
        MtuLength = ParseMtuLength(context);
        MaxResend = ParseMaxResend();
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

    public int MaxResend { get; }

    public int PublicationWindowLength { get; }

    public long LingerTimeoutNs { get; }

    public bool IsSparse { get; }

    public bool IsSignalEos { get; }

    public bool IsSpiesSimulateConnection { get; }

    public long UntetheredWindowLimitTimeoutNs { get; }

    public long UntetheredLingerTimeoutNs { get; }

    public long UntetheredRestingTimeoutNs { get; }

    public int InitialTermId { get; private set; }

    public int TermId { get; private set; }

    public int TermOffset { get; private set; }

    /// <summary>True for a stream of responses to the stream that <see cref="ResponseCorrelationId"/> names.</summary>
    public bool IsResponse { get; }

    /// <summary>
    /// For a stream of responses, the image that it answers; for one of requests, the subscription that is to get the
    /// responses; -1 for neither.
    /// </summary>
    public long ResponseCorrelationId { get; }

    public static PublicationParams Parse(
        string channel, MediaDriver.Context context, int streamId, List<IpcPublication> publications) =>
        new(UriValues.Parse(channel), context, streamId, publications);

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

    private long ParseResponseCorrelationId()
    {
        var id = Long(Uri, "response-correlation-id") ?? Client.Aeron.NULL_VALUE;
        if (id < Client.Aeron.NULL_VALUE)
            throw Invalid(Uri, "response-correlation-id", $"{id}", "must be a number from -1");

        if (IsResponse && id == Client.Aeron.NULL_VALUE)
            throw new ControlProtocolException(
                ErrorCode.INVALID_CHANNEL,
                $"control-mode=response was specified, but no response-correlation-id set: channel={Uri}");

        return id;
    }

    /// <summary>The second of the channel's tags, which is the publication's own and no other's.</summary>
    private long ParseEntityTag(List<IpcPublication> publications)
    {
        if (Uri.Get("tags")?.Split(',') is not [_, var text, ..])
            return NoTag;

        if (!long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var tag))
            throw Invalid(Uri, "tags", Uri.Get("tags")!, "invalid entity tag, must be a number");

        if (tag == NoTag)
            throw Invalid(Uri, "tags", Uri.Get("tags")!, $"{NoTag} tag is reserved");

        return publications.Find(publication => publication.EntityTag == tag) is { } existing
            ? throw Invalid(
                Uri, "tags", Uri.Get("tags")!,
                $"{tag} entityTag already in use: existingChannel={existing.Channel}")
            : tag;
    }

    /// <summary>The publication whose session the channel asks to share by that publication's tag.</summary>
    private IpcPublication? FindTagged(List<IpcPublication> publications)
    {
        if (Uri.Get("session-id") is not { } text || !text.StartsWith(TagPrefix, StringComparison.Ordinal))
            return null;

        var digits = text.AsSpan(TagPrefix.Length);
        if (!long.TryParse(digits, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var tag))
            throw Invalid(Uri, "session-id", text, "has an invalid tag");

        return publications.Find(publication => publication.EntityTag == tag && tag != NoTag)
            ?? throw Invalid(Uri, "session-id", text, "must reference an IPC publication");
    }

    private int ParseMaxResend() => Int(Uri, "max-resend") switch
    {
        null => DefaultMaxResend,
        { } count and > 0 and <= LargestMaxResend => count,
        { } count => throw Invalid(Uri, "max-resend", $"{count}", $"must be > 0 and <= {LargestMaxResend}"),
    };

    private void CheckStreamId(int streamId)
    {
        if (Int(Uri, "stream-id") is { } configured && configured != streamId)
            throw Invalid(Uri, "stream-id", $"{configured}", $"does not match provided streamId={streamId}");
    }

    private int ParseTermLength(MediaDriver.Context context)
    {
        if (Size(Uri, "term-length") is not { } length)
            return _tagged?.TermLength ?? context.IpcTermBufferLength();

        LogBufferDescriptor.CheckTermLength((int)Math.Min(length, int.MaxValue));
        CheckTagged("term-length", length, _tagged?.TermLength);
        return (int)length;
    }

    private int ParseMtuLength(MediaDriver.Context context)
    {
        var length = Size(Uri, "mtu") ?? _tagged?.MtuLength ?? context.IpcMtuLength();
        MediaDriver.Context.CheckMtuLength(length);
        CheckTagged("mtu", length, _tagged?.MtuLength);
        var maxMessageLength = FrameDescriptor.ComputeMaxMessageLength(TermLength);
        if (length > maxMessageLength)
            throw new ControlProtocolException(
                ErrorCode.INVALID_CHANNEL,
                $"MTU greater than max message length for term length: mtu={length} "
                + $"maxMessageLength={maxMessageLength} termLength={TermLength} channel={Uri}");

        return (int)length;
    }

    private void CheckTagged(string key, long requested, int? tagged)
    {
        if (tagged is not null && tagged != requested)
            throw Invalid(Uri, key, $"{requested}", "does not match session-id tag value");
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
        if (Position(Uri, TermLength) is { } position)
            (InitialTermId, TermId, TermOffset) = position;
        else
            InitialTermId = TermId = BitUtil.GenerateRandomisedId();
    }
}
