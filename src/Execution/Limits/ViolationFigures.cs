using ExecutionPipeline.Execution.Instruments;
using ExecutionPipeline.Messages.Events;
using ExecutionPipeline.Quant;

namespace ExecutionPipeline.Execution.Limits;

/// <summary>Limit and value of each violation in a verdict, for those who are told of it.</summary>
public sealed class ViolationFigures
{
    private readonly InstrumentTable _instruments;
    private RiskLimits _limits;
    private readonly double _shortfallOfVar;

    /// <param name="instruments">Of the events' indices.</param>
    /// <param name="limits">What orders are held against.</param>
    public ViolationFigures(InstrumentTable instruments, RiskLimits limits)
    {
        _instruments = instruments;
        _limits = limits;
        _shortfallOfVar = ParametricRisk.ExpectedShortfall(1, limits.ShortfallConfidence)
            / ParametricRisk.ValueAtRisk(1, limits.VarConfidence);
    }

    /// <summary>Tells another limit from now on.</summary>
    public void SetLimit(LimitKey limit, double value) => _limits = ReloadableLimits.With(_limits, limit, value);

    /// <summary>Tells these limits from now on.</summary>
    public void SetLimits(RiskLimits limits) => _limits = limits;

    /// <summary>
    /// The limit, and the value with the order as it was asked for; NaN where there is no number. Money in currency,
    /// ages in milliseconds, all else in the unit of the limit's option.
    /// </summary>
    /// <param name="e">A signal that risk has judged.</param>
    /// <param name="violation">One bit.</param>
    public (double Limit, double Value) Of(ref readonly PipelineEvent e, RiskViolations violation) => violation switch
    {
        RiskViolations.OrderSize => (_limits.MaxOrderSize, e.Decision.Quantity),
        RiskViolations.MinimumOrderSize => (_limits.MinOrderSize, e.Decision.Quantity),
        RiskViolations.Position => (_limits.MaxPosition, Math.Abs((double)e.Verdict.ProjectedPosition)),
        RiskViolations.Notional => ((double)_limits.MaxNotional, e.Verdict.ProjectedNotionalE6 * 1e-6),
        RiskViolations.DailyVar => (_limits.MaxDailyVar, e.Verdict.ProjectedVar),
        RiskViolations.WeeklyVar => (_limits.MaxWeeklyVar, WeeklyOf(e.Verdict.ProjectedVar)),
        RiskViolations.ParametricShortfall => (
            ShortfallLimit(_limits, e.Verdict.Volatility),
            e.Verdict.ProjectedVar * _shortfallOfVar / (e.Portfolio.EquityE6 * 1e-6)),
        RiskViolations.HistoricalShortfall => (
            ShortfallLimit(_limits, e.Verdict.Volatility), e.Verdict.HistoricalShortfall),
        RiskViolations.DailyDrawdown => (_limits.MaxDailyDrawdown, e.Portfolio.DailyDrawdown),
        RiskViolations.WeeklyDrawdown => (_limits.MaxWeeklyDrawdown, e.Portfolio.WeeklyDrawdown),
        RiskViolations.PositionShare => (_limits.MaxPositionShare, PositionShare(in e)),
        RiskViolations.SectorShare => (_limits.MaxSectorShare, e.Verdict.SectorShare),
        RiskViolations.InitialMargin => (
            _limits.MaxMarginShare * e.Portfolio.EquityE6 * 1e-6, e.Verdict.ProjectedMarginE6 * 1e-6),
        RiskViolations.Correlation => (_limits.MaxCorrelation, e.Verdict.Correlation),
        RiskViolations.OpenPositions => (_limits.MaxOpenPositions, e.Verdict.OpenPositions),
        RiskViolations.DailyTradeCount => (_limits.MaxDailyTrades, e.Verdict.TradesToday + 1),
        RiskViolations.OrderRate => (OrderRateLimit(_limits, e.Verdict.Responses), e.Verdict.OrdersInSecond + 1),
        RiskViolations.PriceCollar => (_limits.PriceCollar, SignalFigures.CollarDistance(in e)),
        RiskViolations.OrderValue => ((double)_limits.MaxOrderValue, ValueE6(in e, e.Decision.Quantity) * 1e-6),
        RiskViolations.StaleSignal => (_limits.MaxSignalAgeMs, SignalFigures.AgeNs(in e) * 1e-6),
        RiskViolations.StaleMarket => (_limits.MaxMarketAgeMs, e.Verdict.MarketAgeMs),
        RiskViolations.CrossedMarket => (e.Portfolio.AskPriceE9 * 1e-9, e.Portfolio.BidPriceE9 * 1e-9),
        _ => (double.NaN, double.NaN),
    };

    /// <summary>Value at risk over a week, from a day's: five days, each independent of the others.</summary>
    public static double WeeklyOf(double dailyVar) => dailyVar * Math.Sqrt(5);

    /// <summary>The expected shortfall's limit in a regime, as a share of equity.</summary>
    public static double ShortfallLimit(RiskLimits limits, VolatilityRegime regime)
    {
        var multiplier = regime switch
        {
            VolatilityRegime.Normal => limits.Regimes.NormalMultiplier,
            VolatilityRegime.Volatile => limits.Regimes.VolatileMultiplier,
            _ => limits.Regimes.CrisisMultiplier,
        };
        return limits.MaxShortfall * multiplier;
    }

    private static double OrderRateLimit(RiskLimits limits, BreakerResponses responses) =>
        (responses & BreakerResponses.Throttle) != 0
            ? limits.Breakers.ThrottledOrdersPerSecond
            : limits.MaxOrdersPerSecond;

    private double PositionShare(ref readonly PipelineEvent e) =>
        ValueE6(in e, Math.Abs((long)e.Verdict.ProjectedPosition)) / (double)e.Portfolio.EquityE6;

    private long ValueE6(ref readonly PipelineEvent e, long quantity) =>
        _instruments[e.Header.InstrumentIndex].ValueE6(e.Portfolio.MarkPriceE9, quantity);
}
