using ExecutionPipeline.Messages.Events;
using ExecutionPipeline.Native;
using ExecutionPipeline.Pipeline.Hosting;
using ExecutionPipeline.Pipeline.Options;
using ExecutionPipeline.Pipeline.Recovery;
using ExecutionPipeline.Pipeline.Tests.Support;

namespace ExecutionPipeline.Pipeline.Tests.Recovery;

/// <summary>A pipeline that is started again while the system's time, stepped back, is behind its journal.</summary>
[TestFixture]
public sealed class RestartClockTests
{
    private const long Second = 1_000_000_000;
    private const long Millisecond = 1_000_000;

    private readonly CrashedFolder _folders = new();

    [OneTimeTearDown]
    public void RemoveFolders() => _folders.Dispose();

    [TestCase(30)]
    [TestCase(7 * 86_400)]
    public void ShouldGoOnInTimeWhenTheSystemsTimeWasSteppedBackBeforeTheRestart(int steppedSeconds)
    {
        var clocks = new SteppedClocks();
        using var first = Start(_folders.New(), clocks);
        Trade(first, clocks, id: 1);
        clocks.Step(-steppedSeconds * Second);
        PassSeconds(first, clocks, 2);
        var folder = Killed(first);

        using var second = Start(folder, clocks);
        Assert.That(
            second.Host.ClockAheadNs, Is.InRange((steppedSeconds - 1) * Second, steppedSeconds * Second));
        Assert.That(second.Host.ClockNote, Is.EqualTo(JournalLead.Describe(second.Host.ClockAheadNs)));
        Trade(second, clocks, id: 2);
        PassSeconds(second, clocks, 3);
        var routing = second.Host.Chain.Routing;
        Assert.That(routing.CountOf(RoutingOutcome.RiskRefused), Is.Zero);

        second.Send(second.Options.Streams.SignalStream, TestMessages.Signal(3, madeNs: clocks.WallNs - 6 * Second));
        second.Await(() => routing.CountOf(RoutingOutcome.RiskRefused) == 1);
        var sent = routing.OrdersSent;
        second.Send(second.Options.Streams.SignalStream, TestMessages.Signal(4, madeNs: clocks.WallNs));
        second.Await(() => routing.OrdersSent == sent + 1);

        PassSeconds(second, clocks, 6);
        second.Send(second.Options.Streams.SignalStream, TestMessages.Signal(5, madeNs: clocks.WallNs));
        second.Await(() => routing.CountOf(RoutingOutcome.RiskRefused) == 2);
        Assert.That(routing.OrdersSent, Is.EqualTo(sent + 1), "the market is older than it may be");
    }

    [Test]
    public void ShouldSayNothingOfTheClockWhenTheJournalIsBehindTheSystemsTime()
    {
        var clocks = new SteppedClocks();
        using var first = Start(_folders.New(), clocks);
        Trade(first, clocks, id: 1);
        var folder = Killed(first);
        clocks.Pass(Second);

        using var second = Start(folder, clocks);
        Assert.That(second.Host.Recovered, Is.Not.Null);
        Assert.That(second.Host.ClockAheadNs, Is.Zero);
        Assert.That(second.Host.ClockNote, Is.Null);
    }

    [TestCase(999_999, null)]
    [TestCase(
        29_989_000_000,
        "the journal ends 29.989 s ahead of the system's time: time goes on from there and follows at 1 %")]
    [TestCase(
        86_400 * Second,
        "the journal ends 86400 s ahead of the system's time: time goes on from there and follows at 1 %; sessions and "
        + "trading days are off by that: if the system's time is right, name a new folder")]
    public void ShouldSayHowFarTheJournalIsAheadWhenThatIsMoreThanAMillisecond(long aheadNs, string? expected) =>
        Assert.That(JournalLead.Describe(aheadNs), Is.EqualTo(expected));

    private static void Trade(MemoryPipeline pipeline, SteppedClocks clocks, ulong id)
    {
        pipeline.Host.Start();
        if (pipeline.Host.Restart is { } restart)
            pipeline.Await(() => restart.IsAnswered);
        pipeline.Send(pipeline.Options.Streams.MarketStream, TestMessages.Quote(clocks.WallNs));
        pipeline.Await(() => pipeline.Host.Ingress.MarketUpdatesAdmitted == 1);
        var sent = pipeline.Host.Chain.Routing.OrdersSent;
        pipeline.Send(pipeline.Options.Streams.SignalStream, TestMessages.Signal(id, madeNs: clocks.WallNs));
        pipeline.Await(() => pipeline.SignalsSeen == 1);
        Assert.That(pipeline.Host.Chain.Routing.OrdersSent, Is.EqualTo(sent + 1));
        pipeline.Await(() => pipeline.Host.IsDrained);
    }

    /// <summary>A second of event time takes a little more of the system's while a step is made up for.</summary>
    private static void PassSeconds(MemoryPipeline pipeline, SteppedClocks clocks, int seconds)
    {
        for (var second = 0; second < seconds; second++)
        {
            var ticks = pipeline.Host.Ingress.Ticks;
            clocks.Pass(Second + 100 * Millisecond);
            pipeline.Await(() => pipeline.Host.Ingress.Ticks > ticks);
        }

        pipeline.Await(() => pipeline.Host.IsDrained);
    }

    /// <summary>The journal as it is when the process is killed with nothing under way.</summary>
    private string Killed(MemoryPipeline pipeline)
    {
        pipeline.Await(() => pipeline.Host.Journal!.NextSequence == pipeline.Host.Chain.Results!.Sequence);
        return _folders.Copy(pipeline.Host.Journal!.Folder);
    }

    private static MemoryPipeline Start(string folder, SteppedClocks clocks)
    {
        var clock = new ProcessClock(clocks);
        var pipeline = new MemoryPipeline(
            Topology.Inline,
            journal: folder,
            state: new StateOptions { OrdersAtEnd = OrdersAtEnd.Leave },
            clock: clock,
            change: static options => options with
            {
                Limits = options.Limits with { MaxSignalAgeMs = 5_000, MaxMarketAgeMs = 5_000 },
            });
        clock.Pipeline = pipeline;
        return pipeline;
    }

    /// <summary>The system's clocks, of which the real-time one can be stepped.</summary>
    private sealed class SteppedClocks : IClockSource
    {
        private long _monotonicNs = Second;
        private long _wallOffsetNs = 1_790_000_000 * Second;

        public long WallNs => MonotonicNs() + Volatile.Read(ref _wallOffsetNs);

        public void Pass(long byNs) => Interlocked.Add(ref _monotonicNs, byNs);

        public void Step(long byNs) => Interlocked.Add(ref _wallOffsetNs, byNs);

        public long MonotonicNs() => Volatile.Read(ref _monotonicNs);

        public long MeasureWallOffsetNs(out long uncertaintyNs)
        {
            uncertaintyNs = 0;
            return Volatile.Read(ref _wallOffsetNs);
        }
    }

    /// <summary>A process's clock, anchored when that starts. Time passes once the end was asked for.</summary>
    private sealed class ProcessClock(SteppedClocks clocks) : IEventClock
    {
        private readonly AnchoredClock<SteppedClocks> _clock = new(clocks);

        public MemoryPipeline? Pipeline { get; set; }

        public long NowNs()
        {
            if (Pipeline is { Host.IsEnding: true })
                clocks.Pass(10 * Millisecond);
            return _clock.NowNs();
        }

        public long WallAheadNs() => _clock.WallAheadNs();

        public long GoOnFrom(long timeNs) => _clock.GoOnFrom(timeNs);
    }
}
