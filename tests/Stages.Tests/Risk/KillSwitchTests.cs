using ExecutionPipeline.Execution.Limits;
using ExecutionPipeline.Execution.Orders;
using ExecutionPipeline.Messages.Events;
using static ExecutionPipeline.Stages.Tests.StageRig;

namespace ExecutionPipeline.Stages.Tests.Risk;

/// <summary>What trips the kill switch, what that does within the same event, and what releases it.</summary>
[TestFixture]
public class KillSwitchTests
{
    [Test]
    public void ShouldTripOnceWhenTheLossReachesItsCap()
    {
        var rig = new StageRig(Capped(0.01));
        rig.Market(5_000, 5_000.25);
        rig.Signal(Side.Buy, 50);
        rig.Drain();
        Assert.That(rig.Market(4_997, 4_997.25).Verdict.Changes, Is.EqualTo(RiskChanges.None));
        var e = rig.Market(4_990, 4_990.25);
        Assert.That(e.Portfolio.DailyDrawdown, Is.GreaterThan(0.01));
        Assert.That((e.Verdict.Changes, e.Verdict.KillCause), Is.EqualTo((RiskChanges.Tripped, KillCause.LossCap)));
        Assert.That(rig.Signal(Side.Buy, 1).Verdict.Violations, Is.EqualTo(RiskViolations.KillSwitch));

        rig.Command(CommandKind.Resume);
        Assert.That(rig.Market(4_989, 4_989.25).Verdict.KillSwitch, Is.Zero, "released knowingly");
        rig.Market(4_999, 4_999.25);
        Assert.That(rig.Market(4_989, 4_989.25).Verdict.Changes, Is.EqualTo(RiskChanges.Tripped), "once more");
    }

    /// <summary>Who releases the switch from another kill has not been told of the loss.</summary>
    [Test]
    public void ShouldTripWhenItIsReleasedFromAnotherKillUnderWhichTheLossReachedItsCap()
    {
        var rig = new StageRig(Capped(0.01));
        rig.Market(5_000, 5_000.25);
        rig.Signal(Side.Buy, 50);
        rig.Drain();
        rig.Command(CommandKind.Kill);
        rig.Market(4_990, 4_990.25);
        Assert.That(rig.Risk.KillCause, Is.EqualTo(KillCause.Command));
        rig.Command(CommandKind.Resume);
        var e = rig.Market(4_989, 4_989.25);
        Assert.That((e.Verdict.Changes, e.Verdict.KillCause), Is.EqualTo((RiskChanges.Tripped, KillCause.LossCap)));

        rig.Market(4_999, 4_999.25);
        rig.Market(4_988, 4_988.25);
        rig.Command(CommandKind.Resume);
        Assert.That(rig.Market(4_987, 4_987.25).Verdict.KillSwitch, Is.Zero, "released knowingly");
    }

    /// <summary>The day's first update may be beyond the cap already, as after a weekend.</summary>
    [Test]
    public void ShouldTripOnAnotherDayWhenTheLossOfTheDayBeforeWasKnown()
    {
        var rig = new StageRig(Capped(0.01));
        rig.Market(5_000, 5_000.25);
        rig.Signal(Side.Buy, 50);
        rig.Drain();
        rig.Market(4_990, 4_990.25);
        rig.Command(CommandKind.Resume);
        Assert.That(rig.Market(4_989, 4_989.25).Verdict.KillSwitch, Is.Zero, "released knowingly");

        rig.TimeNs += 86_400 * E9;
        var e = rig.Market(4_930, 4_930.25);
        Assert.That(e.Verdict.Changes.HasFlag(RiskChanges.Tripped));
        Assert.That(e.Verdict.KillCause, Is.EqualTo(KillCause.LossCap));
    }

    [Test]
    public void ShouldNotTripOnTheEnginesWordWhenASignalSpeaksOfALoss()
    {
        var rig = new StageRig(Capped(0.01));
        rig.Market(5_000, 5_000.25);
        var signal = rig.NewSignal();
        signal.Payload.TradeQualified.Drawdown = 0.5;
        rig.Run(ref signal, new Decision { Side = Side.Buy, Quantity = 1 });
        Assert.That(rig.Risk.IsKilled, Is.False);
    }

    [Test]
    public void ShouldTripWhenMoreIsHeldThanAllowed()
    {
        var rig = new StageRig(Generous with { MaxPosition = 5 });
        rig.Market(100, 100.25);
        var report = new ExecutionReport
        {
            OrderId = 900,
            ExecutionId = 900,
            Kind = ExecutionReportKind.Trade,
            Side = Side.Sell,
            LastQuantity = 6,
            LastPriceE9 = Price(100),
        };
        Assert.That(rig.Report(report).Verdict.KillCause, Is.EqualTo(KillCause.PositionBreach));
    }

