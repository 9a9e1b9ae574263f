using ExecutionPipeline.Execution.Limits;
using ExecutionPipeline.Messages.Events;
using static ExecutionPipeline.Stages.Tests.StageRig;

namespace ExecutionPipeline.Stages.Tests.Risk;

/// <summary>What the stage watches by itself, to the nanosecond and the contract: regimes, losses, positions.</summary>
[TestFixture]
public class WatchTests
{
    [Test]
    public void ShouldTakeTheWorstRegimeWhenInstrumentsDiffer()
    {
        var rig = new StageRig(instruments: 3);
        (int Instrument, double Volatility, VolatilityRegime Expected, RiskChanges Changes)[] steps =
        [
            (1, Volatile, VolatilityRegime.Volatile, RiskChanges.Regime),
            (0, Crisis, VolatilityRegime.Crisis, RiskChanges.Regime),
            (0, Crisis, VolatilityRegime.Crisis, RiskChanges.None),
            (2, Crisis, VolatilityRegime.Crisis, RiskChanges.Regime),
            (0, Normal, VolatilityRegime.Crisis, RiskChanges.Regime),
            (2, Volatile, VolatilityRegime.Volatile, RiskChanges.Regime),
            (1, Normal, VolatilityRegime.Volatile, RiskChanges.Regime),
            (2, Normal, VolatilityRegime.Normal, RiskChanges.Regime),
        ];
        foreach (var (instrument, volatility, expected, changes) in steps)
        {
            var e = rig.NewEvent(EventKind.MarketUpdate, instrument);
            e.Portfolio.MarkPriceE9 = Price(100);
            e.Portfolio.Volatility = volatility;
            rig.Risk.OnEvent(ref e);
            Assert.That(rig.Risk.Regime, Is.EqualTo(expected));
            Assert.That(e.Verdict.Changes & RiskChanges.Regime, Is.EqualTo(changes));
            if (changes != RiskChanges.None)
                Assert.That(e.Verdict.Volatility, Is.EqualTo(expected));
        }
    }

    [Test]
    public void ShouldJudgeNoRegimeWhenAnInstrumentHasNoPrice()
    {
        var rig = new StageRig();
        var e = rig.NewEvent(EventKind.MarketUpdate, 0);
        e.Portfolio.Volatility = Crisis;
        rig.Risk.OnEvent(ref e);
        Assert.That(rig.Risk.Regime, Is.EqualTo(VolatilityRegime.Normal));
    }

    [TestCase(true, false, 0, true)]
    [TestCase(false, true, 0, true)]
    [TestCase(false, false, 1, true)]
    [TestCase(false, false, 0, false)]
    public void ShouldRenewTheMarketsAgeOnlyWhenAnUpdateTellsAPrice(bool hasBid, bool hasAsk, int traded, bool isPriced)
    {
        var rig = new StageRig();
        rig.Market(100, 100.25);
        rig.TimeNs += 3 * E9;
        var e = rig.NewEvent(EventKind.MarketUpdate, 0);
        e.Payload.MarketUpdate = new MarketUpdate
        {
            BidPriceE9 = hasBid ? Price(100) : MarketUpdate.NoPrice,
            BidQuantity = hasBid ? 1 : 0,
            AskPriceE9 = hasAsk ? Price(100.25) : MarketUpdate.NoPrice,
            AskQuantity = hasAsk ? 1 : 0,
            TradePriceE9 = traded > 0 ? Price(100) : MarketUpdate.NoPrice,
            TradeQuantity = traded,
        };
        rig.Run(ref e);
        rig.TimeNs += E9;
        Assert.That(rig.Signal(Side.Buy, 1).Verdict.MarketAgeMs, Is.EqualTo(isPriced ? 1_000f : 4_000f));
    }

    // The window of a minute, and the second that the last price fell in.
    [TestCase(0, 61, 0, BreakerState.Open)]
    [TestCase(0, 61, 1, BreakerState.Closed)]
    [TestCase(1, 61, 0, BreakerState.Open)]
    [TestCase(1, 61, 1, BreakerState.Closed)]
    public void ShouldCallASilentInstrumentWildUntilItsMinuteHasPassed(
        int silent, int seconds, long moreNs, BreakerState expected)
    {
        var limits = Generous with
        {
            Breakers = new() { MarketVolatility = new() { Threshold = 0.05, RecoveryS = 30 }, Probes = 1 },
        };
        var rig = new StageRig(limits, instruments: 2);
        rig.Market(100, 100.25, instrument: 1 - silent);
        Wild(rig, 0.05, silent);
        Assert.That(rig.Risk.Responses, Is.EqualTo(BreakerResponses.PauseStrategies), "at the threshold");
        rig.TimeNs += seconds * E9 + moreNs;
        var e = rig.Market(100, 100.25, instrument: 1 - silent);
        Assert.That(e.Verdict.BreakerStateOf(BreakerKind.MarketVolatility), Is.EqualTo(expected));
    }

