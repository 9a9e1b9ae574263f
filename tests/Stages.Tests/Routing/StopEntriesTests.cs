using ExecutionPipeline.Execution.Algorithms;
using ExecutionPipeline.Execution.Brackets;
using ExecutionPipeline.Execution.Limits;
using ExecutionPipeline.Messages.Events;
using static ExecutionPipeline.Stages.Tests.StageRig;

namespace ExecutionPipeline.Stages.Tests.Routing;

/// <summary>Entries are stopped and exits go on, apart from the kill switch.</summary>
[TestFixture]
public class StopEntriesTests
{
    [Test]
    public void ShouldRefuseWhatAddsRiskAndLetTheRestPassWhenEntriesAreStopped()
    {
        var rig = Held(3);
        var stopped = rig.Command(CommandKind.StopEntries);
        Assert.That((stopped.Verdict.Changes, stopped.Verdict.EntriesStopped), Is.EqualTo((
            RiskChanges.EntriesStopped, (byte)1)));
        Assert.That(rig.Risk.IsKilled, Is.False, "the kill switch is another one");
        Assert.That(rig.Command(CommandKind.StopEntries).Verdict.Changes, Is.EqualTo(RiskChanges.None));

        var entry = rig.Signal(Side.Buy, 1);
        Assert.That(
            (entry.Verdict.ApprovedQuantity, entry.Verdict.Violations, entry.Routing.Outcome),
            Is.EqualTo((0, RiskViolations.EntriesStopped, RoutingOutcome.RiskRefused)));
        Assert.That(rig.Signal(Side.Sell, 2).Verdict.ApprovedQuantity, Is.EqualTo(2), "it takes risk off");
        rig.Drain();
        Assert.That(rig.Portfolio.Position(0), Is.EqualTo(1));
        Assert.That(rig.Routing.Orders.WorkingOrders, Is.EqualTo(2), "stop and target of what is left");
        rig.Market(4_900, 4_900.25);
        rig.Drain();
        Assert.That((rig.Portfolio.Position(0), rig.Routing.Orders.WorkingOrders), Is.EqualTo((0, 0)), "stopped out");

        var resumed = rig.Command(CommandKind.ResumeEntries);
        Assert.That((resumed.Verdict.Changes, resumed.Verdict.EntriesStopped), Is.EqualTo((
            RiskChanges.EntriesResumed, (byte)0)));
        Assert.That(rig.Signal(Side.Buy, 1).Verdict.ApprovedQuantity, Is.EqualTo(1));
    }

    [Test]
    public void ShouldCutAReversalToWhatClosesWhenEntriesAreStopped()
    {
        var rig = Held(3, Generous with { CutToAdmissibleSize = true });
        rig.Command(CommandKind.StopEntries);
        var verdict = rig.Signal(Side.Sell, 5).Verdict;
        Assert.That(
            (verdict.ApprovedQuantity, verdict.Violations & RiskViolations.EntriesStopped),
            Is.EqualTo((3, RiskViolations.EntriesStopped)));
    }

    [Test]
    public void ShouldEndTheParentsThatAddRiskInThatInstrumentAlone()
    {
        var rig = new StageRig(
            instruments: 2, execution: new ExecutionOptions { OnTooDear = TooDearAction.Rest });
        rig.Market(5_000, 5_000.25, traded: 10_000);
        rig.Market(5_000, 5_000.25, instrument: 1, traded: 10_000);
        rig.Signal(Side.Buy, 20, strategy: ExecutionStrategy.Twap5Min);
        rig.Signal(Side.Buy, 20, instrument: 1, strategy: ExecutionStrategy.Twap5Min);
        rig.Drain();
        Assert.That((rig.Routing.WorkingParents, rig.Routing.Orders.WorkingOrders), Is.EqualTo((2, 2)));

        Assert.That(rig.Command(CommandKind.StopEntries).Routing.CancelsSent, Is.EqualTo(1));
        rig.Drain();
        Assert.That((rig.Routing.WorkingParents, rig.Routing.Orders.WorkingOrders), Is.EqualTo((1, 1)));
        Assert.That((rig.Risk.PendingQuantity(0), rig.Risk.PendingQuantity(1)), Is.EqualTo((0, 20)));
        Assert.That((rig.Risk.IsEntryStopped(0), rig.Risk.IsEntryStopped(1)), Is.EqualTo((true, false)));
        Assert.That(rig.Signal(Side.Buy, 1, instrument: 1).Verdict.ApprovedQuantity, Is.EqualTo(1));
    }

    [Test]
    public void ShouldBeApartFromTheKillSwitchWhenOneOfThemIsReleased()
    {
        var rig = Held(1);
        rig.Command(CommandKind.StopEntries);
        rig.Command(CommandKind.Kill);
        rig.Command(CommandKind.Resume);
        Assert.That((rig.Risk.IsKilled, rig.Risk.IsEntryStopped(0)), Is.EqualTo((false, true)));
        rig.Command(CommandKind.Kill);
        rig.Command(CommandKind.ResumeEntries);
        Assert.That((rig.Risk.IsKilled, rig.Risk.IsEntryStopped(0)), Is.EqualTo((true, false)));
        rig.Command(CommandKind.StopEntries);
        rig.Command(CommandKind.ResumeEntries, reason: 0);
        Assert.That(rig.Risk.IsEntryStopped(0), Is.True, "a resume gives a reason");
    }

    private static StageRig Held(int quantity, RiskLimits? limits = null)
    {
        var rig = new StageRig(limits ?? Generous, bracket: new BracketOptions());
        rig.Market(5_000, 5_000.25);
        rig.Signal(Side.Buy, quantity);
        rig.Drain();
        Assert.That(rig.Portfolio.Position(0), Is.EqualTo(quantity));
        return rig;
    }
}
