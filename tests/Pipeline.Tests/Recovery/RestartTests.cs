using ExecutionPipeline.Messages.Events;
using ExecutionPipeline.Native;
using ExecutionPipeline.Pipeline.Hosting;
using ExecutionPipeline.Pipeline.Journal;
using ExecutionPipeline.Pipeline.Options;
using ExecutionPipeline.Pipeline.Snapshots;
using ExecutionPipeline.Pipeline.Tests.Support;

namespace ExecutionPipeline.Pipeline.Tests.Recovery;

/// <summary>A pipeline that is started on the journal of another one goes on where that was.</summary>
[TestFixture]
public sealed class RestartTests
{
    private readonly CrashedFolder _folders = new();

    [OneTimeTearDown]
    public void RemoveFolders() => _folders.Dispose();

    [Test]
    public void ShouldHaveTheSameStateWhenTheProcessWasKilled(
        [Values(Topology.Inline, Topology.Fused, Topology.Pipelined)] Topology topology, [Values] JournalMode mode)
    {
        var folder = _folders.New();
        using var first = Start(folder, topology, mode);
        Trade(first, 12);
        var (expected, sequence) = (HashOf(first), SequenceOf(first));
        using var second = Start(Killed(first), topology, mode);

        Assert.That(second.Host.Chain.Outbound.Sequence, Is.EqualTo(sequence));
        Assert.That(HashOf(second), Is.EqualTo(expected));
        Assert.That(second.Host.Chain.Routing.Orders.WorkingOrders, Is.GreaterThan(2));
        Assert.That(second.Host.RestartNote, Does.StartWith("restart behind a run that was cut off"));
        Assert.That(second.Outbound, Is.Empty, "nothing is sent again");
    }

    [Test]
    public void ShouldGoOnWithIdsAndNumbersWhenItRunsAgain()
    {
        var folder = _folders.New();
        ulong orders;
        long events;
        using (var first = Start(folder))
        {
            Trade(first, 6);
            events = first.Host.Journal!.NextSequence;
            orders = LastOrder(first);
            folder = Killed(first);
        }

        using var second = Start(folder);
        var messages = second.Host.Chain.Outbound.Sequence;
        second.Host.Start();
        second.Await(() => second.Host.Restart!.IsAnswered);
        second.SendQuote();
        second.SendSignal(100);
        second.Await(() => second.SignalsSeen == 1);
        Assert.That(second.Host.Chain.Routing.CountOf(RoutingOutcome.RiskRefused), Is.Zero);
        Assert.That(second.Host.Journal!.NextSequence, Is.GreaterThan(events));
        Assert.That(LastOrder(second), Is.GreaterThan(orders));
        Assert.That(second.Host.Chain.Outbound.Sequence, Is.GreaterThan(messages));
    }

    [Test]
    public void ShouldStartFromTheSnapshotWhenTheEndWasOrdered()
    {
        var folder = _folders.New();
        long events;
        using (var first = Start(folder))
        {
            Trade(first, 6);
            first.Host.Stop(TimeSpan.FromSeconds(60));
            Assert.That(first.Host.EndNote, Is.Null);
            events = first.Host.Journal!.NextSequence;
        }

        using var second = Start(folder);
        Assert.That(second.Host.Recovered!.SnapshotSequence, Is.EqualTo(events));
        Assert.That(second.Host.Recovered.Events, Is.Zero);
        Assert.That(second.Host.Recovered.End, Is.EqualTo(JournalEnd.Ordered));
        Trade(second, 3, firstId: 50);
    }

    [Test]
    public void ShouldReplayBehindTheSnapshotWhenARunGoesOnAndIsKilled()
    {
        var folder = _folders.New();
        using (var first = Start(folder))
            Trade(first, 6);
        using var second = Start(folder);
        Trade(second, 6, firstId: 50);
        var expected = HashOf(second);
        using var third = Start(Killed(second));

        Assert.That(third.Host.Recovered!.SnapshotSequence, Is.GreaterThan(0));
        Assert.That(third.Host.Recovered.Events, Is.GreaterThan(5));
        Assert.That(HashOf(third), Is.EqualTo(expected));
    }

    [Test]
    public void ShouldNameWhatDiffersWhenTheConfigurationIsAnother()
    {
        var folder = _folders.New();
        using (var first = Start(folder))
            Trade(first, 1);

        var refusal = Assert.Throws<InvalidDataException>(() => Start(
            folder, change: static o => o with { Limits = o.Limits with { MaxPosition = 39 } }).Dispose());
        Assert.That(refusal!.Message, Does.Contain("limits.max_position was 40 and is 39"));
        Assert.That(refusal.Message, Does.Contain("name a new folder"));
    }

