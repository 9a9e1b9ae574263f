using ExecutionPipeline.Execution.Limits;
using ExecutionPipeline.Messages.Events;
using static ExecutionPipeline.Stages.Tests.StageRig;

namespace ExecutionPipeline.Stages.Tests.Risk;

/// <summary>A limit is kept as long as the value is not above it: at the limit all goes, beyond it nothing.</summary>
[TestFixture]
public class LimitBoundTests
{
    /// <summary>An order of 5 contracts of 50 x 100 in an account of a million: 25,000, or 2.5 %.</summary>
    private static readonly (RiskViolations Violation, RiskLimits Kept, RiskLimits Broken)[] Limits =
    [
        (RiskViolations.OrderSize, Generous with { MaxOrderSize = 5 }, Generous with { MaxOrderSize = 4 }),
        (RiskViolations.MinimumOrderSize, Generous with { MinOrderSize = 5 }, Generous with { MinOrderSize = 6 }),
        (RiskViolations.OrderValue, Generous with { MaxOrderValue = 25_000 },
            Generous with { MaxOrderValue = 24_999.999999m }),
        (RiskViolations.Position, Generous with { MaxPosition = 5 }, Generous with { MaxPosition = 4 }),
        (RiskViolations.Notional, Generous with { MaxNotional = 25_000 },
            Generous with { MaxNotional = 24_999.999999m }),
        (RiskViolations.PositionShare, Generous with { MaxPositionShare = 0.025 },
            Generous with { MaxPositionShare = 0.0249999 }),
        (RiskViolations.SectorShare, Generous with { MaxSectorShare = 0.025 },
            Generous with { MaxSectorShare = 0.0249999 }),
    ];

    [TestCase(Side.Buy)]
    [TestCase(Side.Sell)]
    public void ShouldKeepALimitWhenTheOrderIsExactlyAtIt(Side side)
    {
        foreach (var (violation, kept, broken) in Limits)
        {
            Assert.That(Judge(kept, side).Violations, Is.EqualTo(RiskViolations.None), $"{violation}");
            Assert.That(Judge(broken, side).Violations, Is.EqualTo(violation));
        }
    }

    [Test]
    public void ShouldKeepTheValueAtRiskWhenItIsExactlyAtItsLimit()
    {
        var daily = Judge(Generous, Side.Buy).ProjectedVar;
        var weekly = daily * Math.Sqrt(5);
        Assert.That(daily, Is.EqualTo(25_000 * 0.015 * 2.3263478740408408).Within(1e-6));
        Assert.That(Judge(Generous with { MaxDailyVar = daily }, Side.Buy).ApprovedQuantity, Is.EqualTo(5));
        Assert.That(Judge(Generous with { MaxWeeklyVar = weekly }, Side.Buy).ApprovedQuantity, Is.EqualTo(5));
        Assert.That(
            Judge(Generous with { MaxDailyVar = Math.BitDecrement(daily) }, Side.Buy).Violations,
            Is.EqualTo(RiskViolations.DailyVar));
        Assert.That(
            Judge(Generous with { MaxWeeklyVar = Math.BitDecrement(weekly) }, Side.Buy).Violations,
            Is.EqualTo(RiskViolations.WeeklyVar));
    }

    [Test]
    public void ShouldHoldAgainstTheShortfallWhenHistoryOrDeviationIsBeyondIt()
    {
        // 25,000 x 1.5 % x 2.3378 = 876.7 by the normal distribution; 25,000 x 4 % = 1,000 on the one past day.
        InstrumentReturns[] history = [new() { Instrument = 1, DailyReturns = [-0.04] }];
        (double Limit, RiskViolations Expected)[] rows =
        [
            (0.0010001, RiskViolations.None),
            (0.0009999, RiskViolations.HistoricalShortfall),
            (0.000878, RiskViolations.HistoricalShortfall),
            (0.000875, RiskViolations.HistoricalShortfall | RiskViolations.ParametricShortfall),
        ];
        foreach (var (limit, expected) in rows)
        {
            var rig = new StageRig(Generous with { MaxShortfall = limit }, history: history);
            rig.Market(100, 100);
            var verdict = rig.Signal(Side.Buy, 5).Verdict;
            Assert.That(verdict.Violations, Is.EqualTo(expected), $"at {limit}");
            Assert.That(verdict.HistoricalShortfall, Is.EqualTo(0.001f).Within(1e-9f));
        }
    }

