using ExecutionPipeline.Execution.Limits;
using ExecutionPipeline.Messages.Events;
using ExecutionPipeline.Stages.Tests.Routing;
using static ExecutionPipeline.Stages.Tests.StageRig;

namespace ExecutionPipeline.Stages.Tests.Risk;

/// <summary>An order's initial margin, with all that is held and pending, against what the account can bind.</summary>
[TestFixture]
public class MarginTests
{
    [Test]
    public void ShouldRefuseWhenPositionPendingAndOrderNeedMoreThanThereIs()
    {
        var limits = Generous with { MaxMarginShare = 0.1 };
        var rig = new StageRig(limits, instruments: 2, gateway: new SilentVenue());
        rig.Market(100, 100.25);
        rig.Market(100, 100.25, instrument: 1);
        var margin = rig.Instruments[0].MarginPerContractE6 * 1e-6;
        var room = (int)(100_000 / margin);
        Assert.That(room, Is.GreaterThan(2));

        rig.Signal(Side.Buy, 1, instrument: 1);
        Assert.That(rig.Signal(Side.Buy, room - 2).Verdict.Violations, Is.EqualTo(RiskViolations.None));
        var refused = rig.Signal(Side.Buy, 2);
        Assert.That(refused.Verdict.Violations, Is.EqualTo(RiskViolations.InitialMargin));
        var (limit, value) = new ViolationFigures(rig.Instruments, limits)
            .Of(in refused, RiskViolations.InitialMargin);
        Assert.That((limit, value), Is.EqualTo((100_000.0, (room + 1) * margin)));
        Assert.That(rig.Signal(Side.Buy, 1).Verdict.ApprovedQuantity, Is.EqualTo(1), "what is available may be used");
        Assert.That(rig.Signal(Side.Sell, 1).Verdict.ApprovedQuantity, Is.EqualTo(1), "the other side needs no more");
    }

    [Test]
    public void ShouldLetRiskBeTakenOffWhenTheMarginIsShort()
    {
        var rig = new StageRig(Generous with { MaxMarginShare = 0.1 });
        rig.Market(1_000, 1_000.25);
        rig.Signal(Side.Buy, 5);
        rig.Drain();
        rig.Market(100, 100.25);
        Assert.That(rig.Signal(Side.Sell, 5).Verdict.ApprovedQuantity, Is.EqualTo(5));
    }
}
