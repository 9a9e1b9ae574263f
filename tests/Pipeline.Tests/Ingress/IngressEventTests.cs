using ExecutionPipeline.Messages.Events;
using ExecutionPipeline.Messages.Ingress;
using ExecutionPipeline.Pipeline.Journal;
using ExecutionPipeline.Pipeline.Options;
using ExecutionPipeline.Pipeline.Tests.Models;

namespace ExecutionPipeline.Pipeline.Tests.Ingress;

/// <summary>What stands in the events that ingress writes, as the journal has it.</summary>
[TestFixture]
public sealed class IngressEventTests
{
    private const long E9 = EdgeRig.E9;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private string _folder = "";

    [SetUp]
    public void NameFolder() => _folder = Path.Combine(Path.GetTempPath(), $"xp-edge-{Guid.NewGuid():N}");

    [TearDown]
    public void RemoveFolder()
    {
        if (Directory.Exists(_folder))
            Directory.Delete(_folder, recursive: true);
    }

    [TestCase(0)]
    [TestCase(5)]
    [TestCase(-7)]
    public void ShouldGiveEveryStampInEventTimeWhenTheSendersClockIsAhead(int seconds)
    {
        using (var rig = new EdgeRig(journal: _folder) { AheadNs = seconds * E9 })
        {
            rig.Signal(1);
            rig.Turn();
            rig.Command(CommandKind.CancelAll, instrument: 7);
            rig.Turn();
        }

        var sentNs = EdgeRig.StartNs - seconds * E9;
        var events = Recorded();
        var signal = events.Single(static e => e.Header.Kind == EventKind.TradeQualified).Payload.TradeQualified;
        var command = events.First(static e => e.Header.Kind == EventKind.Command);
        Assert.That((signal.IntendedSendTimeNs, signal.SendTimeNs), Is.EqualTo((sentNs, sentNs)));
        Assert.That(signal.SignalTimeNs, Is.EqualTo(sentNs));
        Assert.That(command.Payload.Command.SendTimeNs, Is.EqualTo(sentNs));
        Assert.That(command.Header.InstrumentIndex, Is.EqualTo(1));
    }

    /// <summary>Senders may stamp what they like; what was taken in must be taken again by a replay.</summary>
    [TestCase(5, 1L)]
    [TestCase(-5, long.MaxValue)]
    public void ShouldWriteATimeThatAReplayTakesWhenAStepIsTakenOffAStrangeStamp(int seconds, long stampNs)
    {
        using (var rig = new EdgeRig(journal: _folder) { AheadNs = seconds * E9, TimeNs = stampNs })
        {
            rig.Signal(1);
            rig.Quote();
            rig.Command(CommandKind.CancelAll);
            rig.TimeNs = EdgeRig.StartNs;
            rig.Turn();
        }

        var check = new EventCheck(instrumentCount: 2);
        var events = Recorded();
        Assert.That(events.Select(static e => e.Header.Kind), Is.SupersetOf(
            new[] { EventKind.TradeQualified, EventKind.MarketUpdate, EventKind.Command }));
        foreach (var e in events)
        {
            Assert.That(
                check.IsInput(in e.Header, in e.Payload, out var rejection), Is.True,
                $"{e.Header.Kind}: {rejection.Field} is {rejection.Value}");
        }
    }

    /// <summary>A venue's clock may be ahead by as much as the system's own was stepped.</summary>
    [TestCase(0, 600, 600)]
    [TestCase(0, 601, 0)]
    [TestCase(3_600, 4_200, 4_200)]
    [TestCase(3_600, 4_201, 0)]
    [TestCase(-3_600, 600, 600)]
    public void ShouldLeaveOutAVenuesTimeWhenItIsFarAhead(int senders, int venue, int taken)
    {
        using (var rig = new EdgeRig(journal: _folder) { AheadNs = senders * E9 })
        {
            rig.Execution(50, executionId: 7, EdgeRig.StartNs + venue * E9);
            rig.Turn();
        }

        var report = Recorded().Single(static e => e.Header.Kind == EventKind.ExecutionReport).Payload.ExecutionReport;
        Assert.That(report.VenueTimeNs, Is.EqualTo(taken == 0 ? 0 : EdgeRig.StartNs + taken * E9));
    }

    [Test]
    public void ShouldNameOwnerAndDueTimeWhenATimerIsDue()
    {
        using (var rig = new EdgeRig(journal: _folder))
        {
            rig.TimeNs += E9 + 3;
            rig.Quote();
            rig.Turn();
        }

        var timer = Recorded().Single(static e => e.Header.Kind == EventKind.Timer);
        Assert.That((timer.Payload.Timer.Owner, timer.Payload.Timer.DueTimeNs),
            Is.EqualTo((TimerOwner.Risk, EdgeRig.StartNs + E9)));
        Assert.That((timer.Payload.Timer.TimerId, timer.Header.TimeNs),
            Is.EqualTo((timer.Header.CorrelationId, EdgeRig.StartNs + E9 + 3)));
    }

