using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using ExecutionPipeline.Execution.Algorithms;
using ExecutionPipeline.Execution.Brackets;
using ExecutionPipeline.Execution.Calendars;
using ExecutionPipeline.Execution.Instruments;
using ExecutionPipeline.Execution.Limits;
using ExecutionPipeline.Execution.Orders;
using ExecutionPipeline.Execution.Positions;
using ExecutionPipeline.Execution.Venues;
using ExecutionPipeline.Messages.Events;
using ExecutionPipeline.Stages.Context;
using ExecutionPipeline.Stages.Risk;
using ExecutionPipeline.Stages.Routing;

namespace ExecutionPipeline.Stages.Tests;

/// <summary>
/// Context, risk and routing on one thread with the simulated exchange; the test is the policy. Reports wait in a
/// queue until they are drained, as they do between the venue and the ring.
/// </summary>
internal sealed class StageRig : IReportSink, ITimerSink
{
    public const long E9 = 1_000_000_000;
    public const long StartNs = 1_700_000_000 * E9;

    private readonly Queue<ExecutionReport> _reports = new();
    private readonly Queue<ExecutionReport> _own = new();
    private readonly List<(long DueNs, TimerOwner Owner, ulong Subject)> _timers = [];
    private readonly byte _garbage;
    private ulong _lastSignal;

    /// <param name="limits">Of the risk stage.</param>
    /// <param name="instruments">How many.</param>
    /// <param name="garbage">What a slot holds before it is written: no stage may let it through.</param>
    /// <param name="orders">Capacity of the order store.</param>
    /// <param name="gateway">Another venue than the simulated exchange.</param>
    /// <param name="options">Other instruments.</param>
    /// <param name="correlations">Known ones.</param>
    /// <param name="history">Past returns of every instrument.</param>
    /// <param name="bracket">How trades are ended by orders of their own.</param>
    /// <param name="execution">How decisions are executed; null: at any price.</param>
    /// <param name="venue">Makes another venue than the simulated exchange, which reports to this rig.</param>
    /// <param name="cash">At start, in currency.</param>
    /// <param name="routing">How routing deals with its venues.</param>
    /// <param name="others">Makes the venues behind the first.</param>
    /// <param name="curves">The usual course of each instrument's volume; null: even.</param>
    public StageRig(
        RiskLimits? limits = null,
        int instruments = 1,
        byte garbage = 0,
        int orders = 64,
        IVenueGateway? gateway = null,
        IReadOnlyList<InstrumentOptions>? options = null,
        IReadOnlyList<InstrumentCorrelation>? correlations = null,
        IReadOnlyList<InstrumentReturns>? history = null,
        BracketOptions? bracket = null,
        ExecutionOptions? execution = null,
        Func<StageRig, IVenueGateway>? venue = null,
        decimal cash = 1_000_000m,
        RoutingOptions? routing = null,
        Func<StageRig, IReadOnlyList<IVenueGateway>>? others = null,
        IReadOnlyList<IVolumeCurve>? curves = null)
    {
        Limits = limits ?? Generous;
        Instruments = new InstrumentTable(options ??
            [.. Enumerable.Range(1, instruments).Select(static i => new InstrumentOptions
            {
                Id = (uint)i,
                Symbol = $"I{i}",
                Multiplier = 25 * (i + 1),
            })]);
        VarModel = new VarModel(Instruments, Limits.VarConfidence, correlations);
        Portfolio = new Portfolio(Instruments, VarModel, cash, new TradingDayOptions());
        Context = new ContextStage(Instruments, Portfolio, Limits, new ContextOptions());
        var scenarios = new ScenarioModel(Instruments, Limits.ShortfallConfidence, history);
        Risk = new RiskStage(Instruments, VarModel, Limits, new TradingDayOptions(), scenarios);
        Gateway = gateway
            ?? venue?.Invoke(this)
            ?? new SimulatedExchange(Instruments, this, new SimulatedExchangeOptions());
        var store = new OrderStore(Instruments.Count, orders);
        var ways = new RoutingWays(new ActionLog(), this, this)
        {
            Options = routing ?? new RoutingOptions(),
            OtherVenues = others?.Invoke(this) ?? [],
        };
        Others = ways.OtherVenues;
        var algorithms = new AlgorithmSet(execution ?? AnyPrice, curves);
        Routing = new RoutingStage(Instruments, store, Limits, algorithms, bracket ?? NoExits, Gateway, ways);
        _garbage = garbage;
    }

