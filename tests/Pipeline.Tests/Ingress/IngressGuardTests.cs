using ExecutionPipeline.Messages.Events;
using ExecutionPipeline.Messages.Ingress;
using ExecutionPipeline.Pipeline.Ingress;
using ExecutionPipeline.Pipeline.Options;
using ExecutionPipeline.Pipeline.Ring;

namespace ExecutionPipeline.Pipeline.Tests.Ingress;

/// <summary>What ingress keeps out, keeps room for, and sets right.</summary>
[TestFixture]
public sealed class IngressGuardTests
{
    private const long E9 = EdgeRig.E9;

    [TestCase(CommandKind.Kill)]
    [TestCase(CommandKind.Resume)]
    [TestCase(CommandKind.RollbackModel)]
    public void ShouldRefuseACommandWhenItComesOnAnotherStream(CommandKind kind)
    {
        using var rig = new EdgeRig();
        rig.Command(kind, stream: rig.Signals);
        rig.Command(kind, stream: rig.Market);
        rig.Turn();
        Assert.That(rig.Host.Ingress.Rejects[RejectReason.WrongStream], Is.EqualTo(2));
        Assert.That(rig.Host.Ingress.Rejects.Total, Is.EqualTo(2));
        Assert.That(rig.Host.Chain.Risk.IsKilled, Is.False);
    }

    [Test]
    public void ShouldRefuseAMessageWhenItsStreamCarriesOthers()
    {
        using var rig = new EdgeRig();
        rig.Signal(1);
        rig.Signals.MoveTo(rig.Commands);
        rig.Turn();
        rig.Signal(2);
        rig.Signals.MoveTo(rig.Market);
        rig.Turn();
        rig.Quote();
        rig.Market.MoveTo(rig.Signals);
        rig.Turn();
        Assert.That(rig.Host.Ingress.Rejects[RejectReason.WrongStream], Is.EqualTo(3));
        Assert.That((rig.Host.Ingress.SignalsAdmitted, rig.Host.Ingress.MarketUpdatesAdmitted), Is.EqualTo((0L, 0L)));
        rig.Signal(3);
        rig.Quote();
        rig.Turn();
        Assert.That((rig.Host.Ingress.SignalsAdmitted, rig.Host.Ingress.MarketUpdatesAdmitted), Is.EqualTo((1L, 1L)));
    }

    [TestCase(0)]
    [TestCase(5)]
    [TestCase(-7)]
    public void ShouldTakeTheSendersStepOffWhenTheirClockIsAhead(int seconds)
    {
        using var rig = new EdgeRig { AheadNs = seconds * E9 };
        rig.Quote();
        rig.Turn();
        Assert.That(rig.Shown.Single().TimeNs, Is.EqualTo(EdgeRig.StartNs));
        Assert.That(rig.Shown.Single().Update.SendTimeNs, Is.EqualTo(EdgeRig.StartNs - seconds * E9));
    }

    // Signals that were sent five seconds ago are late; those sent in five seconds are not.
    [TestCase(5, BreakerResponses.Throttle)]
    [TestCase(-5, BreakerResponses.None)]
    public void ShouldJudgeASignalsLatenessByTheEventClockWhenTheSendersIsAhead(int seconds, BreakerResponses expected)
    {
        using var rig = new EdgeRig { AheadNs = seconds * E9 };
        for (ulong id = 1; id <= 50; id++)
            rig.Signal(id);
        rig.Turn();
        Assert.That(rig.Host.Chain.Risk.Responses & BreakerResponses.Throttle, Is.EqualTo(expected));
    }

    [Test]
    public void ShouldRefuseAReportWhenItIsOfNoInstrument()
    {
        using var rig = new EdgeRig();
        rig.Report(50, instrument: 2);
        rig.Report(51, instrument: 1);
        rig.Turn();
        Assert.That((rig.Host.Ingress.ReportsTaken, rig.Host.Ingress.Rejects.Total), Is.EqualTo((2L, 1L)));
        Assert.That(rig.Host.Chain.Routing.Orders.UnknownReports, Is.EqualTo(1));
        Assert.That(rig.LastError().CorrelationId, Is.EqualTo(50));
    }

    /// <summary>Two instruments: two slots are kept, and a kill for all takes them. More wait off the stream.</summary>
    [Test]
    public void ShouldKeepRoomForAKillWhenTheRingIsFull()
    {
        using var rig = new EdgeRig(Topology.Fused);
        for (ulong id = 1; id <= 300; id++)
            rig.Signal(id);
        rig.Turn();
        Assert.That(rig.Host.Ingress.SignalsAdmitted, Is.EqualTo(254));
        rig.Command(CommandKind.CancelAll);
        rig.Command(CommandKind.Kill);
        for (var turn = 0; turn < 3; turn++)
            rig.Host.Ingress.DoWork();
        Assert.That(rig.Commands.Waiting, Is.Zero);
        for (var i = 0; i < 40; i++)
            rig.Command(CommandKind.Kill);
        for (var turn = 0; turn < 20; turn++)
            Assert.That(rig.Host.Ingress.DoWork, Throws.Nothing);
        Assert.That(rig.Commands.Waiting, Is.EqualTo(40 - 16), "as many as are kept");
        Assert.That(rig.Signals.Waiting, Is.EqualTo(46));
    }

    [Test]
    public void ShouldCloseTheGateWhenAKillIsAskedFor()
    {
        var gate = new KillGate(new TradingFault());
        Assert.That((gate.IsClosed, gate.HasRequest), Is.EqualTo((false, false)));
        gate.Request(CommandReason.Host);
        gate.Request(CommandReason.Restart);
        Assert.That((gate.IsClosed, gate.HasRequest), Is.EqualTo((true, true)));
    }

    [Test]
    public void ShouldLetOrdersLeaveAgainWhenTheKillWasHandledAndReleased()
    {
        using var rig = new EdgeRig();
        rig.Quote();
        rig.Turn();
        rig.Host.Ingress.RequestKill(CommandReason.Host);
        rig.Command(CommandKind.Kill);
        rig.Turn();
        rig.Signal(1);
        rig.Turn();
        Assert.That(rig.Host.Chain.Routing.OrdersSent, Is.Zero, "risk refuses");
        rig.Command(CommandKind.Resume);
        rig.Turn();
        rig.Quote();
        rig.Turn();
        rig.Signal(2);
        rig.Turn();
        Assert.That(rig.Host.Chain.Routing.OrdersSent, Is.EqualTo(1));
        Assert.That(rig.Host.Chain.Routing.Rejected, Is.Zero, "the gate is open");
    }
}
