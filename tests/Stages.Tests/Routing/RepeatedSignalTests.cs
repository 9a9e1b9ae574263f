using ExecutionPipeline.Messages.Events;
using ExecutionPipeline.Stages.Inference;
using ExecutionPipeline.Stages.Tests.Inference.Swap;
using static ExecutionPipeline.Stages.Tests.StageRig;

namespace ExecutionPipeline.Stages.Tests.Routing;

/// <summary>A signal that comes again, as an engine sends it that has lost its connection.</summary>
[TestFixture]
public class RepeatedSignalTests
{
    private static readonly Decision Buy = new() { Side = Side.Buy, Quantity = 3 };

    [Test]
    public void ShouldSendNothingMoreWhenTheFirstBecameAnOrder()
    {
        var rig = new StageRig();
        rig.Market(100, 100.25);
        var first = rig.NewSignal();
        var again = first;
        Assert.That(rig.Run(ref first, Buy).Routing.Outcome, Is.EqualTo(RoutingOutcome.OrderSent));
        var (pending, orders) = (rig.Risk.PendingQuantity(0), rig.Routing.OrdersSent);
        rig.Run(ref again, Buy);

        Assert.That(again.Routing.Outcome, Is.EqualTo(RoutingOutcome.Repeated));
        Assert.That(again.Signal.Place, Is.EqualTo(first.Signal.Place));
        Assert.That((rig.Risk.PendingQuantity(0), rig.Routing.OrdersSent), Is.EqualTo((pending, orders)));
        Assert.That((rig.Risk.Approved, rig.Risk.TradesToday), Is.EqualTo((1L, 1)));
        rig.Drain();
        Assert.That(rig.Portfolio.Position(0), Is.EqualTo(3));
    }

    /// <summary>Else an engine that insists would trip the kill switch by its refusals.</summary>
    [Test]
    public void ShouldCountOneRefusalWhenTheFirstWasRefused()
    {
        var rig = new StageRig(Generous with
        {
            KillSwitch = new() { DailyLossCap = 1, MaxRefusals = 3 },
            MaxOrderSize = 2,
        });
        rig.Market(100, 100.25);
        var signal = rig.NewSignal();
        for (var i = 0; i < 10; i++)
        {
            var e = signal;
            rig.Run(ref e, Buy);
            Assert.That(e.Routing.Outcome, Is.EqualTo(i == 0 ? RoutingOutcome.RiskRefused : RoutingOutcome.Repeated));
        }

        Assert.That((rig.Risk.Refused, rig.Risk.IsKilled), Is.EqualTo((1L, false)));
    }

    [Test]
    public void ShouldRefuseWhenNobodyCanSayWhetherItWasTakenIn()
    {
        var rig = new StageRig(Generous with { SignalIdsRemembered = 2 });
        rig.Market(100, 100.25);
        var first = rig.NewSignal();
        var again = first;
        rig.Run(ref first, Buy);
        for (var i = 0; i < 2; i++)
        {
            rig.TimeNs += E9;
            rig.Signal(Side.Buy, 1);
        }

        var sent = rig.Routing.OrdersSent;
        rig.Run(ref again, Buy);
        Assert.That(again.Verdict.Violations, Is.EqualTo(RiskViolations.ForgottenSignal));
        Assert.That(rig.Routing.OrdersSent, Is.EqualTo(sent));
    }

    [Test]
    public void ShouldAskNoPolicyWhenASignalComesAgain()
    {
        using var backend = new CountedPolicy(size: 1);
        var stage = new InferenceStage(backend);
        PipelineEvent e = default;
        e.Header.Kind = EventKind.TradeQualified;
        e.Decision = Buy;
        e.Signal.Standing = SignalStanding.Repeated;
        stage.OnEvent(ref e);

        Assert.That((backend.Runs, stage.Decisions), Is.EqualTo((0, 0L)));
        Assert.That((e.Decision.Quantity, e.Decision.Side), Is.EqualTo((0, Side.None)), "an older one's is gone");
        Assert.That(e.Decision.StopLossAtr, Is.NaN);
    }
}
