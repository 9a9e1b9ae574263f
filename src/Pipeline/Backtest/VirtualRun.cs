using ExecutionPipeline.Execution.Algorithms;
using ExecutionPipeline.Execution.Instruments;
using ExecutionPipeline.Execution.State;
using ExecutionPipeline.Execution.Venues;
using ExecutionPipeline.Messages.Events;
using ExecutionPipeline.Messages.Ingress;
using ExecutionPipeline.Pipeline.Hosting;
using ExecutionPipeline.Pipeline.Ingress;
using ExecutionPipeline.Pipeline.Journal;
using ExecutionPipeline.Pipeline.Options;
using ExecutionPipeline.Pipeline.Outbound;
using ExecutionPipeline.Pipeline.Recovery;
using ExecutionPipeline.Pipeline.Ring;
using ExecutionPipeline.Pipeline.Timers;
using ExecutionPipeline.Stages.Inference;
using ExecutionPipeline.Stages.Routing;

namespace ExecutionPipeline.Pipeline.Backtest;

/// <summary>What is at the other end of a virtual run's orders.</summary>
public sealed record VenueWays
{
    /// <summary>
    /// Makes the venue, which hands its reports to the sink; null: the simulated exchange of the configuration.
    /// </summary>
    public Func<InstrumentTable, IReportSink, Venue>? Open { get; init; }

    /// <summary>The volume's course over the day for each instrument; null: as configured.</summary>
    public IReadOnlyList<IVolumeCurve>? Volume { get; init; }

    /// <summary>How long the way there and back takes. Default: none.</summary>
    public VenueLatencyOptions Latency { get; init; } = new() { LatencyNs = 0, JitterNs = 0 };

    /// <summary>Takes every event before the stages do; stays the caller's. Null: nothing does.</summary>
    public EventJournal? Journal { get; init; }
}

/// <summary>
/// The stages on a virtual clock: each event is handled on the calling thread at the time that it states. Timers fire
/// at the very time for which they were set, and the venue's answers come when its latency has passed. The same inputs
/// give the same bytes, since nothing here reads a clock.
/// </summary>
public sealed class VirtualRun : IReportReceiver, IStateful
{
    private const long SecondNs = 1_000_000_000;

    private readonly ReportInbox _reports;
    private readonly TimerRequests _requests = new();
    private readonly LatencyVenue? _wire;
    private readonly TimerWheel _timers;
    private readonly EventCheck _check;
    private readonly PriceCheck _prices;
    private readonly IVenueGateway _venue;
    private readonly int _venues;
    private readonly IReportSink _own;
    private readonly EventJournal? _journal;
    private PipelineEvent _event;
    private EventPayload _market;

    /// <param name="options">Of the pipeline. Topology, waiting and streams play no part.</param>
    /// <param name="backend">Evaluates the actors; stays the caller's.</param>
    /// <param name="outbound">Where messages go.</param>
    /// <param name="startNs">The time at the start, in nanoseconds since the Unix epoch, UTC.</param>
    /// <param name="ways">Null: the simulated exchange, without latency.</param>
    /// <exception cref="ArgumentException">An option is out of range; the message says what to set.</exception>
    public VirtualRun(
        PipelineOptions options, IPolicyBackend backend, IOutboundSink outbound, long startNs, VenueWays? ways = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        ways ??= new VenueWays();
        var inline = options with { Ring = options.Ring with { Topology = Topology.Inline } };
        var assembly = new StageAssembly(inline);
        _reports = new ReportInbox(options.Ring.Size, options.Exchange.ProtectionTicks);
        var venue = Connect(ways, assembly, _reports, out _wire);
        _venue = venue.Gateway;
        _venues = venue.Gateways.Count();
        _own = _reports.OpenQueue();
        _journal = ways.Journal;
        Chain = assembly.CreateChain(new ChainOutputs
        {
            Results = ways.Journal?.Results,
            Backend = backend,
            Venue = venue,
            Refusals = _own,
            Volume = ways.Volume,
            Timers = _requests,
            Outbound = outbound,
        });
        Instruments = assembly.Instruments;
        InstrumentIds = assembly.InstrumentIds;
        _check = new EventCheck(Instruments.Count);
        _prices = new PriceCheck(Instruments);
        TimeNs = startNs;
        _timers = new TimerWheel(TimerWheel.PipelineCapacity, startNs);
        _timers.TrySet(startNs + SecondNs, TimerOwner.Risk, out _);
    }

    public StageChain Chain { get; }

    /// <summary>Is shown every event; null: nobody is.</summary>
    public IEventObserver? Observer
    {
        get => Chain.Observer;
        set => Chain.Observer = value;
    }

    public InstrumentTable Instruments { get; }

    public InstrumentIds InstrumentIds { get; }

    /// <summary>The time that has been reached; it never goes back.</summary>
    public long TimeNs { get; private set; }

    /// <summary>Events that the stages have handled, of every kind.</summary>
    public long Events { get; private set; }

    /// <summary>Inputs and reports whose fields are out of range, which were passed over.</summary>
    public long Refused { get; private set; }

    bool IReportReceiver.HasRoom => true;

    /// <summary>Whether nothing is open and no order works.</summary>
    public bool IsFlat => Chain.Routing.Trades.OpenTrades == 0 && Chain.Routing.Orders.WorkingOrders == 0;

    /// <summary>Lets time pass up to a market update, and has it handled.</summary>
    public void TakeMarket(int instrument, in MarketUpdate update)
    {
        var header = new EventHeader
        {
            Kind = EventKind.MarketUpdate,
            InstrumentIndex = instrument,
            TimeNs = update.ExchangeTimeNs,
        };
        _market.MarketUpdate = update;
        Take(in header, in _market);
    }

