using ExecutionPipeline.Execution.Limits;
using ExecutionPipeline.Messages.Events;
using ExecutionPipeline.Stages.Tests.Routing;
using static ExecutionPipeline.Stages.Tests.StageRig;

namespace ExecutionPipeline.Stages.Tests.Risk;

/// <summary>Each breaker through the stage: what opens it, what that stops, what closes it.</summary>
[TestFixture]
public class BreakerTests
{
    private ulong _lastForeignOrder = 20_000;

    [Test]
    public void ShouldPauseVolatileStrategiesWhenTheMarketIsWild()
    {
        var rig = new StageRig();
        rig.Market(5_000, 5_000.25);
        rig.Signal(Side.Buy, 5);
        rig.Drain();
        rig.TimeNs += E9;
        rig.Market(5_300, 5_300.25);
        rig.TimeNs += E9;
        var e = rig.Market(5_300, 5_300.25);
        Assert.That(e.Portfolio.Volatility, Is.GreaterThan(0.05));
        Assert.That(e.Verdict.Changes & RiskChanges.Breaker, Is.Not.EqualTo(RiskChanges.None));
        Assert.That(e.Verdict.BreakerStateOf(BreakerKind.MarketVolatility), Is.EqualTo(BreakerState.Open));
        Assert.That(rig.Signal(Side.Buy, 1).Verdict.Violations, Is.EqualTo(RiskViolations.PausedStrategy));
        Assert.That(rig.Signal(Side.Sell, 1).Verdict.ApprovedQuantity, Is.EqualTo(1), "it takes risk off");
        var patient = rig.Signal(Side.Buy, 1, strategy: ExecutionStrategy.Twap5Min);
        Assert.That(patient.Verdict.ApprovedQuantity, Is.EqualTo(1));

        rig.Drain();
        rig.TimeNs += 299 * E9;
        Assert.That(rig.Signal(Side.Buy, 1).Verdict.Violations, Is.EqualTo(RiskViolations.PausedStrategy));
        rig.TimeNs += E9;
        Assert.That(rig.Signal(Side.Buy, 1).Verdict.ApprovedQuantity, Is.EqualTo(1), "half-open");
        for (var i = 0; i < 5; i++)
            e = rig.Market(5_300, 5_300.25);
        Assert.That(e.Verdict.BreakerStateOf(BreakerKind.MarketVolatility), Is.EqualTo(BreakerState.Closed));
    }

    [TestCase(VenueRejectReason.InvalidPrice, BreakerResponses.BackupVenue, 180)]
    [TestCase(VenueRejectReason.TooManyOrders, BreakerResponses.BackupVenue | BreakerResponses.Reroute, 600)]
    public void ShouldAddNoRiskWhenTheVenueFails(VenueRejectReason reason, BreakerResponses expected, int recoveryS)
    {
        var rig = new StageRig();
        rig.Market(100, 100.25);
        Answer(rig, 45, VenueRejectReason.None);
        Assert.That(rig.Risk.Responses, Is.EqualTo(BreakerResponses.None));
        Answer(rig, 5, reason);
        Assert.That(rig.Risk.Responses, Is.EqualTo(expected));
        Assert.That(rig.Signal(Side.Buy, 1).Verdict.Violations, Is.EqualTo(RiskViolations.VenueFailing));

        rig.TimeNs += recoveryS * E9;
        for (var i = 0; i < 5; i++)
            Assert.That(rig.Signal(Side.Buy, 1).Verdict.ApprovedQuantity, Is.EqualTo(1), "half-open");
        Assert.That(rig.Signal(Side.Buy, 1).Verdict.Violations, Is.EqualTo(RiskViolations.VenueFailing));
        rig.Drain();
        Assert.That(rig.Signal(Side.Buy, 1).Verdict.ApprovedQuantity, Is.EqualTo(1), "the tries went well");
    }

