using ExecutionPipeline.Execution.State;
using ExecutionPipeline.Messages.Events;
using ExecutionPipeline.Pipeline.Hosting;
using ExecutionPipeline.Pipeline.Ingress;
using ExecutionPipeline.Pipeline.Journal;
using ExecutionPipeline.Pipeline.Options;
using ExecutionPipeline.Pipeline.Outbound;
using ExecutionPipeline.Pipeline.Recovery;
using ExecutionPipeline.Pipeline.Ring;
using ExecutionPipeline.Pipeline.Tests.Recovery;
using ExecutionPipeline.Pipeline.Tests.Support;
using ExecutionPipeline.Pipeline.Timers;

namespace ExecutionPipeline.Pipeline.Tests.Timers;

/// <summary>How many timers a pipeline has, live and in its journal's replay.</summary>
[TestFixture]
public sealed class TimerRequestsTests
{
    private const long SecondNs = 1_000_000_000;
    private const long StartNs = 1_700_000_000 * SecondNs;

    private readonly CrashedFolder _folders = new();

    [OneTimeTearDown]
    public void RemoveFolders() => _folders.Dispose();

    [Test]
    public void ShouldHaveTimersOfWhatIsOpenAloneWhenAJournalIsReplayed()
    {
        var folder = Journalled();
        var replay = Replay(folder, TimerWheel.PipelineCapacity, out var chain);

        Assert.That(chain.Routing.OrdersSent, Is.GreaterThan(100));
        Assert.That(
            replay.Timers.Count,
            Is.LessThanOrEqualTo(2 * chain.Routing.WorkingParents + chain.Routing.Trades.OpenTrades));
        Assert.That(replay.UnknownTimers, Is.Zero);
    }

    [Test]
    public void ShouldSayWhichEventCannotBeHandledAgainWhenTheWheelIsFull()
    {
        var folder = Journalled();
        Assert.That(
            () => Replay(folder, capacity: 2, out _),
            Throws.TypeOf<InvalidDataException>()
                .With.Message.Contains("cannot be handled again: 2 timers are set, and there is no room for another"));
    }

    [Test]
    public void ShouldHaveRoomWhenMoreTimersWereSetThanItHoldsAndMostWereTakenBack()
    {
        var (requests, wheel) = (new TimerRequests(), new TimerWheel(capacity: 8, StartNs));
        for (ulong parent = 1; parent <= 100; parent++)
        {
            requests.Set(TimerOwner.Parent, parent, StartNs + 300 * SecondNs);
            requests.Set(TimerOwner.Parent, parent, StartNs + (long)parent * SecondNs);
            requests.MoveTo(wheel);
            requests.Remove(TimerOwner.Parent, parent, StartNs + 300 * SecondNs);
            if (parent != 50)
                requests.Remove(TimerOwner.Parent, parent, StartNs + (long)parent * SecondNs);
            requests.MoveTo(wheel);
        }

        Assert.That(wheel.Count, Is.EqualTo(1));
        Assert.That(wheel.TryTake(StartNs + 300 * SecondNs, out var due));
        Assert.That(due.Subject, Is.EqualTo(50));
    }

    [Test]
    public void ShouldPassOverWhatIsTakenBackWhenItHasComeDueBefore()
    {
        var (requests, wheel) = (new TimerRequests(), new TimerWheel(capacity: 8, StartNs));
        requests.Set(TimerOwner.Parent, 1, StartNs);
        requests.Set(TimerOwner.Parent, 2, StartNs + SecondNs);
        requests.MoveTo(wheel);
        Assert.That(wheel.TryTake(StartNs, out _));
        requests.Remove(TimerOwner.Parent, 1, StartNs);
        requests.MoveTo(wheel);
        Assert.That(wheel.Count, Is.EqualTo(1));
    }

