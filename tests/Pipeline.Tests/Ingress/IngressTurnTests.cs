using ExecutionPipeline.Execution.Orders;
using ExecutionPipeline.Messages.Events;
using ExecutionPipeline.Messages.Ingress;
using ExecutionPipeline.Messages.Wire;
using ExecutionPipeline.Pipeline.Options;

namespace ExecutionPipeline.Pipeline.Tests.Ingress;

/// <summary>One turn of ingress at a time: how much it takes in, in which order, at which time.</summary>
[TestFixture]
public sealed class IngressTurnTests
{
    private const long E9 = EdgeRig.E9;

    [Test]
    public void ShouldTakeAFewOfEachStreamWhenManyMessagesWait()
    {
        using var rig = new EdgeRig();
        for (ulong id = 1; id <= 20; id++)
        {
            rig.Signal(id);
            rig.Quote();
        }

        Assert.That(rig.Host.Ingress.DoWork(), Is.EqualTo(12));
        Assert.That((rig.Host.Ingress.SignalsAdmitted, rig.Host.Ingress.MarketUpdatesAdmitted), Is.EqualTo((4L, 8L)));
        Assert.That((rig.Signals.Waiting, rig.Market.Waiting), Is.EqualTo((16, 12)));
        rig.Turn();
        Assert.That((rig.Host.Ingress.SignalsAdmitted, rig.Host.Ingress.MarketUpdatesAdmitted), Is.EqualTo((20L, 20L)));
    }

    [Test]
    public void ShouldAskNoSignalsWhenReportsWaitAboveTheMark()
    {
        using var rig = new EdgeRig(Topology.Fused);
        rig.Signal(1);
        rig.Quote();
        for (ulong order = 1; order <= 600; order++)
            rig.Report(order);
        rig.Host.Ingress.DoWork();
        Assert.That((rig.Signals.Polls, rig.Market.Polls), Is.EqualTo((0, 0)), "the ring took less than half of them");
        Assert.That((rig.Signals.Waiting, rig.Market.Waiting), Is.EqualTo((1, 1)));
    }

    [Test]
    public void ShouldTakeReportsFirstWhenTheyAreBelowTheMark()
    {
        using var rig = new EdgeRig(Topology.Fused);
        rig.Signal(1);
        for (ulong order = 1; order <= 10; order++)
            rig.Report(1_000 + order);
        Assert.That(rig.Host.Ingress.DoWork(), Is.EqualTo(2), "the reports, and the signal");
        Assert.That((rig.Host.Ingress.SignalsAdmitted, rig.Signals.Waiting), Is.EqualTo((1L, 0)));
    }

    [Test]
    public void ShouldLeaveMessagesWithTheSenderWhenTheRingIsFull()
    {
        using var rig = new EdgeRig(Topology.Fused);
        for (ulong id = 1; id <= 400; id++)
        {
            rig.Signal(id);
            rig.Quote();
        }

        rig.Turn(times: 200);
        var taken = rig.Host.Ingress.SignalsAdmitted + rig.Host.Ingress.MarketUpdatesAdmitted;
        Assert.That(taken, Is.InRange(240, 256));
        Assert.That(rig.Signals.Waiting + rig.Market.Waiting, Is.EqualTo(800 - taken));
        Assert.That(rig.Host.Ingress.DoWork(), Is.Zero);
    }

    [Test]
    public void ShouldRefuseAMessageWhenItComesInPieces()
    {
        using var rig = new EdgeRig();
        rig.Signal(1, isWhole: false);
        rig.Turn();
        Assert.That(rig.Host.Ingress.SignalsAdmitted, Is.Zero);
        Assert.That(rig.Host.Ingress.Rejects[RejectReason.Fragmented], Is.EqualTo(1));
        var error = rig.LastError();
        Assert.That((error.InstrumentId, error.CorrelationId), Is.EqualTo((WireNull.UInt32, WireNull.UInt64)));
        Assert.That((error.Value, error.TimeNs), Is.EqualTo((double.NaN, EdgeRig.StartNs)));
    }

    [TestCase(CommandKind.CancelAll, RoutingOutcome.NothingToDo, 2)]
    [TestCase(CommandKind.Kill, RoutingOutcome.None, 2)]
    [TestCase(CommandKind.Resume, RoutingOutcome.None, 1)]
    public void ShouldGiveACommandToEachInstrumentWhenItEndsOrders(CommandKind kind, RoutingOutcome outcome, int events)
    {
        using var rig = new EdgeRig();
        rig.Command(kind);
        rig.Turn();
        Assert.That(rig.Host.Chain.Routing.CountOf(outcome), Is.EqualTo(events));
        Assert.That(rig.Host.Chain.Risk.IsKilled, Is.EqualTo(kind == CommandKind.Kill));
    }