    [Test]
    public void ShouldCloseTheVolatilityBreakerByTheTimerWhenAllInstrumentsAreSilent()
    {
        var limits = Generous with
        {
            Breakers = new() { MarketVolatility = new() { Threshold = 0.05, RecoveryS = 30 }, Probes = 3 },
        };
        var rig = new StageRig(limits, instruments: 2);
        Wild(rig, 0.05, 0);
        Wild(rig, 0.05, 1);
        (long AfterNs, RiskChanges Told, BreakerResponses Expected)[] ticks =
        [
            (30 * E9 - 1, RiskChanges.None, BreakerResponses.PauseStrategies),
            // It may be tried again, but the last minute is still wild.
            (1, RiskChanges.Breaker, BreakerResponses.PauseStrategies),
            (32 * E9, RiskChanges.Breaker, BreakerResponses.None),
            (E9, RiskChanges.None, BreakerResponses.None),
            (E9, RiskChanges.Breaker, BreakerResponses.None),
            (E9, RiskChanges.None, BreakerResponses.None),
        ];
        var told = new List<BreakerState>();
        foreach (var (afterNs, changes, expected) in ticks)
        {
            rig.TimeNs += afterNs;
            var verdict = Tick(rig).Verdict;
            Assert.That(verdict.Changes & RiskChanges.Breaker, Is.EqualTo(changes));
            Assert.That(rig.Risk.Responses, Is.EqualTo(expected));
            if (changes != RiskChanges.None)
                told.Add(verdict.BreakerStateOf(BreakerKind.MarketVolatility));
        }

        Assert.That(told, Is.EqualTo(new[] { BreakerState.Open, BreakerState.HalfOpen, BreakerState.Closed }));
    }

    // The window of a minute, and the second that the last price fell in.
    [TestCase(0, 61, 0, VolatilityRegime.Crisis)]
    [TestCase(0, 61, 1, VolatilityRegime.Normal)]
    [TestCase(1, 61, 0, VolatilityRegime.Crisis)]
    [TestCase(1, 61, 1, VolatilityRegime.Normal)]
    public void ShouldLeaveTheCrisisOfASilentInstrumentWhenItsMinuteHasPassed(
        int silent, int seconds, long moreNs, VolatilityRegime expected)
    {
        var rig = new StageRig(instruments: 2);
        Wild(rig, Crisis, silent);
        rig.TimeNs += seconds * E9 + moreNs;
        var e = Tick(rig);
        Assert.That(rig.Risk.Regime, Is.EqualTo(expected));
        var isLeft = expected == VolatilityRegime.Normal;
        Assert.That(e.Verdict.Changes & RiskChanges.Regime, Is.EqualTo(isLeft ? RiskChanges.Regime : RiskChanges.None));
        Assert.That(Tick(rig).Verdict.Changes, Is.EqualTo(RiskChanges.None), "and it is told of once");
        Wild(rig, Crisis, silent);
        Assert.That(rig.Risk.Regime, Is.EqualTo(VolatilityRegime.Crisis), "it is taken anew with the next move");
    }

    [Test]
    public void ShouldStayInACrisisWhenOnlyOneOfTwoInstrumentsFallsSilent()
    {
        var rig = new StageRig(instruments: 2);
        Wild(rig, Crisis, 0);
        rig.TimeNs += 30 * E9;
        Wild(rig, Crisis, 1);
        rig.TimeNs += 40 * E9;
        Tick(rig);
        Assert.That(rig.Risk.Regime, Is.EqualTo(VolatilityRegime.Crisis));
        rig.TimeNs += 40 * E9;
        Tick(rig);
        Assert.That(rig.Risk.Regime, Is.EqualTo(VolatilityRegime.Normal));
    }

    [Test]
    public void ShouldCallAnInstrumentCalmAgainWhenItsVolatilityFalls()
    {
        var rig = new StageRig(instruments: 2);
        Wild(rig, 0.0499);
        Assert.That(rig.Risk.Responses, Is.EqualTo(BreakerResponses.None), "below the threshold");
        Wild(rig, 0.05);
        Wild(rig, 0.01);
        rig.TimeNs += 300 * E9;
        for (var i = 0; i < 5; i++)
            Wild(rig, 0.01);
        Assert.That(rig.Risk.Responses, Is.EqualTo(BreakerResponses.None));
        Wild(rig, 0.01);
        Assert.That(rig.Risk.Responses, Is.EqualTo(BreakerResponses.None), "and it stays closed");
    }

