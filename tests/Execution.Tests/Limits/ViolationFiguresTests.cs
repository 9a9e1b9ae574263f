using ExecutionPipeline.Execution.Limits;
using ExecutionPipeline.Messages.Events;
using ExecutionPipeline.Quant;
using static ExecutionPipeline.Execution.Tests.Samples;

namespace ExecutionPipeline.Execution.Tests.Limits;

/// <summary>What a violation is told with: the limit's own option, and the figure that was held against it.</summary>
[TestFixture]
public class ViolationFiguresTests
{
    private const long MillisecondNs = 1_000_000;

    /// <summary>Each limit a number of its own, so that none can stand for another.</summary>
    private static readonly RiskLimits Limits = new()
    {
        MaxPosition = 11,
        MaxNotional = 120_000m,
        MaxDailyVar = 1_300,
        MaxWeeklyVar = 1_400,
        MaxShortfall = 0.5,
        MaxDailyDrawdown = 0.016,
        MaxWeeklyDrawdown = 0.017,
        MaxPositionShare = 0.18,
        MaxSectorShare = 0.19,
        MaxMarginShare = 0.6,
        MaxCorrelation = 0.2,
        MaxOpenPositions = 21,
        MaxDailyTrades = 22,
        MaxOrdersPerSecond = 230,
        MaxOrderSize = 24,
        MinOrderSize = 3,
        MaxOrderValue = 26_000m,
        PriceCollar = 0.027,
        MaxSignalAgeMs = 2_800,
        MaxMarketAgeMs = 2_900,
        Breakers = new() { ThrottledOrdersPerSecond = 30 },
    };

    private static readonly double ShortfallOfVar =
        ParametricRisk.ExpectedShortfall(1, 0.975) / ParametricRisk.ValueAtRisk(1, 0.99);

    // The order: 5 contracts of 50 x 100; equity of 100,000; bid 99, offer 101; the signal's price 80.
    private static readonly TestCaseData[] Figures =
    [
        new(RiskViolations.OrderSize, 24, 5),
        new(RiskViolations.MinimumOrderSize, 3, 5),
        new(RiskViolations.Position, 11, 7),
        new(RiskViolations.Notional, 120_000, 35_000),
        new(RiskViolations.DailyVar, 1_300, 2_000),
        new(RiskViolations.WeeklyVar, 1_400, 2_000 * Math.Sqrt(5)),
        new(RiskViolations.ParametricShortfall, 0.5, 2_000 * ShortfallOfVar / 100_000),
        new(RiskViolations.HistoricalShortfall, 0.5, 0.25),
        new(RiskViolations.DailyDrawdown, 0.016, 0.125),
        new(RiskViolations.WeeklyDrawdown, 0.017, 0.375),
        new(RiskViolations.PositionShare, 0.18, 0.35),
        new(RiskViolations.SectorShare, 0.19, 0.75),
        new(RiskViolations.Correlation, 0.2, 0.5),
        new(RiskViolations.InitialMargin, 0.6 * 100_000, 45_000),
        new(RiskViolations.OpenPositions, 21, 31),
        new(RiskViolations.DailyTradeCount, 22, 33),
        new(RiskViolations.OrderRate, 230, 43),
        new(RiskViolations.PriceCollar, 0.027, 21.0 / 80),
        new(RiskViolations.OrderValue, 26_000, 25_000),
        new(RiskViolations.StaleSignal, 2_800, 4_000),
        new(RiskViolations.StaleMarket, 2_900, 5_000),
        new(RiskViolations.CrossedMarket, 101, 99),
    ];

    [TestCaseSource(nameof(Figures))]
    public void ShouldTellLimitAndValueWhenALimitIsBroken(RiskViolations violation, double limit, double value)
    {
        var e = Event(Side.Buy, signalTimeNs: StartNs - 4_000 * MillisecondNs);
        var told = new ViolationFigures(Table(1), Limits).Of(in e, violation);
        Assert.That(told.Limit, Is.EqualTo(limit).Within(1e-12 * limit));
        Assert.That(told.Value, Is.EqualTo(value).Within(1e-9 * value));
    }

    [TestCase(RiskViolations.KillSwitch)]
    [TestCase(RiskViolations.NoMarket)]
    [TestCase(RiskViolations.ForgottenSignal)]
    [TestCase(RiskViolations.Closing)]
    [TestCase(RiskViolations.PausedStrategy)]
    [TestCase(RiskViolations.VenueFailing)]
    public void ShouldTellNoNumberWhenThereIsNone(RiskViolations violation)
    {
        var e = Event(Side.Buy, StartNs);
        var figures = new ViolationFigures(Table(1), Limits).Of(in e, violation);
        Assert.That(figures, Is.EqualTo((double.NaN, double.NaN)));
    }