    /// <summary>
    /// That a market is not open or not quoted says nothing of how the venue executes, nor does what the pipeline's own
    /// gate holds back. A parent order that found no place counts.
    /// </summary>
    [TestCase(VenueRejectReason.MarketHalted, (byte)0, true)]
    [TestCase(VenueRejectReason.NoMarket, (byte)0, true)]
    [TestCase(VenueRejectReason.KillSwitch, ExecutionReport.OwnVenue, true)]
    [TestCase(VenueRejectReason.JournalDegraded, ExecutionReport.OwnVenue, true)]
    [TestCase(VenueRejectReason.KillSwitch, (byte)0, false)]
    [TestCase(VenueRejectReason.TooManyOrders, ExecutionReport.OwnVenue, false)]
    public void ShouldStayClosedWhenARefusalSaysNothingOfTheVenue(
        VenueRejectReason reason, byte speaker, bool staysClosed)
    {
        var rig = new StageRig();
        rig.Market(100, 100.25);
        Answer(rig, 180, VenueRejectReason.None);
        Answer(rig, 20, reason, speaker);
        Assert.That(rig.Risk.Responses == BreakerResponses.None, Is.EqualTo(staysClosed));
        Assert.That(
            rig.Signal(Side.Buy, 1).Verdict.Violations,
            Is.EqualTo(staysClosed ? RiskViolations.None : RiskViolations.VenueFailing));
    }

    [Test]
    public void ShouldOpenAnewWhenATryFails()
    {
        var rig = new StageRig();
        rig.Market(100, 100.25);
        Answer(rig, 50, VenueRejectReason.InvalidPrice);
        rig.TimeNs += 180 * E9;
        Assert.That(rig.Signal(Side.Buy, 1).Verdict.ApprovedQuantity, Is.EqualTo(1));
        Answer(rig, 1, VenueRejectReason.InvalidPrice);
        Assert.That(rig.Signal(Side.Buy, 1).Verdict.Violations, Is.EqualTo(RiskViolations.VenueFailing));
        rig.TimeNs += 179 * E9;
        Assert.That(rig.Signal(Side.Buy, 1).Verdict.Violations, Is.EqualTo(RiskViolations.VenueFailing));
    }

    [Test]
    public void ShouldTryAgainWhenNothingWasHeardOfTheTries()
    {
        var rig = new StageRig(gateway: new SilentVenue());
        rig.Market(100, 100.25);
        Answer(rig, 50, VenueRejectReason.InvalidPrice);
        for (var round = 0; round < 3; round++)
        {
            rig.TimeNs += 180 * E9;
            for (var i = 0; i < 5; i++)
                Assert.That(rig.Signal(Side.Buy, 1).Verdict.ApprovedQuantity, Is.EqualTo(1), "half-open");
            rig.TimeNs += 179 * E9;
            Assert.That(rig.Signal(Side.Buy, 1).Verdict.Violations, Is.EqualTo(RiskViolations.VenueFailing));
        }
    }

    [Test]
    public void ShouldForgetAWildMarketWhenItHasFallenSilent()
    {
        var rig = new StageRig(instruments: 2);
        rig.Market(5_000, 5_000.25);
        rig.TimeNs += E9;
        rig.Market(5_300, 5_300.25);
        rig.TimeNs += E9;
        rig.Market(5_300, 5_300.25);
        Assert.That(rig.Risk.Responses, Is.EqualTo(BreakerResponses.PauseStrategies));

        rig.TimeNs += 300 * E9;
        for (var i = 0; i < 4; i++)
            rig.Market(100, 100.25, instrument: 1);
        var e = rig.Market(100, 100.25, instrument: 1);
        Assert.That(e.Verdict.BreakerStateOf(BreakerKind.MarketVolatility), Is.EqualTo(BreakerState.Closed));
    }

    [Test]
    public void ShouldThrottleWhenSignalsComeLate()
    {
        var rig = new StageRig(Generous with { Breakers = new BreakerOptions { ThrottledOrdersPerSecond = 2 } });
        rig.Market(100, 100.25);
        for (var i = 0; i < 50; i++)
            rig.LateSignal();
        Assert.That(rig.Risk.Responses, Is.EqualTo(BreakerResponses.Throttle));
        rig.TimeNs += 2 * E9;
        Assert.That(rig.Signal(Side.Buy, 1).Verdict.ApprovedQuantity, Is.EqualTo(1));
        Assert.That(rig.Signal(Side.Buy, 1).Verdict.ApprovedQuantity, Is.EqualTo(1));
        Assert.That(rig.Signal(Side.Buy, 1).Verdict.Violations, Is.EqualTo(RiskViolations.OrderRate));
        rig.Drain();
        rig.TimeNs += 120 * E9;
        for (var i = 0; i < 5; i++)
            rig.Signal(Side.Buy, 1);
        Assert.That(rig.Risk.Responses, Is.EqualTo(BreakerResponses.None));
    }