    [Test]
    public void ShouldKeepTheShortfallWhenItIsExactlyAtItsLimit()
    {
        // Half of 25,000 is lost on the one past day: 1.25 % of the account.
        InstrumentReturns[] history = [new() { Instrument = 1, DailyReturns = [-0.5] }];
        foreach (var (limit, expected) in new[]
        {
            (0.0125, RiskViolations.None), (0.01249999, RiskViolations.HistoricalShortfall),
        })
        {
            var rig = new StageRig(Generous with { MaxShortfall = limit }, history: history);
            rig.Market(100, 100);
            Assert.That(rig.Signal(Side.Buy, 5).Verdict.Violations, Is.EqualTo(expected));
        }
    }

    [Test]
    public void ShouldKeepTheWeeklyDrawdownWhenItIsExactlyAtItsLimit()
    {
        foreach (var (drawdown, expected) in new[]
        {
            (0.25, RiskViolations.None), (Math.BitIncrement(0.25), RiskViolations.WeeklyDrawdown),
        })
        {
            var rig = new StageRig(Generous with { MaxWeeklyDrawdown = 0.25 });
            rig.Market(100, 100.25);
            var signal = rig.NewSignal();
            rig.Context.OnEvent(ref signal);
            signal.Portfolio.WeeklyDrawdown = drawdown;
            signal.Decision = new Decision { Side = Side.Buy, Quantity = 1 };
            rig.Risk.OnEvent(ref signal);
            Assert.That(signal.Verdict.Violations, Is.EqualTo(expected));
        }
    }

    // The signal was made at 100. Buyers pay the offer, sellers get the bid.
    [TestCase(Side.Buy, 102, true)]
    [TestCase(Side.Buy, 102.25, false)]
    [TestCase(Side.Sell, 98, true)]
    [TestCase(Side.Sell, 97.75, false)]
    public void ShouldKeepTheCollarWhenThePriceIsExactlyAtIt(Side side, double price, bool isKept)
    {
        var rig = new StageRig(Generous with { PriceCollar = 0.02 });
        rig.Market(side == Side.Buy ? 100 : price, side == Side.Buy ? price : 100);
        var signal = rig.NewSignal();
        signal.Payload.TradeQualified.PriceE9 = Price(100);
        var e = rig.Run(ref signal, new Decision { Side = side, Quantity = 1 });
        Assert.That(e.Verdict.Violations, Is.EqualTo(isKept ? RiskViolations.None : RiskViolations.PriceCollar));
    }

    [TestCase(500, 0, true)]
    [TestCase(500, 1, false)]
    [TestCase(-500, 0, true)]
    [TestCase(-500, -1, false)]
    public void ShouldKeepTheAgeWhenASignalIsExactlyAtIt(int ageMs, long moreNs, bool isKept)
    {
        var rig = new StageRig(Generous with { MaxSignalAgeMs = 500 });
        rig.Market(100, 100.25);
        var signal = rig.NewSignal();
        signal.Payload.TradeQualified.SignalTimeNs = rig.TimeNs - ageMs * 1_000_000L - moreNs;
        var e = rig.Run(ref signal, new Decision { Side = Side.Buy, Quantity = 1 });
        Assert.That(e.Verdict.Violations, Is.EqualTo(isKept ? RiskViolations.None : RiskViolations.StaleSignal));
    }

