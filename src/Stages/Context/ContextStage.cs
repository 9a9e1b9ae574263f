using ExecutionPipeline.Execution.Instruments;
using ExecutionPipeline.Execution.Limits;
using ExecutionPipeline.Execution.Orders;
using ExecutionPipeline.Execution.Positions;
using ExecutionPipeline.Execution.State;
using ExecutionPipeline.Messages.Events;

namespace ExecutionPipeline.Stages.Context;

/// <summary>
/// Owns what the pipeline knows of the market and of its account, and writes both into the event: the portfolio block
/// for every kind, the policies' input for a signal, whether that was taken in before, and what an execution report
/// amounts to. The features block of market updates and reports is left as it was, for nobody reads it.
/// </summary>
public sealed class ContextStage : IStateful
{
    private const double SecondNs = 1e9;
    private const double BasisPoints = 10_000.0;

    private readonly Portfolio _portfolio;
    private readonly MarketState[] _markets;
    private readonly ExecutionLedger _executions;
    private readonly RecentSignals _signals;
    private readonly double _defaultAtrFraction;
    private double _varLimit;
    private double _positionLimit;

    /// <param name="instruments">Of the events' indices.</param>
    /// <param name="portfolio">Of the same instruments; from now on this stage's.</param>
    /// <param name="limits">What utilisation is counted against, and how many signals are remembered.</param>
    /// <param name="options">How the market is averaged.</param>
    /// <param name="places">Orders told apart.</param>
    /// <exception cref="ArgumentException">An option is out of range.</exception>
    public ContextStage(
        InstrumentTable instruments,
        Portfolio portfolio,
        RiskLimits limits,
        ContextOptions options,
        int places = ExecutionLedger.OrderPlaces)
    {
        options.Validate();
        limits.Validate();
        _portfolio = portfolio;
        _executions = new ExecutionLedger(
            instruments, portfolio.Day, options.ExecutionIdsRemembered, places);
        _signals = new RecentSignals(limits.SignalIdsRemembered);
        _defaultAtrFraction = options.DefaultAtrFraction;
        _varLimit = limits.MaxDailyVar;
        _positionLimit = limits.MaxPosition;
        _markets = new MarketState[instruments.Count];
        for (var i = 0; i < _markets.Length; i++)
            _markets[i] = new MarketState(instruments[i], options);
    }

    /// <summary>The account, to be read by the stage's own thread or at rest.</summary>
    public Portfolio Portfolio => _portfolio;

    /// <summary>What was made of execution reports, to be read by the stage's own thread or at rest.</summary>
    public ExecutionLedger Executions => _executions;

    /// <summary>The signals taken in last, to be read by the stage's own thread or at rest.</summary>
    public RecentSignals Signals => _signals;

    /// <summary>The market of an instrument, to be read by the stage's own thread or at rest.</summary>
    public MarketState Market(int instrument) => _markets[instrument];

    public void OnEvent(ref PipelineEvent e)
    {
        _portfolio.TryStartDay(e.Header.TimeNs);
        switch (e.Header.Kind)
        {
            case EventKind.MarketUpdate:
                OnMarket(ref e);
                break;
            case EventKind.TradeQualified:
                OnSignal(ref e);
                break;
            case EventKind.ExecutionReport:
                OnReport(ref e);
                break;
            default:
                if (e.Header.Kind == EventKind.Command)
                    TakeLimit(in e.Payload.Command);
                e.Features = default;
                WriteSnapshot(ref e, CurrentMarket(ref e));
                break;
        }
    }

    /// <summary>A limit that utilisation is counted against may change.</summary>
    private void TakeLimit(in Command command)
    {
        if (command.Limit == LimitKey.MaxDailyVar)
            _varLimit = command.LimitValue;
        else if (command.Limit == LimitKey.MaxPosition)
            _positionLimit = command.LimitValue;
    }

    public void Transfer(StateStream state)
    {
        state.Section("portfolio");
        _portfolio.Transfer(state);
        state.Section("execution ledger");
        _executions.Transfer(state);
        state.Section("signals");
        _signals.Transfer(state);
        state.Section("markets");
        foreach (var market in _markets)
            market.Transfer(state);
        state.Section("limits of utilisation");
        state.Value(ref _varLimit);
        state.Value(ref _positionLimit);
    }

    private void OnMarket(ref PipelineEvent e)
    {
        var instrument = e.Header.InstrumentIndex;
        var market = _markets[instrument];
        market.Apply(e.Payload.MarketUpdate, e.Header.TimeNs);
        if (market.MarkPriceE9 != 0)
            _portfolio.Mark(instrument, market.MarkPriceE9, e.Header.TimeNs);

        WriteSnapshot(ref e, market);
    }

    private void OnReport(ref PipelineEvent e)
    {
        ref readonly var report = ref e.Payload.ExecutionReport;
        ref var resolution = ref e.Resolution;
        var instrument = e.Header.InstrumentIndex;
        _executions.Resolve(report, e.Header.TimeNs, _portfolio.MarkPriceE9(instrument), out resolution);
        if (resolution.Booked > 0)
        {
            _portfolio.Execute(
                instrument, report.Side, resolution.Booked, resolution.PriceE9, resolution.FeeE6);
        }

        WriteSnapshot(ref e, CurrentMarket(ref e));
    }

    private MarketState CurrentMarket(ref PipelineEvent e)
    {
        var market = _markets[e.Header.InstrumentIndex];
        market.AdvanceTo(e.Header.TimeNs);
        return market;
    }

