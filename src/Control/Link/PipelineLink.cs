using ExecutionPipeline.Messages.Wire;
using ExecutionPipeline.Pipeline.Options;
using ExecutionPipeline.Pipeline.Outbound;

namespace ExecutionPipeline.Control.Link;

/// <summary>
/// The way to a running pipeline and back, over its streams. It comes and goes with the media driver, and is opened
/// again when there is one. Its subscription is not tethered: a control plane that stands still holds nobody up.
/// </summary>
public sealed class PipelineLink : IFragmentHandler, IDisposable
{
    private const int MessagesPerPoll = 256;
    private const int MaxSendBytes = 512;
    private static readonly TimeSpan IdleTime = TimeSpan.FromMilliseconds(1);
    private static readonly TimeSpan RetryTime = TimeSpan.FromMilliseconds(250);

    private readonly ControlOptions _options;
    private readonly PipelineRecords _records;
    private readonly AnswerDesk _desk;
    private readonly EntryHistory _entries;
    private readonly Lock _sending = new();
    private readonly ManualResetEventSlim _end = new();
    private readonly byte[] _received = new byte[Schema.MaxEncodedLength];
    private readonly byte[] _sent = GC.AllocateArray<byte>(MaxSendBytes, pinned: true);
    private readonly UnsafeBuffer _sentBuffer;
    private readonly Thread _thread;
    private ExclusivePublication? _commands;
    private ExclusivePublication? _signals;
    private volatile string? _problem = "not connected yet";
    private ulong _lastId;

    /// <param name="options">Name driver and streams.</param>
    /// <param name="records">Are given every message.</param>
    /// <param name="desk">Is given every message after them.</param>
    /// <param name="entries">Are given every message after them.</param>
    public PipelineLink(ControlOptions options, PipelineRecords records, AnswerDesk desk, EntryHistory entries)
    {
        (_options, _records, _desk, _entries) = (options, records, desk, entries);
        _sentBuffer = new UnsafeBuffer(_sent);
        _thread = new Thread(Run) { IsBackground = true, Name = "pipeline link" };
    }

    /// <summary>Why the pipeline is not reached; null: it is.</summary>
    public string? Problem => _problem;

    /// <summary>How often the link was opened.</summary>
    public int Connections { get; private set; }

    /// <summary>Begins to look for the pipeline.</summary>
    public void Start() => _thread.Start();

    /// <summary>An id for a command, which no other has: the time in nanoseconds, and more where that is not.</summary>
    public ulong NextId()
    {
        var now = (ulong)(DateTime.UtcNow - DateTime.UnixEpoch).Ticks * TimeSpan.NanosecondsPerTick;
        lock (_sending)
            return _lastId = Math.Max(now, _lastId + 1);
    }

    /// <summary>Sends a command. Returns whether the pipeline's stream took it.</summary>
    public bool TrySendCommand(SpanAction encode) => TrySend(isCommand: true, encode, CommandEncoder.EncodedLength);

    /// <summary>Sends a signal. Returns whether the pipeline's stream took it.</summary>
    public bool TrySendSignal(SpanAction encode) =>
        TrySend(isCommand: false, encode, TradeQualifiedEncoder.EncodedLength);

    public void Dispose()
    {
        _end.Set();
        if (_thread.IsAlive)
            _thread.Join();
        _end.Dispose();
    }

    void IFragmentHandler.OnFragment(IDirectBuffer buffer, int offset, int length, Header header)
    {
        // What is longer than any message of the schema is none.
        if (length > _received.Length)
            return;

        buffer.GetBytes(offset, _received, 0, length);
        var message = _received.AsSpan(0, length);
        _records.Take(message, new PipelineNumber(header.SessionId, header.ReservedValue));
        _entries.Take(message);
        _desk.Take(message);
    }

    private bool TrySend(bool isCommand, SpanAction encode, int length)
    {
        lock (_sending)
        {
            if (_problem is not null || (isCommand ? _commands : _signals) is not { } publication)
                return false;

            encode(_sent);
            return publication.TryOffer(_sentBuffer, length);
        }
    }

    private void Run()
    {
        while (!_end.IsSet)
        {
            try
            {
                if (!File.Exists(Path.Combine(_options.AeronDirectory, "cnc.dat")))
                    throw new IOException($"no media driver in {_options.AeronDirectory}");

                Serve();
            }
            catch (Exception problem) when (problem is AeronException or IOException or TimeoutException
                or InvalidDataException or InvalidOperationException)
            {
                _problem = problem.Message;
            }

            _end.Wait(RetryTime);
        }
    }

    private void Serve()
    {
        string? lost = null;
        using var aeron = AeronClient.Connect(new AeronClient.Context()
            .AeronDirectoryName(_options.AeronDirectory)
            .ErrorHandler(new CallbackErrorHandler(problem => lost ??= problem.Message)));
        var streams = _options.Streams;
        using var outbound = aeron.AddSubscription(Untethered(streams), streams.OutboundStream);
        using var commands = aeron.AddExclusivePublication(streams.InputChannel, streams.CommandStream);
        using var signals = aeron.AddExclusivePublication(streams.InputChannel, streams.SignalStream);
        lock (_sending)
            (_commands, _signals) = (commands, signals);
        Connections++;
        try
        {
            while (!_end.IsSet && Volatile.Read(ref lost) is null)
            {
                _problem = outbound.IsConnected && commands.IsConnected ? null : "no pipeline runs on the driver";
                if (outbound.Poll(this, MessagesPerPoll) == 0)
                    _end.Wait(IdleTime);
            }

            _problem = lost ?? "ended";
        }
        finally
        {
            lock (_sending)
                (_commands, _signals) = (null, null);
        }
    }

    private static string Untethered(StreamOptions streams) =>
        streams.OutboundChannel + (streams.OutboundChannel.Contains('?') ? '|' : '?') + "tether=false";
}

/// <summary>Writes a message at the beginning of the bytes.</summary>
public delegate void SpanAction(Span<byte> bytes);
