using ExecutionPipeline.Execution.Algorithms;
using ExecutionPipeline.Messages.Events;
using ExecutionPipeline.Native;
using ExecutionPipeline.Pipeline.Hosting;
using ExecutionPipeline.Pipeline.Journal;
using ExecutionPipeline.Pipeline.Options;
using ExecutionPipeline.Pipeline.Outbound;
using ExecutionPipeline.Pipeline.Recovery;
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

    /// <summary>
    /// A journal that follows on its own may lack events of which a reader has been told: it would take what comes next
    /// for messages that it has.
    /// </summary>
    [TestCase(false)]
    [TestCase(true)]
    public void ShouldGiveNoNumberTwiceWhenTheJournalLacksWhatWasTold(bool isFromSnapshot)
    {
        using var first = Start(_folders.New(), Topology.Fused);
        Trade(first, 12);
        var told = SequenceOf(first);
        var folder = Killed(first);
        CrashedFolder.CutBefore(folder, static e =>
            e.Header.Kind == EventKind.TradeQualified && e.Payload.TradeQualified.SignalId == 2);
        if (isFromSnapshot)
            SaveSnapshot(folder, first.Options);

        using var second = Start(folder, Topology.Fused);
        Assert.That(SequenceOf(second), Is.LessThan(told));
        second.Host.Start();
        second.Await(() => second.Host.Restart!.IsAnswered);
        var outbound = second.Host.Chain.Outbound;
        var before = outbound.Sequence - Enum.GetValues<OutboundKind>().Sum(outbound.SentOf);
        Assert.That(before, Is.GreaterThanOrEqualTo(told), "the number before the first one");

        using var third = Start(Killed(second), Topology.Fused);
        Assert.That(SequenceOf(third), Is.GreaterThan(told), "the journal says that they were left out");
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

    /// <summary>Else positions would stand without stops from the first ordered end on.</summary>
    [Test]
    public void ShouldSendStopsAndTargetsAgainWhenTheEndWasOrdered()
    {
        var folder = _folders.New();
        using (var first = Start(folder, change: Cancelling))
        {
            Trade(first, 6);
            Assert.That(first.Host.Chain.Routing.Trades.OpenTrades, Is.Positive);
            first.Host.Stop(TimeSpan.FromSeconds(60));
            Assert.That(first.Host.Chain.Routing.Orders.WorkingOrders, Is.Zero);
        }

        using var second = Start(folder, change: Cancelling, hasTime: true);
        second.Host.Start();
        second.Await(() => second.Host.Restart!.IsAnswered);
        second.SendQuote();
        var routing = second.Host.Chain.Routing;
        second.Await(() => routing.Orders.WorkingOrders == 2 * routing.Trades.OpenTrades);
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

    /// <summary>Else what the parent had reserved would never be free again.</summary>
    [TestCase(false)]
    [TestCase(true)]
    public void ShouldFreeWhatAParentReservedWhenTheProcessWasKilledBeforeItsEndArrived(bool isFromSnapshot)
    {
        using var first = Start(_folders.New(), change: Slowly);
        first.SendQuote();
        first.Host.Start();
        first.Await(() => first.Host.Ingress.MarketUpdatesAdmitted == 1);
        first.SendSignal(1);
        first.Await(() => first.SignalsSeen == 1 && first.Host.IsDrained);
        first.SendCommand(CommandKind.CancelAll);
        first.Await(() => first.Host.Chain.Risk.PendingQuantity(0) == 0 && first.Host.IsDrained);
        var folder = Killed(first);
        CrashedFolder.CutBefore(folder, static e =>
            e.Header.Kind == EventKind.ExecutionReport && e.Payload.ExecutionReport.IsOfParent);
        if (isFromSnapshot)
            SaveSnapshot(folder, first.Options);

        using var second = Start(folder, change: Slowly);
        Assert.That(second.Host.Recovered!.SnapshotSequence, isFromSnapshot ? Is.Not.Zero : Is.Zero);
        Assert.That(second.Host.Recovered.Timers.Holds(TimerOwner.Risk), "it was killed before its first second");
        Assert.That(second.Host.Chain.Risk.PendingQuantity(0), Is.Not.Zero);
        second.Host.Start();
        second.Await(() => second.Host.Restart!.IsAnswered && second.Host.IsDrained);
        Assert.That(second.Host.Chain.Risk.PendingQuantity(0), Is.Zero);
    }

    [Test]
    public void ShouldNameWhatDiffersWhenTheConfigurationIsAnother()
    {
        var folder = _folders.New();
        using (var first = Start(folder))
            Trade(first, 1);

        var refusal = Assert.Throws<InvalidDataException>(() => Start(
            folder,
            change: static o => o with { Limits = o.Limits with { MaxPosition = 39, VarConfidence = 0.95 } })
            .Dispose());
        Assert.That(refusal!.Message, Does.Contain("limits.max_position was 40 and is 39"));
        Assert.That(refusal.Message, Does.Contain("limits.var_confidence was 0.99 and is 0.95"));
        Assert.That(refusal.Message, Does.Contain("name a new folder").And.EndWith("a reload can change may differ"));
    }

    /// <summary>Whether it was reloaded before the process ended, or the file was changed while none ran.</summary>
    [Test]
    public void ShouldHaveTheFilesLimitsWhenTheyWereChangedBeforeTheRestart([Values] bool isReloaded)
    {
        string folder;
        using (var first = Start(_folders.New()))
        {
            Trade(first, 6);
            if (isReloaded)
            {
                first.Host.Ingress.Limits.Add(LimitKey.MaxPosition, 39, CommandReason.Reload);
                first.Await(() => first.Host.Chain.Risk.Limits.MaxPosition == 39);
            }

            folder = Killed(first);
        }

        foreach (var (most, changes) in new[] { (39, 1), (39, 1), (40, 2) })
        {
            using var next = Start(folder, change: o => o with { Limits = o.Limits with { MaxPosition = most } });
            Trade(next, 1, firstId: 1_000);
            next.Await(() => next.Host.Chain.Risk.Limits.MaxPosition == most);
            Assert.That(next.Host.Chain.Risk.Limits.VarConfidence, Is.EqualTo(next.Options.Limits.VarConfidence));
            folder = Killed(next);
            Assert.That(ChangesIn(folder), Is.EqualTo(changes), "each change is an event of the journal");
        }
    }

    [Test]
    public void ShouldRefuseLimitsThatAnInstrumentIsNotLaidOutForWhenTheyWereChangedBeforeTheRestart()
    {
        var folder = _folders.New();
        using (var first = Start(folder))
            Trade(first, 1);

        Assert.That(
            () => Start(folder, change: static o => o with { Limits = o.Limits with { MaxPosition = 5_000 } })
                .Dispose(),
            Throws.ArgumentException.With.Message.Contains("max_position is 5000"));
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

    /// <summary>A snapshot is on the disk at once, and the power may fail before the last events are.</summary>
    [Test]
    public void ShouldNotStartFromASnapshotOfEventsThatWereLostWhenItIsKilledAgain([Values] bool isSavedAgain)
    {
        using var first = Start(_folders.New());
        Trade(first, 6);
        var folder = Killed(first);
        SaveSnapshot(folder, first.Options);
        CrashedFolder.CutBefore(folder, static e =>
            e is { Header.Kind: EventKind.TradeQualified, Payload.TradeQualified.SignalId: 4 });
        if (isSavedAgain)
            SaveSnapshot(folder, first.Options);
        using var second = Start(folder);
        Trade(second, 20, firstId: 50);
        var expected = HashOf(second);
        using var third = Start(Killed(second));

        Assert.That(third.Host.Journal!.NextSequence, Is.GreaterThan(first.Host.Journal!.NextSequence));
        Assert.That(HashOf(third), Is.EqualTo(expected));
    }

    /// <summary>Else it would cut the segment that the other one writes, which ends that process.</summary>
    [Test]
    public void ShouldRefuseToStartWhenAnotherPipelineWritesTheJournal()
    {
        string folder;
        using (var killed = Start(_folders.New()))
        {
            Trade(killed, 2);
            folder = Killed(killed);
        }

        CrashedFolder.Tear(folder);
        var torn = JournalSurvey.Of(folder, CancellationToken.None);
        using (var first = Start(folder))
        {
            Trade(first, 2, firstId: 50);
            var segments = JournalFiles.In(folder).Values;
            Assert.That(
                () => Start(folder).Dispose(),
                Throws.InstanceOf<IOException>().With.Message.Contains(folder)
                    .And.Message.Contains("another process writes this journal"));
            Assert.That(
                () => torn.Repair(),
                Throws.InstanceOf<IOException>().With.Message.Contains("another process writes this journal"));
            Assert.That(JournalFiles.In(folder).Values, Is.EqualTo(segments));
            first.SendSignal(100);
            first.Await(() => first.SignalsSeen == 3);
        }

        using var second = Start(folder);
        Assert.That(second.Host.Recovered!.End, Is.EqualTo(JournalEnd.Ordered));
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

    private static int ChangesIn(string folder)
    {
        using var reader = new JournalReader(folder);
        var (e, count) = (default(PipelineEvent), 0);
        while (reader.TryRead(ref e))
            count += e.Header.Kind == EventKind.Command && e.Payload.Command.Kind == CommandKind.SetLimit ? 1 : 0;
        return count;
    }

    private static void SaveSnapshot(string folder, PipelineOptions options)
    {
        using var follower = new JournalSnapshotter(
            folder, options, TestPipelines.Rules(), models: null, isFollowing: false);
        follower.Run(every: 1_000_000, CancellationToken.None);
        Assert.That(follower.Save(), "there is something to save");
    }

    private static PipelineOptions Cancelling(PipelineOptions options) => options with
    {
        State = new StateOptions { OrdersAtEnd = OrdersAtEnd.Cancel },
    };

    /// <summary>Slices that take their time, so that an operator can end them.</summary>
    private static PipelineOptions Slowly(PipelineOptions options) => options with
    {
        Execution = new ExecutionOptions
        {
            Replace = new Dictionary<string, string>
            {
                ["IMMEDIATE"] = "TWAP_5MIN",
                ["VWAP_AGGRESSIVE"] = "TWAP_5MIN",
                ["ICEBERG"] = "TWAP_5MIN",
            },
        },
    };

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
        Func<PipelineOptions, PipelineOptions>? change = null,
        bool hasTime = false)
    {
        var clock = new HeldClock { HasTime = hasTime };
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

    /// <summary>
    /// A clock that stands until the end, so that no timer changes the state while it is looked at, where it is not to
    /// run.
    /// </summary>
    private sealed class HeldClock : IEventClock
    {
        private static readonly long StartNs = NanoClock.NowNs();

        private long _nowNs = StartNs;

        public MemoryPipeline? Pipeline { get; set; }

        /// <summary>Whether it runs, from later on than an earlier one may have come in its end.</summary>
        public bool HasTime
        {
            get;
            init
            {
                field = value;
                _nowNs += value ? 12 * 3_600_000_000_000 : 0;
            }
        }

        public long NowNs() => Pipeline is { Host.IsEnding: true } ? _nowNs += 1_000_000_000
            : HasTime ? _nowNs += 10_000_000
            : _nowNs;
    }
}