    /// <summary>Lets time pass up to an input, and has it handled. Whether its fields could be admitted.</summary>
    public bool Take(in EventHeader header, in EventPayload payload)
    {
        AdvanceTo(header.TimeNs);
        if (!_check.IsInput(in header, in payload, out _) || !_prices.IsBelievable(in header, in payload, out _))
        {
            Refused++;
            return false;
        }

        Handle(in header, in payload);
        // A restart takes the venues for lost until they tell otherwise, and these were there all the time.
        if (header.Kind == EventKind.Command && payload.Command.Kind == CommandKind.Restart)
            RunState.TellOfVenues(_venues, _own, TimeNs);
        Settle();
        return true;
    }

    /// <summary>Lets time pass: every timer that is due by then fires at its own time.</summary>
    public void AdvanceTo(long timeNs)
    {
        // In steps of a second: after a longer jump the wheel would look through all its places.
        do
        {
            var untilNs = Math.Min(timeNs, TimeNs + SecondNs);
            while (TryPass(untilNs))
                Settle();

            TimeNs = Math.Max(TimeNs, untilNs);
        }
        while (TimeNs < timeNs);
    }

    /// <summary>
    /// Closes all that is open with the prices that the exchange knows, and waits so many seconds for it to be flat.
    /// </summary>
    public void CloseAll(int seconds)
    {
        for (var instrument = 0; instrument < Instruments.Count; instrument++)
        {
            var header = new EventHeader
            {
                Kind = EventKind.Command,
                InstrumentIndex = instrument,
                TimeNs = TimeNs,
                CorrelationId = 1,
            };
            EventPayload payload = default;
            payload.Command = new Command
            {
                CommandId = 1,
                Kind = CommandKind.CloseAll,
                Reason = CommandReason.Host,
                SendTimeNs = TimeNs,
            };
            Handle(in header, in payload);
            Settle();
        }

        for (var second = 0; second < seconds && !IsFlat; second++)
            AdvanceTo(TimeNs + SecondNs);
    }

    /// <summary>Between two inputs: then no report waits.</summary>
    /// <exception cref="NotSupportedException">The venue's state cannot be saved.</exception>
    public void Transfer(StateStream state)
    {
        if (_venue is not IStateful venue)
            throw new NotSupportedException($"the state of {_venue.GetType().Name} cannot be saved.");

        Chain.Transfer(state);
        venue.Transfer(state);
        state.Section("virtual run");
        _timers.Transfer(state);
        TimeNs = state.Next(TimeNs);
        Events = state.Next(Events);
        Refused = state.Next(Refused);
    }

    void IReportReceiver.OnReport(in ExecutionReport report)
    {
        if (!_check.IsReport(in report, out _))
        {
            Refused++;
            return;
        }

        var header = new EventHeader
        {
            Kind = EventKind.ExecutionReport,
            InstrumentIndex = report.InstrumentIndex,
            TimeNs = TimeNs,
            CorrelationId = report.OrderId,
        };
        EventPayload payload = default;
        payload.ExecutionReport = report;
        EventCheck.LeaveOutStrangeTime(ref payload.ExecutionReport, TimeNs);
        Handle(in header, in payload);
    }

    /// <summary>Takes in what the exchange has said, until it has nothing more to say.</summary>
    public void Settle()
    {
        while (_reports.Drain(this))
        {
        }

        _requests.MoveTo(_timers);
    }

    private static Venue Connect(
        VenueWays ways, StageAssembly assembly, ReportInbox reports, out LatencyVenue? wire)
    {
        var open = ways.Open ?? ((_, sink) => assembly.CreateExchange(sink));
        var sink = reports.OpenQueue();
        wire = ways.Latency.IsNone ? null : new LatencyVenue(ways.Latency, sink);
        var venue = open(assembly.Instruments, wire ?? sink);
        if (wire is null)
            return venue;

        wire.Connect(venue.Gateway);
        return new Venue(wire, venue.Market);
    }

    /// <summary>
    /// Lets the next timer fire, or what is on its way to the venue and back arrive. False when neither is due.
    /// </summary>
    private bool TryPass(long untilNs)
    {
        var arrivalNs = _wire?.NextNs ?? long.MaxValue;
        if (_timers.TryTake(Math.Min(untilNs, arrivalNs), out var due))
        {
            TimeNs = Math.Max(TimeNs, due.DueNs);
            Fire(due);
            return true;
        }

        if (arrivalNs > untilNs)
            return false;

        TimeNs = Math.Max(TimeNs, arrivalNs);
        _wire!.AdvanceTo(arrivalNs);
        return true;
    }

    private void Fire(in DueTimer due)
    {
        var header = new EventHeader { Kind = EventKind.Timer, TimeNs = TimeNs, CorrelationId = due.Id };
        EventPayload payload = default;
        payload.Timer = due.Tick;
        Handle(in header, in payload);
        if (due.Owner == TimerOwner.Risk)
            _timers.TrySet(due.DueNs + SecondNs, TimerOwner.Risk, out _);
    }

    private void Handle(in EventHeader header, in EventPayload payload)
    {
        _event.Header = header;
        _event.Payload = payload;
        _event.Timestamps.ReceivedNs = header.TimeNs;
        if (_journal is not null)
        {
            _journal.AwaitRoom();
            _journal.Append(in _event);
        }

        Events++;
        Chain.Run(ref _event);
    }
}