    [Test]
    public void ShouldMarkTheSignalsThatShallNotWaitForASlowBackend()
    {
        using (var rig = new EdgeRig(journal: _folder))
        {
            rig.Signal(1);
            rig.Turn();
            for (var i = 0; i < 10; i++)
                rig.Host.Chain.Pace.Observe(long.MaxValue);
            rig.Signal(2);
            rig.Turn();
        }

        Assert.That(
            Recorded().Where(static e => e.Header.Kind == EventKind.TradeQualified)
                .Select(static e => e.Header.SlowBackend),
            Is.EqualTo(new byte[] { 0, 1 }));
    }

    [TestCase(OrdersAtEnd.Cancel, 2)]
    [TestCase(OrdersAtEnd.Leave, 0)]
    public void ShouldCancelWhatRestsInTheHostsNameWhenItEnds(OrdersAtEnd orders, int commands)
    {
        using (var rig = new EdgeRig(journal: _folder))
        {
            rig.Quote();
            rig.Turn();
            rig.Host.Ingress.CloseInput(orders);
            rig.Turn();
            rig.Turn();
        }

        // The host's own end closes the input once more, and that is too late to begin anew.
        var cancels = Recorded().Where(static e => e.Header.Kind == EventKind.Command).ToList();
        Assert.That(cancels.Select(static e => e.Header.InstrumentIndex), Is.EqualTo(Enumerable.Range(0, commands)));
        foreach (var cancel in cancels)
        {
            var command = cancel.Payload.Command;
            Assert.That((command.Kind, command.Reason), Is.EqualTo((CommandKind.CancelAll, CommandReason.Host)));
            Assert.That(command.SendTimeNs, Is.EqualTo(EdgeRig.StartNs));
        }
    }

    [Test]
    public void ShouldPutACommandOnModelsOnTheRingWhenTheyAreLoaded()
    {
        using var models = new TestModels();
        using (var rig = new EdgeRig(journal: _folder, models: models.Source))
        {
            rig.Turn();
            Assert.That(rig.Host.Models!.HasAnswer, Is.False, "what decides at the start was taken at once");
            rig.TimeNs += E9 / 2;
            rig.Command(CommandKind.DeployModel, id: 77, models: (uint)(models.Second.Prefix >> 32));
            rig.Command(CommandKind.PromoteModel, id: 78);
            rig.Host.Ingress.DoWork();
            Assert.That(rig.LastError().CorrelationId, Is.EqualTo(78), "one at a time");
            AwaitAnswer(rig);
            rig.Command(CommandKind.PromoteModel, id: 79);
            rig.Host.Ingress.DoWork();
            AwaitAnswer(rig);
            Assert.That(rig.LastError().CorrelationId, Is.EqualTo(79), "no canary runs");
            Assert.That(rig.Host.Ingress.Rejects[RejectReason.ModelRefused], Is.EqualTo(2));
            Assert.That(rig.Host.Chain.Inference.Models.Version, Is.EqualTo(models.Second.Prefix));
        }

        var events = Recorded().Where(static e => e.Header.Kind == EventKind.Model).ToList();
        Assert.That(
            events.Select(static e => (e.Header.CorrelationId, e.Header.TimeNs, e.Payload.Command.SendTimeNs)),
            Is.EqualTo(new[]
            {
                (0ul, EdgeRig.StartNs, EdgeRig.StartNs),
                (77ul, EdgeRig.StartNs + E9 / 2, EdgeRig.StartNs + E9 / 2),
            }));
    }

    [Test]
    public void ShouldKeepACommandOnModelsBackWhenTheRingHasNoRoom()
    {
        using var models = new TestModels();
        using var rig = new EdgeRig(Topology.Fused, models: models.Source);
        for (ulong id = 1; id <= 300; id++)
            rig.Signal(id);
        rig.Turn();
        rig.Command(CommandKind.DeployModel, models: (uint)(models.Second.Prefix >> 32));
        rig.Host.Ingress.DoWork();
        Assert.That(SpinWait.SpinUntil(() => rig.Host.Models!.HasAnswer, Patience), Is.True);

        rig.Host.Ingress.DoWork();

        Assert.That(rig.Host.Models!.HasAnswer, Is.True);
    }

    private static void AwaitAnswer(EdgeRig rig)
    {
        Assert.That(SpinWait.SpinUntil(() => rig.Host.Models!.HasAnswer, Patience), Is.True, "no answer");
        rig.Turn();
        rig.Host.Ingress.DoWork();
        Assert.That(rig.Host.Models!.HasAnswer, Is.False);
    }

    private List<PipelineEvent> Recorded()
    {
        using var reader = new JournalReader(_folder);
        var events = new List<PipelineEvent>();
        var e = default(PipelineEvent);
        while (reader.TryRead(ref e))
            events.Add(e);
        return events;
    }
}