    /// <summary>Limits that nothing breaks, to be tightened one by one.</summary>
    public static RiskLimits Generous { get; } = new()
    {
        MaxPosition = 1_000,
        MaxNotional = 1e9m,
        MaxDailyVar = 1e9,
        MaxWeeklyVar = 1e10,
        MaxShortfall = 1e9,
        MaxDailyDrawdown = 1,
        MaxWeeklyDrawdown = 1,
        MaxPositionShare = 1e9,
        MaxSectorShare = 1e9,
        MaxMarginShare = 1e9,
        MaxCorrelation = 1,
        MaxOpenPositions = InstrumentTable.MaxCount,
        MaxOrderSize = 100,
        MaxOrderValue = 1e12m,
        MaxDailyTrades = 1_000_000,
        MaxOrdersPerSecond = 65_536,
        PriceCollar = 1e9,
        MaxSignalAgeMs = 0,
        MaxMarketAgeMs = 0,
        KillSwitch = new KillSwitchOptions { DailyLossCap = 1 },
    };

    /// <summary>Immediate orders go at the market, however far that is from where they were decided.</summary>
    public static ExecutionOptions AnyPrice { get; } = new()
    {
        Immediate = new ImmediateOptions { MaxSlippageBps = 0 },
    };

    /// <summary>Trades are ended by signals and commands alone.</summary>
    public static BracketOptions NoExits { get; } = new() { Activation = BracketActivation.None, TimeOutHours = 0 };

    public RiskLimits Limits { get; }

    public InstrumentTable Instruments { get; }

    public VarModel VarModel { get; }

    public Portfolio Portfolio { get; }

    public ContextStage Context { get; }

    public RiskStage Risk { get; }

    public RoutingStage Routing { get; }

    public IVenueGateway Gateway { get; }

    /// <summary>The venues behind the first.</summary>
    public IReadOnlyList<IVenueGateway> Others { get; }

    public long TimeNs { get; set; } = StartNs;

    /// <summary>
    /// Lets time pass: routing's timers come due in order, and what venues say to that is handed over.
    /// </summary>
    public void AdvanceTo(long timeNs)
    {
        while (_timers.Count > 0 && _timers.Min().DueNs <= timeNs)
        {
            var due = _timers.Min();
            _timers.Remove(due);
            TimeNs = Math.Max(TimeNs, due.DueNs);
            var e = NewEvent(EventKind.Timer, 0);
            e.Payload.Timer = new TimerTick { DueTimeNs = due.DueNs, Owner = due.Owner, Subject = due.Subject };
            Run(ref e);
            Drain();
        }

        TimeNs = timeNs;
    }

    /// <summary>The timer of each second.</summary>
    public PipelineEvent Second()
    {
        var e = NewEvent(EventKind.Timer, 0);
        e.Payload.Timer = new TimerTick { DueTimeNs = TimeNs, Owner = TimerOwner.Risk };
        return Run(ref e);
    }

    /// <summary>The actions of the event that was run last.</summary>
    public IReadOnlyList<RoutingAction> ActionsOf(in PipelineEvent e)
    {
        var actions = new List<RoutingAction>();
        for (var i = 0; i < e.Routing.ActionCount; i++)
            actions.Add(Routing.Actions[e.Routing.FirstAction + i]);
        return actions;
    }

    /// <summary>Makes room for reports that are not drained, so that the queue itself allocates nothing.</summary>
    public void Reserve(int reports)
    {
        _reports.EnsureCapacity(reports);
        _own.EnsureCapacity(reports);
        _timers.EnsureCapacity(reports);
    }

    /// <summary>Sees every event behind the last stage.</summary>
    public Action<PipelineEvent>? Observer { get; set; }

    public int WaitingReports => _reports.Count;

    /// <summary>Routing's timers that have not come due.</summary>
    public int WaitingTimers => _timers.Count;

    /// <summary>The drained events, latest last.</summary>
    public List<PipelineEvent> Drained { get; } = [];

    public static long Price(double points) => (long)(points * 4) * (E9 / 4);

    /// <summary>An execution of an order that nobody knows.</summary>
    public static ExecutionReport Stray(Side side, int quantity, double price) => new()
    {
        OrderId = 900,
        ExecutionId = 900,
        Kind = ExecutionReportKind.Trade,
        Side = side,
        LastQuantity = quantity,
        CumulativeQuantity = quantity,
        LastPriceE9 = Price(price),
    };

    /// <summary>A venue's word waits; routing's own comes right behind the event that gave rise to it.</summary>
    public void OnReport(in ExecutionReport report) => (report.IsOfParent ? _own : _reports).Enqueue(report);

    public void Set(TimerOwner owner, ulong subject, long dueNs) => _timers.Add((dueNs, owner, subject));

    public void Remove(TimerOwner owner, ulong subject, long dueNs) => _timers.Remove((dueNs, owner, subject));