    [TestCase(5, false)]
    [TestCase(6, true)]
    public void ShouldTripOnlyWhenThePositionIsBeyondItsLimit(int quantity, bool isExpected)
    {
        foreach (var side in new[] { Side.Buy, Side.Sell })
        {
            var rig = new StageRig(Generous with { MaxPosition = 5 });
            rig.Market(100, 100.25);
            var e = rig.Report(Stray(side, quantity, 100));
            Assert.That(rig.Risk.IsKilled, Is.EqualTo(isExpected), $"{side}");
            Assert.That(e.Verdict.KillSwitch, Is.EqualTo(isExpected ? 1 : 0));
        }
    }

    [Test]
    public void ShouldTripOnAPositionOnlyWhenAReportTellsOfIt()
    {
        var rig = new StageRig(Generous with { MaxPosition = 5 });
        rig.Market(100, 100.25);
        rig.Report(Stray(Side.Buy, 6, 100));
        Assert.That(rig.Command(CommandKind.Resume).Verdict.KillSwitch, Is.Zero);
        rig.Market(100, 100.25);
        Assert.That(rig.Risk.IsKilled, Is.False, "it was released knowingly");
    }

    [Test]
    public void ShouldNotTripOnAPositionWhenItIsToldNotTo()
    {
        var rig = new StageRig(Generous with { MaxPosition = 5, KillSwitch = new() { TripsOnPositionBreach = false } });
        rig.Market(100, 100.25);
        rig.Report(Stray(Side.Buy, 6, 100));
        Assert.That(rig.Risk.IsKilled, Is.False);
    }

    [Test]
    public void ShouldTripOnTheLossWhenItIsExactlyAtItsCap()
    {
        var rig = new StageRig(Generous with { KillSwitch = new() { DailyLossCap = 0.25 } });
        foreach (var (drawdown, isKilled) in new[] { (Math.BitDecrement(0.25), false), (0.25, true) })
        {
            var e = rig.NewEvent(EventKind.MarketUpdate, 0);
            e.Portfolio.DailyDrawdown = drawdown;
            rig.Risk.OnEvent(ref e);
            Assert.That(rig.Risk.IsKilled, Is.EqualTo(isKilled));
        }
    }

    [Test]
    public void ShouldTripOnTheLossWhenTheFirstEventTellsOfIt()
    {
        var rig = new StageRig(Generous with { KillSwitch = new() { DailyLossCap = 0.25 } });
        var e = rig.NewEvent(EventKind.MarketUpdate, 0);
        e.Portfolio.DailyDrawdown = 0.5;
        rig.Risk.OnEvent(ref e);
        Assert.That(rig.Risk.KillCause, Is.EqualTo(KillCause.LossCap));
    }

    [Test]
    public void ShouldKeepTheFirstCauseWhenAnotherFollows()
    {
        var rig = new StageRig(Generous with { MaxPosition = 5 });
        rig.Market(100, 100.25);
        rig.Command(CommandKind.Kill);
        var e = rig.Report(Stray(Side.Buy, 6, 100));
        Assert.That((e.Verdict.KillCause, e.Verdict.Changes), Is.EqualTo((KillCause.Command, RiskChanges.None)));
        rig.Command(CommandKind.Resume);
        Assert.That(rig.Risk.KillCause, Is.EqualTo(KillCause.None));
    }

    [TestCase(CommandKind.CancelAll)]
    [TestCase(CommandKind.CloseAll)]
    public void ShouldKeepTheKillSwitchWhenACommandIsOfAnotherKind(CommandKind kind)
    {
        var rig = new StageRig();
        rig.Market(100, 100.25);
        Assert.That(rig.Command(kind).Verdict.KillSwitch, Is.Zero);
        rig.Command(CommandKind.Kill);
        Assert.That(rig.Command(kind).Verdict.KillSwitch, Is.EqualTo(1));
    }

    /// <summary>One-minute volatilities against the usual one of an instrument whose day has 1.5 %.</summary>
    private static readonly double Normal = 0.5 * 0.015 / Math.Sqrt(390);

    private static readonly double Volatile = 5 * Normal;

    private static readonly double Crisis = 9 * Normal;

    private static PipelineEvent Tick(StageRig rig)
    {
        var e = rig.NewEvent(EventKind.Timer, 0);
        e.Payload.Timer = new TimerTick { Owner = TimerOwner.Risk, DueTimeNs = rig.TimeNs };
        rig.Risk.OnEvent(ref e);
        return e;
    }

    private static void Wild(StageRig rig, double volatility, int instrument = 0)
    {
        var e = rig.NewEvent(EventKind.MarketUpdate, instrument);
        e.Portfolio.BidPriceE9 = Price(100);
        e.Portfolio.AskPriceE9 = Price(100.25);
        e.Portfolio.MarkPriceE9 = Price(100);
        e.Portfolio.Volatility = volatility;
        rig.Risk.OnEvent(ref e);
    }
}