    [TestCase(VolatilityRegime.Normal, 0.5)]
    [TestCase(VolatilityRegime.Volatile, 0.4)]
    [TestCase(VolatilityRegime.Crisis, 0.3)]
    public void ShouldTellTheRegimesShortfallLimitWhenTheMarketIsNotNormal(VolatilityRegime regime, double expected)
    {
        var e = Event(Side.Buy, StartNs);
        e.Verdict.Volatility = regime;
        var figures = new ViolationFigures(Table(1), Limits);
        foreach (var violation in new[] { RiskViolations.ParametricShortfall, RiskViolations.HistoricalShortfall })
            Assert.That(figures.Of(in e, violation).Limit, Is.EqualTo(expected).Within(1e-12));
    }

    [TestCase(BreakerResponses.Throttle, 30)]
    [TestCase(BreakerResponses.Throttle | BreakerResponses.Reroute, 30)]
    [TestCase(BreakerResponses.Reroute | BreakerResponses.HoldOrders, 230)]
    public void ShouldTellTheThrottledRateOnlyWhenItIsInForce(BreakerResponses responses, double expected)
    {
        var e = Event(Side.Buy, StartNs);
        e.Verdict.Responses = responses;
        var figures = new ViolationFigures(Table(1), Limits);
        Assert.That(figures.Of(in e, RiskViolations.OrderRate).Limit, Is.EqualTo(expected));
    }

    [TestCase(-7, 0.35)]
    [TestCase(7, 0.35)]
    public void ShouldCountThePositionWithoutItsSignWhenItIsShort(int projected, double share)
    {
        var e = Event(Side.Sell, StartNs);
        e.Verdict.ProjectedPosition = projected;
        var figures = new ViolationFigures(Table(1), Limits);
        Assert.That(figures.Of(in e, RiskViolations.Position).Value, Is.EqualTo(7));
        Assert.That(figures.Of(in e, RiskViolations.PositionShare).Value, Is.EqualTo(share).Within(1e-12));
    }

    [TestCase(4)]
    [TestCase(-4)]
    public void ShouldCallASignalAsOldAsItIsEarlyWhenClocksDiffer(int seconds)
    {
        var e = Event(Side.Buy, StartNs + seconds * E9);
        Assert.That(SignalFigures.AgeNs(in e), Is.EqualTo(4 * E9));
    }

    [TestCase(Side.Buy, 99, 101, 21.0 / 80)]
    [TestCase(Side.Sell, 99, 101, 19.0 / 80)]
    [TestCase(Side.Sell, 60, 101, 20.0 / 80)]
    [TestCase(Side.Buy, 99, null, 20.0 / 80)]
    [TestCase(Side.Sell, null, 101, 20.0 / 80)]
    public void ShouldMeasureTheCollarFromTheFarTouchWhenItIsQuoted(
        Side side, double? bid, double? ask, double expected)
    {
        var e = Event(side, StartNs);
        e.Portfolio.BidPriceE9 = bid is { } b ? Price(b) : MarketUpdate.NoPrice;
        e.Portfolio.AskPriceE9 = ask is { } a ? Price(a) : MarketUpdate.NoPrice;
        Assert.That(SignalFigures.CollarDistance(in e), Is.EqualTo(expected).Within(1e-12));
    }

    [TestCase(100.25, 100.0, true)]
    [TestCase(100.0, 100.0, false)]
    [TestCase(99.75, 100.0, false)]
    [TestCase(100.0, null, false)]
    [TestCase(null, 100.0, false)]
    public void ShouldCallTheMarketCrossedOnlyWhenTheBidIsAboveTheOffer(double? bid, double? ask, bool expected)
    {
        var e = Event(Side.Buy, StartNs);
        e.Portfolio.BidPriceE9 = bid is { } b ? Price(b) : MarketUpdate.NoPrice;
        e.Portfolio.AskPriceE9 = ask is { } a ? Price(a) : MarketUpdate.NoPrice;
        Assert.That(SignalFigures.IsCrossed(in e), Is.EqualTo(expected));
    }

    private static PipelineEvent Event(Side side, long signalTimeNs)
    {
        PipelineEvent e = default;
        e.Header = new EventHeader { Kind = EventKind.TradeQualified, TimeNs = StartNs };
        e.Payload.TradeQualified.SignalTimeNs = signalTimeNs;
        e.Payload.TradeQualified.PriceE9 = Price(80);
        e.Portfolio.BidPriceE9 = Price(99);
        e.Portfolio.AskPriceE9 = Price(101);
        e.Portfolio.MarkPriceE9 = Price(100);
        e.Portfolio.EquityE6 = 100_000_000_000;
        e.Portfolio.DailyDrawdown = 0.125;
        e.Portfolio.WeeklyDrawdown = 0.375;
        e.Decision.Side = side;
        e.Decision.Quantity = 5;
        e.Verdict.ProjectedPosition = 7;
        e.Verdict.ProjectedNotionalE6 = 35_000_000_000;
        e.Verdict.ProjectedVar = 2_000;
        e.Verdict.HistoricalShortfall = 0.25f;
        e.Verdict.SectorShare = 0.75f;
        e.Verdict.Correlation = 0.5f;
        e.Verdict.OpenPositions = 31;
        e.Verdict.TradesToday = 32;
        e.Verdict.OrdersInSecond = 42;
        e.Verdict.MarketAgeMs = 5_000;
        e.Verdict.ProjectedMarginE6 = 45_000_000_000;
        return e;
    }
}
