using ExecutionPipeline.Execution.Orders;
using ExecutionPipeline.Execution.Venues;
using ExecutionPipeline.Messages.Events;
using ExecutionPipeline.Messages.Ingress;
using ExecutionPipeline.Messages.Wire;
using ExecutionPipeline.Pipeline.Ingress;
using ExecutionPipeline.Pipeline.Options;
using ExecutionPipeline.Pipeline.Ring;

namespace ExecutionPipeline.Pipeline.Tests.Ingress;

/// <summary>What ingress keeps out, keeps room for, and sets right.</summary>
[TestFixture]
public sealed class IngressGuardTests
{
    private const long E9 = EdgeRig.E9;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

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
        rig.Host.Ingress.RequestKill(CommandReason.Host);
        Assert.That(rig.Host.Ingress.DoWork, Throws.Nothing, "the request waits for its place");
        Assert.That(rig.Signals.Waiting, Is.EqualTo(46));
    }

    [Test]
    public void ShouldPutNothingIntoTheRoomThatIsKeptForAKill()
    {
        using var rig = new EdgeRig(Topology.Fused);
        for (ulong id = 1; id <= 252; id++)
            rig.Signal(id);
        rig.Turn();
        rig.Command(CommandKind.CancelAll);
        for (ulong id = 253; id <= 260; id++)
            rig.Signal(id);
        rig.Turn();
        Assert.That(rig.Host.Ingress.SignalsAdmitted, Is.EqualTo(252), "the command took the last room, exactly");

        rig.TimeNs += 2 * E9;
        for (var turn = 0; turn < 130; turn++)
            rig.Host.Ingress.DoWork();
        Assert.That(rig.Host.Ingress.Ticks, Is.Zero, "a timer waits too");
    }

    [Test]
    public void ShouldLetOrdersLeaveWhenACommandIsNoKill()
    {
        using var rig = new EdgeRig();
        rig.Quote();
        rig.Command(CommandKind.CancelAll);
        rig.Turn();
        Assert.That(rig.Host.IsKilled, Is.False);
        rig.Signal(1);
        rig.Turn();
        Assert.That(rig.Host.Chain.Routing.OrdersSent, Is.EqualTo(1));
        Assert.That(rig.Host.Chain.Routing.Rejected, Is.Zero);
    }

    [TestCase(WireNull.UInt32)]
    [TestCase(7u)]
    public void ShouldCloseTheGateFromAKillsArrivalUntilItIsRoutedAndReleased(uint instrument)
    {
        using (var waiting = new EdgeRig(Topology.Fused))
        {
            waiting.Command(CommandKind.Kill, instrument: instrument);
            waiting.Host.Ingress.DoWork();
            Assert.That(waiting.Host.IsKilled, Is.True, "its event is still on the ring");
        }

        using var rig = new EdgeRig();
        rig.Command(CommandKind.Kill, instrument: instrument);
        rig.Turn();
        Assert.That(rig.Host.IsKilled, Is.True);
        rig.Command(CommandKind.Resume);
        rig.Turn();
        Assert.That(rig.Host.IsKilled, Is.False, "no kill is announced that does not come");
    }

    [Test]
    public void ShouldStayKilledWhenAResumeCameInBeforeTheKill()
    {
        using var rig = new EdgeRig();
        rig.Command(CommandKind.Kill);
        rig.Turn();
        rig.Command(CommandKind.Resume);
        rig.Command(CommandKind.Kill);
        rig.Turn();
        Assert.That(rig.Host.Chain.Risk.IsKilled, Is.True, "the kill goes first, and is the operator's last word");
        rig.Command(CommandKind.Kill);
        rig.Command(CommandKind.Resume);
        rig.Turn();
        Assert.That(rig.Host.Chain.Risk.IsKilled, Is.False);
    }

    [TestCase(true)]
    [TestCase(false)]
    public void ShouldStayKilledWhenAnOlderResumeWaitsForRoom(bool isRequested)
    {
        var rig = new EdgeRig(Topology.Fused);
        using var host = rig.Host;
        for (ulong id = 1; id <= 254; id++)
            rig.Signal(id);
        rig.Turn();
        rig.Command(CommandKind.Resume);
        rig.Turn();
        Assert.That(rig.Commands.Waiting, Is.Zero, "it waits for room on the ring");
        if (isRequested)
            host.Ingress.RequestKill(CommandReason.Host);
        else
            rig.Command(CommandKind.Kill);
        rig.Turn();
        host.Start();
        Assert.That(
            () => host.Chain.Routing.CountOf(RoutingOutcome.None),
            Is.EqualTo(3).After((int)Patience.TotalMilliseconds, 10), "two kills and the resume");
        Assert.That(host.Chain.Risk.IsKilled, Is.True);
    }

    /// <summary>A kill by signal overtakes the stream, and that of another sender may.</summary>
    [TestCase(true)]
    [TestCase(false)]
    public void ShouldStayKilledWhenAResumeThatWasSentBeforeIsReadAfterTheKill(bool isRequested)
    {
        using var rig = new EdgeRig();
        rig.Command(CommandKind.Kill);
        rig.Turn();
        var sentNs = rig.TimeNs;
        rig.TimeNs += E9;
        if (isRequested)
            rig.Host.Ingress.RequestKill(CommandReason.ProcessSignal);
        else
            rig.Command(CommandKind.Kill);
        rig.TimeNs = sentNs + E9 - 1;
        rig.Command(CommandKind.Resume);
        rig.TimeNs = sentNs + E9;
        rig.Turn();
        Assert.That(rig.Host.Chain.Risk.IsKilled, Is.True, "who sent it had not heard of the kill");

        rig.Command(CommandKind.Resume);
        rig.Turn();
        Assert.That(rig.Host.Chain.Risk.IsKilled, Is.False, "it was sent behind the kill");
    }

    /// <summary>A sender whose clock is wrong by years latches nothing for years.</summary>
    [Test]
    public void ShouldReleaseTheSwitchWhenTheKillWasStampedInTheFuture()
    {
        using var rig = new EdgeRig();
        rig.TimeNs += 1_000 * E9;
        rig.Command(CommandKind.Kill);
        rig.TimeNs -= 1_000 * E9;
        rig.Turn();
        rig.TimeNs += E9;
        rig.Command(CommandKind.Resume);
        rig.Turn();
        Assert.That(rig.Host.Chain.Risk.IsKilled, Is.False);
    }

    [Test]
    public void ShouldAbandonWhatIsHandedOverInTheTurnInWhichAStageFails()
    {
        using var rig = new EdgeRig(venue: new BrokenVenue());
        rig.Quote();
        rig.Turn();
        for (ulong id = 1; id <= 3; id++)
            rig.Signal(id);

        rig.Host.Ingress.DoWork();

        Assert.That((rig.Host.Ingress.SignalsAdmitted, rig.Host.Ingress.Abandoned), Is.EqualTo((1L, 2L)));
        Assert.That(rig.Host.Fault!.Where, Is.EqualTo("routing"));
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

    /// <summary>Its line is down.</summary>
    private sealed class BrokenVenue : IVenueGateway
    {
        public void Submit(in Order order, long timeNs) => throw new IOException("no line");

        public void Cancel(in Order order, long timeNs) => throw new IOException("no line");

        public void Replace(in Order order, in OrderTerms terms, long timeNs) => throw new IOException("no line");

        public bool TryCancelAll(long timeNs)
        {
            // Nothing has come there.
            return true;
        }

        public void RequestStatus(in Order order, long timeNs) => throw new IOException("no line");

        public void RequestOpenOrders(long timeNs) => throw new IOException("no line");
    }
}
