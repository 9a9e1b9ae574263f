using ExecutionPipeline.Cli.Demo;
using ExecutionPipeline.Cli.Engine;
using ExecutionPipeline.MarketData.Sources;
using ExecutionPipeline.Messages.Events;
using ExecutionPipeline.Messages.Ingress;
using ExecutionPipeline.Messages.Wire;
using ExecutionPipeline.Pipeline.Hosting;
using ExecutionPipeline.Pipeline.Ingress;
using ExecutionPipeline.Pipeline.Journal;
using ExecutionPipeline.Pipeline.Outbound;
using ExecutionPipeline.Pipeline.Ring;
using ExecutionPipeline.Pipeline.Telemetry;
using ExecutionPipeline.Pipeline.Timers;
using ExecutionPipeline.Stages.Inference;

namespace ExecutionPipeline.Allocation.Tests;

/// <summary>
/// The whole path of an event on one thread, as the inline topology runs it: read at the edge, every stage, the
/// simulated exchange, its reports back through the stages, outbound messages.
/// </summary>
internal sealed class InlineChain : IReportReceiver
{
    private const int RingSize = 1024;

    private readonly StageChain _chain;
    private readonly ReportInbox _reports;
    private readonly MessageReader _reader;
    private readonly SignalMessages _messages = new(1, new SignalMix(42));
    private readonly MarketGenerator _source = new(new MarketGeneratorOptions { Seed = 42 });
    private readonly byte[] _buffer = new byte[TradeQualifiedEncoder.EncodedLength];
    private readonly TimerRequests _timers = new();
    private readonly TimerWheel _wheel;
    private PipelineEvent _event;
    private MarketUpdate _market;
    private long _timeNs = 1_704_205_800_000_000_000;

    private readonly EventJournal? _journal;

    /// <param name="backend">Decides.</param>
    /// <param name="outbound">Where messages go.</param>
    /// <param name="journal">Takes every event before the stages do; null: nothing does.</param>
    public InlineChain(IPolicyBackend backend, IOutboundSink outbound, EventJournal? journal = null)
    {
        _journal = journal;
        _wheel = new TimerWheel(TimerWheel.PipelineCapacity, _timeNs);
        var options = DemoConfiguration.Load(null);
        var assembly = new StageAssembly(options);
        _reports = new ReportInbox(RingSize, options.Exchange.ProtectionTicks);
        _reader = new MessageReader(assembly.InstrumentIds);
        // Latencies are recorded too.
        _chain = assembly.CreateChain(new ChainOutputs
        {
            Results = journal?.Results,
            Backend = backend,
            Venue = assembly.CreateExchange(_reports),
            Refusals = _reports.OpenQueue(),
            Timers = _timers,
            Outbound = outbound,
            Measurement = new MeasurementPlan(0, long.MaxValue),
        });
    }

    public long OrdersSent => _chain.Routing.OrdersSent;

    public long Fills => _chain.Routing.Fills;

    /// <summary>One market update, one signal, and whatever the exchange reports.</summary>
    public void Run(int index)
    {
        _timeNs += 50_000;
        _source.TryNext(ref _market);
        _event.Header = new EventHeader { Kind = EventKind.MarketUpdate, TimeNs = _timeNs };
        _event.Payload.MarketUpdate = _market;
        Handle();
        if (_market.BidQuantity == 0 || _market.AskQuantity == 0)
            return;

        var length = _messages.Write(_buffer, (ulong)index + 1, in _market, _timeNs, _timeNs);
        var message = _buffer.AsSpan(0, length);
        if (!_reader.TryRead(message, InboundMessages.All, _timeNs, ref _event.Header, ref _event.Payload, out _))
            throw new InvalidOperationException($"signal {index + 1} was refused");

        Handle();
        while (_reports.Drain(this) || TryFire())
        {
        }
    }

    private void Handle()
    {
        _journal?.AwaitRoom();
        _journal?.Append(in _event);
        _chain.Run(ref _event);
    }

    private bool TryFire()
    {
        _timers.MoveTo(_wheel);
        if (!_wheel.TryTake(_timeNs, out var due))
            return false;

        _event.Header = new EventHeader { Kind = EventKind.Timer, TimeNs = _timeNs, CorrelationId = due.Id };
        _event.Payload.Timer = due.Tick;
        Handle();
        return true;
    }

    public bool HasRoom => true;

    public void OnReport(in ExecutionReport report)
    {
        _event.Header = new EventHeader
        {
            Kind = EventKind.ExecutionReport,
            InstrumentIndex = report.InstrumentIndex,
            TimeNs = _timeNs,
            CorrelationId = report.OrderId,
        };
        _event.Payload.ExecutionReport = report;
        Handle();
    }
}
