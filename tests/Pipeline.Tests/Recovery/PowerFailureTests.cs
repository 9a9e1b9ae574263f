using ExecutionPipeline.Execution.Instruments;
using ExecutionPipeline.Execution.Orders;
using ExecutionPipeline.Execution.Venues;
using ExecutionPipeline.Messages.Events;
using ExecutionPipeline.Pipeline.Hosting;
using ExecutionPipeline.Pipeline.Ingress;
using ExecutionPipeline.Pipeline.Journal;
using ExecutionPipeline.Pipeline.Options;
using ExecutionPipeline.Pipeline.Outbound;
using ExecutionPipeline.Pipeline.Recovery;
using ExecutionPipeline.Pipeline.Telemetry;
using ExecutionPipeline.Pipeline.Tests.Support;

namespace ExecutionPipeline.Pipeline.Tests.Recovery;

/// <summary>What a start finds when the power has failed before the system brought the journal onto the disk.</summary>
[TestFixture]
public sealed class PowerFailureTests
{
    private readonly CrashedFolder _folders = new();

    [OneTimeTearDown]
    public void RemoveFolders() => _folders.Dispose();

    /// <summary>Orders have left of which the disk has nothing: behind the ordered end before them, too.</summary>
    [TestCase(JournalSync.None, true)]
    [TestCase(JournalSync.None, false)]
    [TestCase(JournalSync.Interval, true)]
    [TestCase(JournalSync.Interval, false)]
    public void ShouldGiveNoIdAndNoNumberTwiceWhenThePowerFailsSoonAfterAStart(JournalSync sync, bool isBehindAnEnd)
    {
        var folder = _folders.New();
        if (isBehindAnEnd)
        {
            using var first = Start(folder, sync, new LosingFiles());
            Trade(first, firstId: 1);
        }

        var files = new LosingFiles();
        using var lost = Start(folder, sync, files);
        Trade(lost, firstId: 100);
        var (order, message) = (LastOrder(lost), lost.Host.Chain.Outbound.Sequence);
        Assert.That((order, message), Is.GreaterThan((0UL, 0L)));
        var left = _folders.Copy(folder);
        files.FailPower(left);

        using var next = Start(left, sync, new LosingFiles());
        Assert.That(next.Host.Recovered?.End, Is.EqualTo(JournalEnd.CutOff));
        Assert.That(next.Host.Recovered!.IdsToSkip, Is.EqualTo(RecoveredRun.SkippedIds));
        Trade(next, firstId: 200);
        Assert.That(LastOrder(next), Is.GreaterThan(order));
        Assert.That(next.Host.Chain.Outbound.Sequence, Is.GreaterThan(message));
    }

    /// <summary>What never began has come to no end, and says nothing of the run before it.</summary>
    [Test]
    public void ShouldSkipIdsBehindACrashAloneWhenAStartInBetweenCameToNothing(
        [Values] bool isCrash, [Values] bool isFailing)
    {
        var folder = _folders.New();
        using var first = Start(folder, JournalSync.None, new LosingFiles());
        Trade(first, firstId: 1);
        if (!isCrash)
            first.Dispose();
        var left = _folders.Copy(folder);

        if (isFailing)
            Assert.That(() => StartDeaf(left, first.Options), Throws.TypeOf<IOException>());
        else
            Start(left, JournalSync.None, new LosingFiles()).Dispose();

        using var next = Start(left, JournalSync.None, new LosingFiles());
        Assert.That(next.Host.Recovered?.End, Is.EqualTo(isCrash ? JournalEnd.CutOff : JournalEnd.Ordered));
        Assert.That(next.Host.Recovered!.IdsToSkip, Is.EqualTo(isCrash ? RecoveredRun.SkippedIds : 0));
    }

    /// <summary>The ledger, also the simulator's small one, and the exchange have so many places.</summary>
    [Test]
    public void ShouldKeepTheFirstOrdersFarFromThePlacesOfThoseLostWhenRunsAreCutOffInARow(
        [Range(1, 5)] int times,
        [Values(4_096, ExecutionLedger.OrderPlaces, 2 * ExecutionLedger.OrderPlaces)] int places)
    {
        var apart = (int)((long)times * RecoveredRun.SkippedIds % places);
        Assert.That(Math.Min(apart, places - apart), Is.GreaterThanOrEqualTo(places / 8));
    }

