using ExecutionPipeline.Execution.Limits;
using ExecutionPipeline.Messages.Events;
using static ExecutionPipeline.Stages.Tests.StageRig;

namespace ExecutionPipeline.Stages.Tests.Risk;

/// <summary>Limits that are changed by an event.</summary>
public sealed class LimitChangeTests
{
    private static IEnumerable<LimitKey> Keys() => Enum.GetValues<LimitKey>().Where(static key => key != LimitKey.None);

    [Test]
    public void ShouldHoldOrdersAgainstTheNewLimitWhenItWasChanged()
    {
        var rig = new StageRig();
        rig.Market(4_999.75, 5_000.25);
        Assert.That(rig.Signal(Side.Buy, 3).Verdict.Violations, Is.EqualTo(RiskViolations.None));
        rig.Drain();

        Change(rig, LimitKey.MaxPosition, 4);

        Assert.That(rig.Signal(Side.Buy, 2).Verdict.Violations, Is.EqualTo(RiskViolations.Position));
        Assert.That(rig.Signal(Side.Buy, 1).Verdict.Violations, Is.EqualTo(RiskViolations.None), "up to the limit");
        Assert.That(rig.Risk.Limits.MaxPosition, Is.EqualTo(4));
    }

    [Test]
    public void ShouldHoldOrdersAgainstAnAmountWhenItWasChanged()
    {
        var rig = new StageRig();
        rig.Market(4_999.75, 5_000.25);

        Change(rig, LimitKey.MaxNotional, 499_999.5);

        Assert.That(rig.Signal(Side.Buy, 2).Verdict.Violations, Is.EqualTo(RiskViolations.Notional));
        Assert.That(rig.Signal(Side.Buy, 1).Verdict.Violations, Is.EqualTo(RiskViolations.None));
    }

    [TestCaseSource(nameof(Keys))]
    public void ShouldChangeThatLimitAloneWhenItIsNamed(LimitKey key)
    {
        var before = new RiskLimits();
        var value = key == LimitKey.MinOrderSize ? 2 : ReloadableLimits.Of(before, key) / 2;
        value = value >= 1 ? Math.Floor(value) : value;

        var after = ReloadableLimits.With(before, key, value);

        Assert.That(ReloadableLimits.Of(after, key), Is.EqualTo(value));
        foreach (var other in Keys().Where(other => other != key))
            Assert.That(ReloadableLimits.Of(after, other), Is.EqualTo(ReloadableLimits.Of(before, other)), $"{other}");
    }

    /// <summary>What was approved before stays approved, and what takes risk off breaks nothing.</summary>
    [TestCase(Side.Buy)]
    [TestCase(Side.Sell)]
    public void ShouldNotTripTheKillSwitchWhenMoreIsHeldThanTheLoweredLimit(Side side)
    {
        var rig = new StageRig();
        rig.Market(4_999.75, 5_000.25);
        rig.Signal(side, 6);
        rig.Drain();
        rig.Signal(side, 2);
        Change(rig, LimitKey.MaxPosition, 4);
        rig.Drain();
        Assert.That(Math.Abs(rig.Portfolio.Position(0)), Is.EqualTo(8));
        Assert.That(rig.Risk.IsKilled, Is.False, "it was approved before");

        rig.Signal(side == Side.Buy ? Side.Sell : Side.Buy, 3);
        rig.Drain();
        Assert.That(Math.Abs(rig.Portfolio.Position(0)), Is.EqualTo(5));
        Assert.That(rig.Risk.IsKilled, Is.False, "it took risk off");

        rig.Report(Stray(side, 1, 5_000));
        Assert.That(rig.Risk.KillCause, Is.EqualTo(KillCause.PositionBreach), "nobody has approved that");
    }

    [Test]
    public void ShouldHoldThePositionAgainstTheLoweredLimitWhenItWasWithinItOnce()
    {
        var rig = new StageRig();
        rig.Market(4_999.75, 5_000.25);
        rig.Signal(Side.Buy, 6);
        rig.Drain();
        Change(rig, LimitKey.MaxPosition, 4);
        rig.Signal(Side.Sell, 2);
        rig.Drain();
        Assert.That((rig.Portfolio.Position(0), rig.Risk.IsKilled), Is.EqualTo((4, false)));
        rig.Report(Stray(Side.Buy, 1, 5_000));
        Assert.That(rig.Risk.KillCause, Is.EqualTo(KillCause.PositionBreach));
    }

    /// <summary>What was granted was granted on its side.</summary>
    [TestCase(true)]
    [TestCase(false)]
    public void ShouldTripWhenTheOtherSideIsHeldBeyondALoweredLimit(bool isHeld)
    {
        var rig = new StageRig();
        rig.Market(4_999.75, 5_000.25);
        rig.Signal(Side.Buy, 8);
        if (isHeld)
            rig.Drain();
        Change(rig, LimitKey.MaxPosition, 4);
        rig.Report(Stray(Side.Sell, isHeld ? 15 : 8, 5_000));
        Assert.That(rig.Portfolio.Position(0), Is.LessThan(-4));
        Assert.That(rig.Risk.KillCause, Is.EqualTo(KillCause.PositionBreach));
    }

    private static void Change(StageRig rig, LimitKey key, double value)
    {
        var e = rig.NewEvent(EventKind.Command, 0);
        e.Payload.Command = new Command
        {
            Kind = CommandKind.SetLimit,
            Reason = CommandReason.Reload,
            SendTimeNs = rig.TimeNs,
            Limit = key,
            LimitValue = value,
        };
        rig.Run(ref e);
    }
}
