using ExecutionPipeline.Aeron.Driver;
using ExecutionPipeline.Messages.Events;
using ExecutionPipeline.Messages.Wire;
using ExecutionPipeline.Native;
using ExecutionPipeline.Pipeline.Hosting;
using ExecutionPipeline.Pipeline.Ingress;
using ExecutionPipeline.Pipeline.Models;
using ExecutionPipeline.Pipeline.Options;
using ExecutionPipeline.Pipeline.Telemetry;
using ExecutionPipeline.Stages.Inference;
using ExecutionPipeline.Stages.Inference.Models;

namespace ExecutionPipeline.Pipeline.Tests.Support;

/// <summary>A pipeline on a media driver of its own, with a sender and a reader of what comes out.</summary>
internal sealed class LivePipeline : IDisposable
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(120);

    private readonly MediaDriver _driver = MediaDriver.LaunchEmbedded();
    private readonly AeronClient _aeron;
    private readonly AeronTransport _transport;
    private readonly ExclusivePublication _signals;
    private readonly ExclusivePublication _market;
    private readonly ExclusivePublication _commands;
    private readonly Subscription _outbound;
    private readonly FragmentHandler _onOutbound;
    private readonly UnsafeBuffer _buffer = new(new byte[4096]);
    private readonly byte[] _bytes = new byte[4096];

    public LivePipeline(
        Topology topology,
        MeasurementPlan? plan = null,
        StateOptions? state = null,
        string? journal = null,
        ModelSource? models = null,
        Func<PipelineOptions, PipelineOptions>? change = null,
        IEventClock? clock = null)
    {
        _aeron = AeronClient.Connect(new AeronClient.Context().AeronDirectoryName(_driver.AeronDirectoryName));
        var options = OptionsOf(topology) with { State = state ?? new StateOptions() };
        options = change?.Invoke(options) ?? options;
        _outbound = _aeron.AddSubscription(options.Streams.OutboundChannel, options.Streams.OutboundStream);
        _transport = new AeronTransport(_aeron);
        Host = new PipelineHost(options, new PipelineParts
        {
            Transport = _transport,
            Backend = TestPipelines.Rules(),
            Measurement = plan ?? MeasurementPlan.None,
            JournalFolder = journal,
            Models = models,
            Clock = clock ?? new SystemEventClock(),
        });
        _signals = _aeron.AddExclusivePublication(options.Streams.InputChannel, options.Streams.SignalStream);
        _market = _aeron.AddExclusivePublication(options.Streams.InputChannel, options.Streams.MarketStream);
        _commands = _aeron.AddExclusivePublication(options.Streams.InputChannel, options.Streams.CommandStream);
        _onOutbound = OnOutbound;
        Await(() => _signals.IsConnected && _market.IsConnected && _commands.IsConnected);
        Host.Start();
    }

    public PipelineHost Host { get; }

    /// <summary>Outbound messages read so far, each after its length.</summary>
    public MemoryStream Outbound { get; } = new();

    /// <summary>Outbound messages read so far, by template id.</summary>
    public Dictionary<int, int> Received { get; } = [];

    /// <summary>Sends raw bytes as a signal.</summary>
    public void SendSignal(ReadOnlySpan<byte> message) => Send(_signals, message);

    /// <summary>Sends a well-formed signal.</summary>
    public void SendSignal(ulong id, TradeAction action = TradeAction.Long, double confidence = 0.9) =>
        SendSignal(TestMessages.Signal(id, action, confidence));

    /// <summary>Sends a quote one tick wide and deep enough for what the tests trade.</summary>
    public void SendQuote()
    {
        Send(_market, TestMessages.Quote());
        Await(() => Host.Ingress.MarketUpdatesAdmitted > 0);
    }

    /// <summary>Sends a command for all instruments.</summary>
    public void SendCommand(CommandKind kind)
    {
        _ = new CommandEncoder(_bytes) { CommandId = 1, Kind = kind, Reason = 1, SendTimeNs = NanoClock.NowNs() };
        Send(_commands, _bytes.AsSpan(0, CommandEncoder.EncodedLength));
    }

    /// <summary>Sends a command on models.</summary>
    public void SendModelCommand(CommandKind kind, ModelVersion version = default, ushort shareBps = 0)
    {
        _ = new CommandEncoder(_bytes)
        {
            CommandId = 1,
            Kind = kind,
            Reason = 1,
            ModelPrefix = (uint)(version.Prefix >> 32),
            CanaryShareBps = shareBps,
            SendTimeNs = NanoClock.NowNs(),
        };
        Send(_commands, _bytes.AsSpan(0, CommandEncoder.EncodedLength));
    }

    /// <summary>Waits for <paramref name="condition"/>, reading what the pipeline publishes meanwhile.</summary>
    public void Await(Func<bool> condition)
    {
        var isMet = SpinWait.SpinUntil(() => (_onOutbound != null && Poll() < 0) || condition(), Timeout);
        Assert.That(isMet, $"not within {Timeout.TotalSeconds} s; fault: {Host?.Fault}");
    }

    /// <summary>Gives the threads more time than the host does: they may have to share few processors.</summary>
    public void Dispose()
    {
        try
        {
            Host.Stop(Timeout);
        }
        finally
        {
            Host.Dispose();
            _transport.Dispose();
            _aeron.Dispose();
            _driver.Dispose();
        }
    }

    private int Poll() => _outbound.Poll(_onOutbound, 100);

    private void Send(ExclusivePublication publication, ReadOnlySpan<byte> message)
    {
        _buffer.PutBytes(0, message.ToArray());
        var length = message.Length;
        Await(() => publication.Offer(_buffer, 0, length) > 0);
    }

    private void OnOutbound(IDirectBuffer buffer, int offset, int length, Header header)
    {
        var bytes = new byte[length];
        buffer.GetBytes(offset, bytes);
        Outbound.Write(BitConverter.GetBytes(length));
        Outbound.Write(bytes);
        Assert.That(MessageHeader.TryRead(bytes, out var wire));
        Received[wire.TemplateId] = Received.GetValueOrDefault(wire.TemplateId) + 1;
    }

    /// <summary>What a live pipeline is configured by, and a replay of its recording.</summary>
    public static PipelineOptions OptionsOf(Topology topology) => TestPipelines.Options(topology) with
    {
        // Live signals have real ages, and a slow backend would be tried by the clock: neither is for a test.
        Inference = new InferenceOptions { RetryMs = 3_600_000 },
    };
}