    [Test]
    public void ShouldHoldOrdersWhenOneIsNotAnswered()
    {
        var rig = new StageRig(gateway: new SilentVenue());
        rig.Market(100, 100.25);
        var order = rig.Signal(Side.Buy, 2);
        rig.TimeNs += 5 * E9 - 1;
        Assert.That(rig.Signal(Side.Buy, 1).Verdict.ApprovedQuantity, Is.EqualTo(1), "a nanosecond before");
        rig.TimeNs++;
        var e = rig.NewEvent(EventKind.Timer, 0);
        rig.Run(ref e);
        Assert.That(e.Verdict.Changes, Is.EqualTo(RiskChanges.Breaker), "time alone is enough");
        Assert.That(e.Verdict.BreakerStateOf(BreakerKind.UnansweredOrder), Is.EqualTo(BreakerState.Open));
        Assert.That(e.Verdict.Responses, Is.EqualTo(BreakerResponses.HoldOrders));
        Assert.That(rig.Signal(Side.Buy, 1).Verdict.Violations, Is.EqualTo(RiskViolations.VenueFailing));
        rig.Report(Filled(order, 2));
        Assert.That(rig.Signal(Side.Sell, 1).Verdict.ApprovedQuantity, Is.EqualTo(1), "it takes risk off");
    }

    [Test]
    public void ShouldCloseWhenTheTriesAreAnswered()
    {
        var rig = new StageRig(gateway: new SilentVenue());
        rig.Market(100, 100.25);
        rig.Signal(Side.Buy, 1);
        rig.TimeNs += 5 * E9;
        Assert.That(rig.Signal(Side.Buy, 1).Verdict.Violations, Is.EqualTo(RiskViolations.VenueFailing));

        rig.TimeNs += 60 * E9;
        PipelineEvent e = default;
        for (var i = 0; i < 5; i++)
            e = rig.Report(Filled(rig.Signal(Side.Buy, 1), 1));
        Assert.That(e.Verdict.BreakerStateOf(BreakerKind.UnansweredOrder), Is.EqualTo(BreakerState.Closed));
        Assert.That(rig.Risk.PendingQuantity(0), Is.EqualTo(1), "what was never answered may still be executed");
    }

    [Test]
    public void ShouldOpenAnewWhenATryIsNotAnswered()
    {
        var rig = new StageRig(gateway: new SilentVenue());
        rig.Market(100, 100.25);
        rig.Signal(Side.Buy, 1);
        rig.TimeNs += 5 * E9;
        rig.Market(100, 100.25);
        rig.TimeNs += 60 * E9;
        Assert.That(rig.Signal(Side.Buy, 1).Verdict.ApprovedQuantity, Is.EqualTo(1), "the first was told of once");
        rig.TimeNs += 5 * E9;
        Assert.That(rig.Signal(Side.Buy, 1).Verdict.Violations, Is.EqualTo(RiskViolations.VenueFailing));
    }

    private static ExecutionReport Filled(in PipelineEvent e, int quantity) => new()
    {
        OrderId = e.Routing.Order.OrderId,
        Kind = ExecutionReportKind.Trade,
        Side = e.Routing.Order.Side,
        LastQuantity = quantity,
        CumulativeQuantity = quantity,
        LastPriceE9 = Price(100),
    };

    /// <summary>Ends of orders that nobody waits for, so that nothing but the breakers sees them.</summary>
    private void Answer(StageRig rig, int orders, VenueRejectReason reason, byte speaker = 0)
    {
        for (var i = 0; i < orders; i++)
        {
            rig.Report(new ExecutionReport
            {
                OrderId = ++_lastForeignOrder,
                Kind = reason == VenueRejectReason.None ? ExecutionReportKind.Expired : ExecutionReportKind.Rejected,
                Side = Side.Buy,
                RejectReason = reason,
                Venue = speaker,
            });
        }
    }
}