    /// <summary>Ingress had put it on the ring before routing came to the event that ended its parent.</summary>
    [Test]
    public void ShouldKnowATimerOfTheJournalWhenItWasTakenBackOnItsWay()
    {
        var requests = new TimerRequests();
        var timers = new RecoveredTimers(requests, new TimerWheel(capacity: 8, startNs: 0));
        requests.Set(TimerOwner.Parent, 1, StartNs);
        var e = new PipelineEvent { Header = { Kind = EventKind.TradeQualified, TimeNs = StartNs - 2 } };
        timers.OnEvent(in e);
        requests.Remove(TimerOwner.Parent, 1, StartNs);
        e.Header.TimeNs = StartNs - 1;
        timers.OnEvent(in e);
        Assert.That(timers.Wheel.Count, Is.Zero);
        e = new PipelineEvent { Header = { Kind = EventKind.Timer, TimeNs = StartNs } };
        e.Payload.Timer = new TimerTick { Owner = TimerOwner.Parent, Subject = 1, DueTimeNs = StartNs };
        timers.OnEvent(in e);
        Assert.That(timers.Unknown, Is.Zero);
        timers.OnEvent(in e);
        Assert.That(timers.Unknown, Is.EqualTo(1), "it comes once");
    }

    /// <summary>
    /// A pipeline that stood still for ten minutes finds its timers long past due; they are on the ring when what
    /// came before them takes them back.
    /// </summary>
    [Test]
    public void ShouldKnowATimerOfTheJournalWhenItWasTakenBackLongAfterItCameDue()
    {
        const long stoodStillNs = 600_000_000_000;
        const int count = 3;
        var requests = new TimerRequests();
        var timers = new RecoveredTimers(requests, new TimerWheel(capacity: 8, startNs: 0));
        for (var i = 0; i < count; i++)
            requests.Set(TimerOwner.Parent, 1, StartNs);
        var e = new PipelineEvent { Header = { Kind = EventKind.TradeQualified, TimeNs = StartNs - 2 } };
        timers.OnEvent(in e);
        for (var i = 0; i < count; i++)
            requests.Remove(TimerOwner.Parent, 1, StartNs);
        e.Header.TimeNs = StartNs - 1;
        timers.OnEvent(in e);
        e.Header.TimeNs = StartNs + stoodStillNs;
        timers.OnEvent(in e);
        e = new PipelineEvent { Header = { Kind = EventKind.Timer, TimeNs = StartNs + stoodStillNs } };
        e.Payload.Timer = new TimerTick { Owner = TimerOwner.Parent, Subject = 1, DueTimeNs = StartNs };
        for (var i = 0; i < count; i++)
            timers.OnEvent(in e);
        Assert.That(timers.Unknown, Is.Zero);
        timers.OnEvent(in e);
        Assert.That(timers.Unknown, Is.EqualTo(1), "each comes once");
    }

    private string Journalled()
    {
        var (folder, options) = (_folders.New(), TestPipelines.Managed(Topology.Inline));
        using var run = new JournalledRun(folder, options, new SeededInput(TestSeed.Next(), options.Instruments.Count));
        run.Run(6_000);
        return folder;
    }

    private static ChainReplay Replay(string folder, int capacity, out StageChain chain)
    {
        var options = TestPipelines.Managed(Topology.Inline);
        var assembly = new StageAssembly(options);
        var reports = new ReportInbox(options.Ring.Size, options.Exchange.ProtectionTicks);
        var (requests, results, nowhere) = (new TimerRequests(), new ResultHash(), new ReplayedVenue());
        chain = assembly.CreateChain(new ChainOutputs
        {
            Backend = TestPipelines.Rules(),
            Venue = new Venue(nowhere),
            Refusals = reports.OpenQueue(),
            Timers = requests,
            Outbound = new NullSink(),
            Results = results,
        });
        var replay = new ChainReplay(chain, new ReplaySurroundings
        {
            Results = results,
            Requests = requests,
            Models = new RecoveredModels(source: null, chain.Inference.Models),
            Reports = reports,
            TimerCapacity = capacity,
        });
        using var input = JournalRecovery.OpenAt(folder, 0, []);
        replay.Run(input, CancellationToken.None);
        return replay;
    }
}