    [Test]
    public void ShouldPassOverASnapshotWhenItIsDamaged()
    {
        var folder = _folders.New();
        using (var first = Start(folder))
            Trade(first, 4);
        var path = Directory.GetFiles(Path.Combine(folder, "snapshots")).Single();
        var bytes = File.ReadAllBytes(path);
        bytes[^100] ^= 1;
        File.WriteAllBytes(path, bytes);
        using var second = Start(folder);

        Assert.That(second.Host.Recovered!.SnapshotSequence, Is.Zero);
        Assert.That(second.Host.Recovered.Notes, Has.One.Contains(path));
        Assert.That(second.Host.Chain.Routing.OrdersSent, Is.GreaterThan(3));
    }

    [Test]
    public void ShouldRefuseToStartWhenTheJournalIsDamagedInTheMiddle()
    {
        var folder = _folders.New();
        using (var first = Start(folder))
            Trade(first, 4);
        var path = JournalFiles.PathOf(folder, 0);
        var bytes = File.ReadAllBytes(path);
        bytes[bytes.Length / 2] ^= 1;
        File.WriteAllBytes(path, bytes);

        var refusal = Assert.Throws<JournalDamageException>(() => Start(folder).Dispose());
        Assert.That(refusal!.Message, Does.Contain(path).And.Contains("offset"));
    }

    /// <summary>Of a pipeline at rest, with what is beside the stages.</summary>
    private static (ulong Chain, ulong Results, int Orders, int Timers) HashOf(MemoryPipeline pipeline)
    {
        var chain = pipeline.Host.Chain;
        return (ChainSnapshot.HashOf(chain), chain.Results!.Value, chain.Routing.Orders.WorkingOrders,
            pipeline.Host.Ingress.Timers.Count);
    }

    private static long SequenceOf(MemoryPipeline pipeline) => pipeline.Host.Chain.Outbound.Sequence;

    private static ulong LastOrder(MemoryPipeline pipeline)
    {
        var orders = pipeline.Host.Chain.Routing.Orders;
        var last = 0UL;
        for (var slot = 0; slot < orders.Capacity; slot++)
            last = Math.Max(last, OrderIds.NumberOf(orders[slot].OrderId));
        return last;
    }

    /// <summary>The journal as it is when the process is killed with nothing under way.</summary>
    private string Killed(MemoryPipeline pipeline)
    {
        pipeline.Await(() => pipeline.Host.Journal!.NextSequence == pipeline.Host.Chain.Results!.Sequence);
        return _folders.Copy(pipeline.Host.Journal!.Folder);
    }

    private static void Trade(MemoryPipeline pipeline, int signals, ulong firstId = 1)
    {
        pipeline.SendQuote();
        pipeline.Host.Start();
        pipeline.Await(() => pipeline.Host.Ingress.MarketUpdatesAdmitted == 1);
        if (pipeline.Host.Restart is { } restart)
            pipeline.Await(() => restart.IsAnswered);
        var before = pipeline.SignalsSeen;
        for (var i = 0; i < signals; i++)
            pipeline.SendSignal(firstId + (ulong)i);
        pipeline.Await(() => pipeline.SignalsSeen == before + signals);
        pipeline.Await(() => pipeline.Host.IsDrained);
    }

    private static MemoryPipeline Start(
        string folder,
        Topology topology = Topology.Inline,
        JournalMode mode = JournalMode.Async,
        Func<PipelineOptions, PipelineOptions>? change = null)
    {
        var clock = new HeldClock();
        var pipeline = new MemoryPipeline(
            topology,
            journal: folder,
            state: new StateOptions { OrdersAtEnd = OrdersAtEnd.Leave },
            journalOptions: new JournalOptions { SegmentMb = 4, Mode = mode },
            clock: clock,
            change: options => (change ?? (static o => o))(TestPipelines.Managed(topology) with
            {
                Inference = options.Inference,
                State = options.State,
                Journal = options.Journal,
            }));
        clock.Pipeline = pipeline;
        return pipeline;
    }

    /// <summary>A clock that stands until the end, so that no timer changes the state while it is looked at.</summary>
    private sealed class HeldClock : IEventClock
    {
        private static readonly long StartNs = NanoClock.NowNs();

        private long _nowNs = StartNs;

        public MemoryPipeline? Pipeline { get; set; }

        public long NowNs() => Pipeline is { Host.IsEnding: true } ? _nowNs += 1_000_000_000 : _nowNs;
    }
}