    [Test]
    public void ShouldTripWhenTooManyOrdersAreRefusedInAShortTime()
    {
        var rig = new StageRig(Generous with
        {
            MaxPosition = 1,
            KillSwitch = new KillSwitchOptions { MaxRefusals = 3, RefusalWindowMs = 1_000 },
        });
        rig.Market(100, 100.25);
        for (var i = 0; i < 5; i++)
        {
            Assert.That(rig.Signal(Side.Buy, 2).Verdict.Changes, Is.EqualTo(RiskChanges.None));
            rig.TimeNs += E9 / 2;
        }

        rig.Signal(Side.Buy, 2);
        rig.Signal(Side.Buy, 2);
        Assert.That(rig.Risk.KillCause, Is.EqualTo(KillCause.RefusalBreach));
    }

    /// <summary>An engine that goes on while the desk has stopped it does nothing wrong.</summary>
    [TestCase(CommandKind.StopEntries, CommandKind.ResumeEntries)]
    [TestCase(CommandKind.JournalDegraded, CommandKind.JournalRestored)]
    [TestCase(CommandKind.Restart, CommandKind.Reconciled)]
    [TestCase(CommandKind.Kill, CommandKind.Resume)]
    public void ShouldCountNoRefusalWhenNothingMayAddRisk(CommandKind stop, CommandKind release)
    {
        var rig = new StageRig(Generous with
        {
            MaxPosition = 1,
            KillSwitch = new KillSwitchOptions { MaxRefusals = 3, RefusalWindowMs = 1_000 },
        });
        rig.Market(100, 100.25);
        rig.Command(stop);
        for (var i = 0; i < 5; i++)
            Assert.That(rig.Signal(Side.Buy, 1).Verdict.ApprovedQuantity, Is.Zero);
        rig.Command(release);
        Assert.That(rig.Risk.IsKilled, Is.False);

        rig.Signal(Side.Buy, 2);
        rig.Signal(Side.Buy, 2);
        Assert.That(rig.Risk.IsKilled, Is.False, "two that break a limit");
        rig.Signal(Side.Buy, 2);
        Assert.That(rig.Risk.KillCause, Is.EqualTo(KillCause.RefusalBreach), "the third");
    }

    [Test]
    public void ShouldCancelWhatRestsInEveryInstrumentWhenOneEventTripsIt()
    {
        var rig = new StageRig(Capped(0.01), instruments: 2);
        rig.Market(5_000, 5_000.25);
        rig.Market(100, 100.25, instrument: 1);
        rig.Signal(Side.Buy, 50);
        rig.Drain();
        Rest(rig, 0, 4_000);
        Rest(rig, 1, 90);
        rig.Market(4_980, 4_980.25);
        rig.Drain();
        Assert.That(rig.Risk.KillCause, Is.EqualTo(KillCause.LossCap));
        Assert.That(rig.Routing.Orders.WorkingOrders, Is.Zero);
        Assert.That(rig.Routing.CancelsSent, Is.EqualTo(2));
        Assert.That(rig.Portfolio.Position(0), Is.EqualTo(50), "positions stay");
    }

    [Test]
    public void ShouldStayLatchedWhenTheCommandToReleaseGivesNoReason()
    {
        var rig = new StageRig();
        rig.Market(100, 100.25);
        var e = rig.Command(CommandKind.Kill);
        Assert.That((e.Verdict.Changes, e.Verdict.KillCause), Is.EqualTo((RiskChanges.Tripped, KillCause.Command)));
        Assert.That(rig.Command(CommandKind.Kill).Verdict.Changes, Is.EqualTo(RiskChanges.None), "latched already");
        Assert.That(rig.Command(CommandKind.Resume, reason: 0).Verdict.KillSwitch, Is.EqualTo(1));
        rig.TimeNs += 86_400 * E9;
        rig.Market(100, 100.25);
        Assert.That(rig.Risk.IsKilled, Is.True, "a new day releases nothing");
        Assert.That(rig.Command(CommandKind.Resume).Verdict.Changes, Is.EqualTo(RiskChanges.Released));
        Assert.That(rig.Command(CommandKind.Resume).Verdict.Changes, Is.EqualTo(RiskChanges.None));
    }

    private static RiskLimits Capped(double cap) =>
        Generous with { KillSwitch = new KillSwitchOptions { DailyLossCap = cap } };

    private static void Rest(StageRig rig, int instrument, double price)
    {
        var order = new Order
        {
            OrderId = 1_000_000 + (ulong)rig.Routing.Orders.WorkingOrders,
            InstrumentIndex = instrument,
            Side = Side.Buy,
            Type = OrderType.Limit,
            TimeInForce = TimeInForce.GoodTillCancel,
            Quantity = 2,
            LimitPriceE9 = Price(price),
        };
        Assert.That(rig.Routing.Orders.TryAdd(order, out var slot), Is.True);
        rig.Gateway.Submit(rig.Routing.Orders[slot], rig.TimeNs);
        rig.Drain();
    }
}