    [Test]
    public void ShouldRefuseACommandOnModelsWhenThereIsNoStore()
    {
        using var rig = new EdgeRig();
        rig.Command(CommandKind.RollbackModel, id: 31);
        rig.Turn();
        Assert.That(rig.Host.Ingress.Rejects[RejectReason.ModelRefused], Is.EqualTo(1));
        var error = rig.LastError();
        Assert.That((error.CorrelationId, error.RefusedTemplateId), Is.EqualTo((31ul, CommandLayout.TemplateId)));
        Assert.That((error.InstrumentId, error.Value), Is.EqualTo((WireNull.UInt32, double.NaN)));
    }

    [Test]
    public void ShouldKillBeforeItTakesASignalInWhenThatIsRequested()
    {
        using var rig = new EdgeRig();
        rig.Quote();
        rig.Turn();
        rig.Signal(1);
        rig.Host.Ingress.RequestKill(CommandReason.Restart);
        rig.Host.Ingress.RequestKill(CommandReason.Restart + 1);
        rig.Host.Ingress.DoWork();
        Assert.That(rig.Host.Chain.Risk.IsKilled, Is.True);
        Assert.That(rig.Host.Chain.Routing.CountOf(RoutingOutcome.None), Is.EqualTo(2), "once for each instrument");
        Assert.That(rig.Host.Ingress.SignalsAdmitted, Is.EqualTo(1));
        Assert.That(rig.Host.Chain.Routing.OrdersSent, Is.Zero);

        rig.Command(CommandKind.Resume);
        rig.Turn();
        Assert.That(rig.Host.Chain.Risk.IsKilled, Is.False, "the second request came to nothing");
    }

    [Test]
    public void ShouldNeverLetTimeRunBackwardsWhenTheClockDoes()
    {
        using var rig = new EdgeRig();
        foreach (var offsetNs in new[] { 0, 5 * E9, -100 * E9, 6 * E9 })
        {
            rig.TimeNs = EdgeRig.StartNs + offsetNs;
            rig.Quote();
            rig.Turn();
        }

        var times = rig.Shown.Select(static s => s.TimeNs - EdgeRig.StartNs).ToArray();
        Assert.That(times, Is.Ordered);
        Assert.That((times[0], times[1], times[^1]), Is.EqualTo((0L, 5 * E9, 6 * E9)));
    }

    [TestCase(E9 - 1, 0)]
    [TestCase(E9, 1)]
    public void ShouldTellTheTimeWhenASecondHasPassedWithoutAnEvent(long laterNs, int expected)
    {
        using var rig = new EdgeRig();
        rig.Quote();
        rig.Turn();
        rig.TimeNs += laterNs;
        for (var turn = 0; turn < 64; turn++)
            rig.Host.Ingress.DoWork();
        Assert.That(rig.Host.Ingress.Ticks, Is.EqualTo(expected));
        for (var turn = 0; turn < 128; turn++)
            rig.Host.Ingress.DoWork();
        Assert.That(rig.Host.Ingress.Ticks, Is.EqualTo(expected), "the next one is due a second later");
    }

    [Test]
    public void ShouldTellTheTimeWhenNoTurnIsIdle()
    {
        using var rig = new EdgeRig();
        for (var turn = 1; turn <= 35; turn++)
        {
            rig.TimeNs = EdgeRig.StartNs + turn * E9 / 10;
            rig.Quote();
            Assert.That(rig.Host.Ingress.DoWork(), Is.Positive);
        }

        Assert.That(rig.Host.Ingress.Ticks, Is.EqualTo(3));
    }

    [Test]
    public void ShouldTellTheTimeOnceWhenItHasJumped()
    {
        using var rig = new EdgeRig();
        rig.TimeNs += 3_600 * E9 + E9 / 2;
        rig.Quote();
        rig.Turn();
        Assert.That(rig.Host.Ingress.Ticks, Is.EqualTo(1));
        rig.TimeNs += E9 / 2;
        rig.Quote();
        rig.Turn();
        Assert.That(rig.Host.Ingress.Ticks, Is.EqualTo(2), "at the next full second of the row");
    }

    [Test]
    public void ShouldLookAtTheClockSeldomWhenNothingComesIn()
    {
        using var rig = new EdgeRig();
        rig.Quote();
        rig.Turn(times: 1);
        rig.TimeNs += 10 * E9;
        var turns = 0;
        while (rig.Host.Ingress.Ticks == 0 && turns < 1_000)
        {
            rig.Host.Ingress.DoWork();
            turns++;
        }

        Assert.That(turns, Is.EqualTo(64));
    }
}
