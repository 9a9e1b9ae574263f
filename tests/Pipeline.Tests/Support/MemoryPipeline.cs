using System.Collections.Concurrent;
using ExecutionPipeline.Messages.Events;
using ExecutionPipeline.Pipeline.Hosting;
using ExecutionPipeline.Pipeline.Ingress;
using ExecutionPipeline.Pipeline.Journal;
using ExecutionPipeline.Pipeline.Options;
using ExecutionPipeline.Pipeline.Outbound;
using ExecutionPipeline.Pipeline.Telemetry;

namespace ExecutionPipeline.Pipeline.Tests.Support;

/// <summary>A pipeline whose messages come from this process's memory.</summary>
internal sealed class MemoryPipeline : IDisposable
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(120);

    private readonly MemoryTransport _transport = new();

    public MemoryPipeline(
        Topology topology,
        VenueConnector? venue = null,
        StateOptions? state = null,
        string? journal = null,
        IEventClock? clock = null,
        JournalOptions? journalOptions = null,
        ISegmentFiles? segmentFiles = null,
        Func<PipelineOptions, PipelineOptions>? change = null)
    {
        Options = LivePipeline.OptionsOf(topology) with { State = state ?? new StateOptions() };
        if (journalOptions != null)
            Options = Options with { Journal = journalOptions };
        Options = change?.Invoke(Options) ?? Options;
        Host = new PipelineHost(Options, new PipelineParts
        {
            Transport = _transport,
            Backend = TestPipelines.Rules(),
            Clock = clock ?? new SystemEventClock(),
            Venue = venue,
            Measurement = new MeasurementPlan(0, long.MaxValue),
            JournalFolder = journal,
            SegmentFiles = segmentFiles ?? new MappedSegmentFiles(),
        });
    }

    public PipelineOptions Options { get; }

    public PipelineHost Host { get; }

    /// <summary>The stages' outbound messages so far, each after its length.</summary>
    public byte[] Outbound => _transport.Outbound[0].ToArray();

    public long SignalsSeen => Host.Chain.Telemetry.SignalsSeen;

    public void SendSignal(ulong id, TradeAction action = TradeAction.Long) =>
        Send(Options.Streams.SignalStream, TestMessages.Signal(id, action));

    public void SendQuote() => Send(Options.Streams.MarketStream, TestMessages.Quote());

    public void SendCommand(CommandKind kind, ulong id = 1) =>
        Send(Options.Streams.CommandStream, TestMessages.Command(kind, id));

    public void Send(int stream, byte[] message) => _transport.Inputs[stream].Messages.Enqueue(message);

    /// <summary>Starts with a market and so many signals, and waits until they have been handled.</summary>
    public void StartWithSignals(int count)
    {
        SendQuote();
        Host.Start();
        Await(() => Host.Ingress.MarketUpdatesAdmitted == 1);
        for (var id = 1; id <= count; id++)
            SendSignal((ulong)id);
        Await(() => SignalsSeen == count);
    }

    public void Await(Func<bool> condition) => Assert.That(
        SpinWait.SpinUntil(condition, Timeout), $"not within {Timeout.TotalSeconds} s; fault: {Host.Fault?.Message}");

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
        }
    }

    private sealed class MemoryTransport : ITransport
    {
        public Dictionary<int, MemorySource> Inputs { get; } = [];

        public List<MemoryStream> Outbound { get; } = [];

        public IMessageSource OpenInput(string channel, int stream) => Inputs[stream] = new MemorySource();

        public IOutboundSink OpenOutbound(string channel, int stream)
        {
            var bytes = new MemoryStream();
            Outbound.Add(bytes);
            return new StreamSink(bytes);
        }
    }

    private sealed class MemorySource : IMessageSource
    {
        public ConcurrentQueue<byte[]> Messages { get; } = new();

        public int Poll(IMessageReceiver receiver, int limit)
        {
            var count = 0;
            while (count < limit && Messages.TryDequeue(out var message))
            {
                receiver.OnMessage(message, isWhole: true);
                count++;
            }

            return count;
        }
    }
}