    public PipelineEvent Market(double bid, double ask, int quantity = 100, int instrument = 0, int traded = 0)
    {
        var e = NewEvent(EventKind.MarketUpdate, instrument);
        e.Payload.MarketUpdate = new MarketUpdate
        {
            BidPriceE9 = Price(bid),
            AskPriceE9 = Price(ask),
            BidQuantity = quantity,
            AskQuantity = quantity,
            TradePriceE9 = Price(bid),
            TradeQuantity = traded,
            Aggressor = Side.Sell,
        };
        return Run(ref e);
    }

    public PipelineEvent Signal(
        Side side,
        int quantity,
        int instrument = 0,
        ExecutionStrategy strategy = ExecutionStrategy.Immediate)
    {
        var e = NewSignal(instrument);
        e.Payload.TradeQualified.Action = side switch
        {
            Side.Buy => TradeAction.Long,
            Side.Sell => TradeAction.Short,
            _ => TradeAction.Hold,
        };
        var decision = new Decision
        {
            Side = side,
            Quantity = quantity,
            Strategy = strategy,
            StopLossAtr = 1.5f,
            TakeProfitAtr = 3f,
        };
        return Run(ref e, decision);
    }

    /// <summary>A signal that was sent a second before it came.</summary>
    public PipelineEvent LateSignal()
    {
        var e = NewSignal();
        e.Payload.TradeQualified.SendTimeNs = TimeNs - E9;
        return Run(ref e);
    }

    /// <summary>A signal that leaves every optional figure to the pipeline.</summary>
    public PipelineEvent NewSignal(int instrument = 0)
    {
        var e = NewEvent(EventKind.TradeQualified, instrument);
        e.Payload.TradeQualified = new TradeQualified
        {
            SignalId = ++_lastSignal,
            Action = TradeAction.Long,
            Confidence = 0.75,
            SynergyStrength = 0.5,
            Urgency = 0.25,
            PriceE9 = Price(5_000),
            BidAskSpread = double.NaN,
            BookDepth = double.NaN,
            VolumeIntensity = double.NaN,
            Volatility = double.NaN,
            Atr = double.NaN,
            Position = double.NaN,
            AvailableMargin = double.NaN,
            Equity = double.NaN,
            UnrealizedPnl = double.NaN,
            Drawdown = double.NaN,
            SignalTimeNs = TimeNs - E9,
            SendTimeNs = TimeNs,
        };
        return e;
    }

    public PipelineEvent Command(CommandKind kind, int instrument = 0, int reason = 1)
    {
        var e = NewEvent(EventKind.Command, instrument);
        e.Payload.Command = new Command { Kind = kind, Reason = reason };
        return Run(ref e);
    }

    public PipelineEvent Report(in ExecutionReport report)
    {
        var e = NewEvent(EventKind.ExecutionReport, report.InstrumentIndex);
        e.Payload.ExecutionReport = report;
        return Run(ref e);
    }

    /// <summary>Hands what the venue said to the stages, and what that leads to, until nothing waits.</summary>
    public void Drain()
    {
        while (TryDrainOne(out var e))
            Drained.Add(e);
    }

    /// <summary>Hands over one report. Whether one waited.</summary>
    public bool TryDrainOne(out PipelineEvent e)
    {
        e = default;
        if (!_own.TryDequeue(out var report) && !_reports.TryDequeue(out report))
            return false;

        e = Report(report);
        return true;
    }

    public PipelineEvent NewEvent(EventKind kind, int instrument)
    {
        PipelineEvent e = default;
        MemoryMarshal.AsBytes(new Span<PipelineEvent>(ref e)).Fill(_garbage);
        e.Header = new EventHeader { Kind = kind, InstrumentIndex = instrument, TimeNs = TimeNs };
        e.Payload = default;
        return e;
    }

    public PipelineEvent Run(ref PipelineEvent e, in Decision decision = default)
    {
        Context.OnEvent(ref e);
        if (e.Header.Kind == EventKind.TradeQualified)
            e.Decision = decision;
        Risk.OnEvent(ref e);
        if (e.Header.Kind == EventKind.MarketUpdate && Gateway is IMarketListener listener)
            listener.OnMarket(e.Header.InstrumentIndex, e.Payload.MarketUpdate, e.Header.TimeNs);
        if (e.Header.Kind == EventKind.MarketUpdate && Others.Count > 0)
        {
            foreach (var other in Others.OfType<IMarketListener>())
                other.OnMarket(e.Header.InstrumentIndex, e.Payload.MarketUpdate, e.Header.TimeNs);
        }

        Routing.OnEvent(ref e);
        Observer?.Invoke(e);
        while (e.Header.Kind == EventKind.ExecutionReport && _own.TryDequeue(out var own))
            Report(own);
        return e;
    }

    public static ReadOnlySpan<byte> BytesOf<T>(in T block)
        where T : struct =>
        MemoryMarshal.AsBytes(new ReadOnlySpan<T>(ref Unsafe.AsRef(in block)));
}