    private void WriteSnapshot(ref PipelineEvent e, MarketState market)
    {
        var instrument = e.Header.InstrumentIndex;
        ref var snapshot = ref e.Portfolio;
        snapshot.BidPriceE9 = market.BidPriceE9;
        snapshot.AskPriceE9 = market.AskPriceE9;
        snapshot.MarkPriceE9 = _portfolio.MarkPriceE9(instrument);
        snapshot.AtrE9 = market.AtrE9;
        snapshot.Position = _portfolio.Position(instrument);
        snapshot.OpenPositions = _portfolio.OpenPositions;
        snapshot.AveragePriceE9 = _portfolio.AveragePriceE9(instrument);
        snapshot.RealizedPnlE6 = _portfolio.RealizedPnlE6;
        snapshot.UnrealizedPnlE6 = _portfolio.UnrealizedPnlE6;
        snapshot.EquityE6 = _portfolio.EquityE6;
        snapshot.AvailableMarginE6 = _portfolio.AvailableMarginE6;
        snapshot.GrossNotionalE6 = _portfolio.GrossNotionalE6;
        snapshot.FeesE6 = _portfolio.FeesE6;
        snapshot.DailyDrawdown = _portfolio.DailyDrawdown;
        snapshot.DailyVar = _portfolio.DailyVar;
        snapshot.Volatility = market.Volatility;
        snapshot.WeeklyDrawdown = _portfolio.WeeklyDrawdown;
    }

    /// <summary>The policies' input: the event's own figures, and the pipeline's where the event brings none.</summary>
    private void OnSignal(ref PipelineEvent e)
    {
        ref readonly var signal = ref e.Payload.TradeQualified;
        e.Signal = _signals.Resolve(signal.SignalId, signal.SignalTimeNs, e.Header.TimeNs);
        var market = CurrentMarket(ref e);
        WriteSnapshot(ref e, market);
        ref var snapshot = ref e.Portfolio;
        if (snapshot.MarkPriceE9 == 0)
            snapshot.MarkPriceE9 = signal.PriceE9;
        if (!double.IsNaN(signal.Atr))
            snapshot.AtrE9 = (long)Math.Min(Math.Round(signal.Atr * 1e9), long.MaxValue / 1024);
        if (snapshot.AtrE9 == 0)
            snapshot.AtrE9 = (long)(_defaultAtrFraction * snapshot.MarkPriceE9);

        snapshot.Volatility = Given(signal.Volatility, snapshot.Volatility);
        // What the engine believes never makes the account look better than it is.
        snapshot.DailyDrawdown = Math.Max(snapshot.DailyDrawdown, Given(signal.Drawdown, 0));

        e.Features = default;
        WriteDecision(ref e, signal);
        WriteMarket(ref e, signal, market);
        WritePortfolio(ref e, signal);
        var sinceSignalNs = Math.Max(0, e.Header.TimeNs - signal.SignalTimeNs);
        e.Features[Feature.TimeSinceSignal] = Finite(sinceSignalNs / SecondNs);
        e.Features[Feature.MarketSessionPct] = Finite(market.SessionProgress(e.Header.TimeNs));
    }

    private static void WriteDecision(ref PipelineEvent e, in TradeQualified signal)
    {
        e.Features[Feature.DecisionDirection] = signal.Action switch
        {
            TradeAction.Long => 1f,
            TradeAction.Short => -1f,
            _ => 0f,
        };
        e.Features[Feature.DecisionConfidence] = Finite(signal.Confidence);
        e.Features[Feature.SynergyStrength] = Finite(signal.SynergyStrength);
        e.Features[Feature.UrgencyFactor] = Finite(signal.Urgency);
    }

    private static void WriteMarket(ref PipelineEvent e, in TradeQualified signal, MarketState market)
    {
        var spreadBps = market.SpreadBps;
        if (!double.IsNaN(signal.BidAskSpread))
        {
            var midE9 = market.IsTwoSided ? market.MarkPriceE9 : signal.PriceE9;
            spreadBps = signal.BidAskSpread / (midE9 * 1e-9) * BasisPoints;
        }

        e.Features[Feature.BidAskSpreadBps] = Finite(spreadBps);
        e.Features[Feature.OrderBookDepth] = Finite(Given(signal.BookDepth, market.DepthRatio));
        e.Features[Feature.RecentVolumeIntensity] = Finite(Given(signal.VolumeIntensity, market.VolumeIntensity));
        e.Features[Feature.PriceVolatility1Min] = Finite(e.Portfolio.Volatility);
    }

    private void WritePortfolio(ref PipelineEvent e, in TradeQualified signal)
    {
        ref readonly var own = ref e.Portfolio;
        var equity = Given(signal.Equity, own.EquityE6 * 1e-6);
        var margin = Given(signal.AvailableMargin, Math.Max(0, own.AvailableMarginE6) * 1e-6);
        var unrealized = Given(signal.UnrealizedPnl, own.UnrealizedPnlE6 * 1e-6);
        var position = Given(signal.Position, own.Position);
        e.Features[Feature.CurrentPosition] = Finite(position);
        e.Features[Feature.AvailableMargin] = Finite(equity > 0 ? margin / equity : 0);
        e.Features[Feature.UnrealizedPnlPct] = Finite(equity > 0 ? unrealized / equity : 0);
        e.Features[Feature.VarUtilization] = Finite(own.DailyVar / _varLimit);
        e.Features[Feature.MaxPositionPct] = Finite(Math.Abs(position) / _positionLimit);
    }

    private static double Given(double value, double otherwise) => double.IsNaN(value) ? otherwise : value;

    /// <summary>A network answers an infinity with NaN, and a NaN is no decision.</summary>
    private static float Finite(double value) =>
        double.IsNaN(value) ? 0f : (float)Math.Clamp(value, float.MinValue, float.MaxValue);
}