    [Test]
    public void ShouldCheckNoAgeWhenItIsSetToZero()
    {
        var rig = new StageRig(Generous with { MaxSignalAgeMs = 0, MaxMarketAgeMs = 0 });
        rig.Market(100, 100.25);
        rig.TimeNs += 10_000 * E9;
        var signal = rig.NewSignal();
        signal.Payload.TradeQualified.SignalTimeNs = 1;
        var e = rig.Run(ref signal, new Decision { Side = Side.Buy, Quantity = 1 });
        Assert.That(e.Verdict.ApprovedQuantity, Is.EqualTo(1));
        Assert.That(e.Verdict.MarketAgeMs, Is.EqualTo(10_000_000f));
    }

    [Test]
    public void ShouldKeepTheDrawdownWhenItIsExactlyAtItsLimit()
    {
        var rig = new StageRig(Generous with { MaxDailyDrawdown = 0.25 });
        rig.Market(100, 100.25);
        foreach (var (drawdown, expected) in new[]
        {
            (0.25, RiskViolations.None), (Math.BitIncrement(0.25), RiskViolations.DailyDrawdown),
        })
        {
            var signal = rig.NewSignal();
            signal.Payload.TradeQualified.Drawdown = drawdown;
            var e = rig.Run(ref signal, new Decision { Side = Side.Buy, Quantity = 1 });
            Assert.That(e.Verdict.Violations, Is.EqualTo(expected));
        }
    }

    [Test]
    public void ShouldCountOrdersOfTheLastSecondWhenItKeepsTheirRate()
    {
        var rig = new StageRig(Generous with
        {
            MaxOrdersPerSecond = 2,
            Breakers = new() { ThrottledOrdersPerSecond = 1 },
        });
        rig.Market(100, 100.25);
        Assert.That(rig.Signal(Side.Buy, 1).Verdict.OrdersInSecond, Is.Zero);
        rig.TimeNs += E9 / 2;
        Assert.That(rig.Signal(Side.Buy, 1).Verdict.OrdersInSecond, Is.EqualTo(1));
        var third = rig.Signal(Side.Buy, 1).Verdict;
        Assert.That((third.OrdersInSecond, third.Violations), Is.EqualTo((2, RiskViolations.OrderRate)));
        rig.TimeNs += E9 / 2 - 1;
        Assert.That(rig.Signal(Side.Buy, 1).Verdict.Violations, Is.EqualTo(RiskViolations.OrderRate));
        rig.TimeNs++;
        Assert.That(rig.Signal(Side.Buy, 1).Verdict.OrdersInSecond, Is.EqualTo(1), "the first is a second old");
    }

    // A smaller order than the smallest may close the position, and nothing else.
    [TestCase(3, Side.Sell, 2, RiskViolations.MinimumOrderSize)]
    [TestCase(3, Side.Sell, 3, RiskViolations.None)]
    [TestCase(2, Side.Sell, 2, RiskViolations.None)]
    [TestCase(2, Side.Sell, 1, RiskViolations.MinimumOrderSize)]
    [TestCase(2, Side.Sell, 3, RiskViolations.None)]
    [TestCase(2, Side.Buy, 2, RiskViolations.MinimumOrderSize)]
    public void ShouldLetASmallOrderCloseWhenItLeavesNothing(
        int held, Side side, int quantity, RiskViolations expected)
    {
        var rig = new StageRig(Generous with { MinOrderSize = 3 });
        rig.Market(100, 100.25);
        rig.Report(Stray(Side.Buy, held, 100));
        Assert.That(rig.Portfolio.Position(0), Is.EqualTo(held));
        Assert.That(rig.Signal(side, quantity).Verdict.Violations, Is.EqualTo(expected));
    }

    private static RiskVerdict Judge(RiskLimits limits, Side side)
    {
        var rig = new StageRig(limits);
        rig.Market(100, 100);
        return rig.Signal(side, 5).Verdict;
    }
}