    /// <summary>A lost order was executed; the one that is sent first behind the restart is, too.</summary>
    [Test]
    public void ShouldTellTheExecutionsOfALostOrderWhenOthersHaveFollowedTheRestart()
    {
        const ulong lost = 7;
        var reports = new ReportList();
        var instruments = new InstrumentTable(
            [new InstrumentOptions { Id = 1, Symbol = "ES", TickSize = 0.25m, Multiplier = 50 }]);
        var exchange = new SimulatedExchange(instruments, reports, new SimulatedExchangeOptions());
        exchange.OnMarket(0, new MarketUpdate { AskPriceE9 = 100_000_000_000, AskQuantity = 9 }, 1);
        exchange.Submit(NewOrder(lost), 2);
        exchange.Submit(NewOrder(lost + RecoveredRun.SkippedIds), 3);
        foreach (var id in new[] { lost, lost + RecoveredRun.SkippedIds })
        {
            reports.Clear();
            exchange.RequestStatus(NewOrder(id), 4);
            Assert.That(reports.Select(static r => r.Kind), Is.EqualTo(new[] {
                ExecutionReportKind.Trade, ExecutionReportKind.Status }));
            Assert.That(reports.Select(static r => (r.OrderId, r.CumulativeQuantity)), Is.All.EqualTo((id, 2)));
        }

        static Order NewOrder(ulong id) => new()
        {
            OrderId = id,
            Side = Side.Buy,
            Type = OrderType.Market,
            TimeInForce = TimeInForce.ImmediateOrCancel,
            Quantity = 2,
        };
    }

    private static PipelineHost StartDeaf(string folder, PipelineOptions options) => new(options, new PipelineParts
    {
        Transport = new DeafTransport(),
        Backend = TestPipelines.Rules(),
        Clock = new SystemEventClock(),
        Measurement = new MeasurementPlan(0, long.MaxValue),
        JournalFolder = folder,
    });

    private static MemoryPipeline Start(string folder, JournalSync sync, LosingFiles files) => new(
        Topology.Inline,
        state: new StateOptions { OrdersAtEnd = OrdersAtEnd.Leave },
        journal: folder,
        journalOptions: new JournalOptions { SegmentMb = 4, Sync = sync, SyncIntervalMs = 60_000 },
        segmentFiles: files);

    private static void Trade(MemoryPipeline pipeline, ulong firstId)
    {
        pipeline.SendQuote();
        pipeline.Host.Start();
        pipeline.Await(() => pipeline.Host.Ingress.MarketUpdatesAdmitted == 1);
        if (pipeline.Host.Restart is { } restart)
            pipeline.Await(() => restart.IsAnswered);
        for (var id = firstId; id < firstId + 3; id++)
            pipeline.SendSignal(id);
        pipeline.Await(() => pipeline.SignalsSeen == 3 && pipeline.Host.IsDrained);
        Assert.That(pipeline.Host.Chain.Routing.OrdersSent, Is.Positive);
    }

    private static ulong LastOrder(MemoryPipeline pipeline)
    {
        var orders = pipeline.Host.Chain.Routing.Orders;
        var last = 0UL;
        for (var slot = 0; slot < orders.Capacity; slot++)
            last = Math.Max(last, OrderIds.NumberOf(orders[slot].OrderId));
        return last;
    }

    private sealed class ReportList : List<ExecutionReport>, IReportSink
    {
        public void OnReport(in ExecutionReport report) => Add(report);
    }

    /// <summary>The streams are another pipeline's.</summary>
    private sealed class DeafTransport : ITransport
    {
        public IOutboundSink OpenOutbound(string channel, int stream) => new StreamSink(Stream.Null);

        public IMessageSource OpenInput(string channel, int stream) =>
            throw new IOException("another pipeline reads it");
    }
}
