using ExecutionPipeline.Execution.Instruments;
using ExecutionPipeline.Execution.Orders;
using ExecutionPipeline.Execution.Venues;
using ExecutionPipeline.Messages.Events;
using ExecutionPipeline.Pipeline.Journal;
using ExecutionPipeline.Pipeline.Options;
using ExecutionPipeline.Pipeline.Outbound;
using ExecutionPipeline.Pipeline.Tests.Support;

namespace ExecutionPipeline.Pipeline.Tests.Hosting;

/// <summary>A kill waits for nothing: not for reports, not for the ring, not for a stage that hangs.</summary>
[TestFixture]
public sealed class KillTests
{
    private const int Signals = 2_000;

    private static readonly ExecutionReport Flood = new()
    {
        OrderId = 1_000_000,
        Kind = ExecutionReportKind.New,
        Side = Side.Buy,
    };

    [TestCase(Topology.Fused, true)]
    [TestCase(Topology.Fused, false)]
    [TestCase(Topology.Pipelined, true)]
    [TestCase(Topology.Pipelined, false)]
    public void ShouldLetNoOrderLeaveWhenTheRingIsFullBehindAStageThatHangs(Topology topology, bool isByCommand)
    {
        var record = Directory.CreateTempSubdirectory("xp-kill-").FullName;
        try
        {
            HangingVenue venue = null!;
            byte[] outbound;
            using (var pipeline = new MemoryPipeline(
                topology,
                (instruments, reports) => Hanging(out venue, instruments, reports.OpenQueue()),
                journal: record))
            {
                using var letting = venue;
                FillTheRing(pipeline, venue);
                Kill(pipeline, isByCommand);
                pipeline.Await(() => pipeline.Host.IsKilled);
                // Risk on a thread of its own may have handled the kill, which is in the slots that were kept for it.
                Assert.That(pipeline.SignalsSeen, Is.Zero, "the ring has not got that far");

                venue.GoOn();
                pipeline.Await(() => pipeline.SignalsSeen == Signals);
                Assert.That(venue.Submitted, Is.EqualTo(1), "the one that was leaving already");
                Assert.That(pipeline.Host.Chain.Risk.IsKilled, Is.True);
                Assert.That(pipeline.Host.Chain.Routing.OrdersSent, Is.GreaterThan(1), "routing had sent more");
                pipeline.Host.Stop(TimeSpan.FromSeconds(60));
                Assert.That(pipeline.Host.Fault, Is.Null);
                outbound = pipeline.Outbound;
            }

            Assert.That(Replay(record), Is.EqualTo(outbound), "what the gate stopped is in the journal");
        }
        finally
        {
            Directory.Delete(record, recursive: true);
        }
    }

    [Test]
    public void ShouldLetOnlyTheOrderLeaveThatTakesRiskOffWhileTheKillIsUnderWay(
        [Values(Topology.Fused, Topology.Pipelined)] Topology topology)
    {
        HangingVenue venue = null!;
        using var pipeline = new MemoryPipeline(
            topology, (instruments, reports) => Hanging(out venue, instruments, reports.OpenQueue(), free: 1));
        using var letting = venue;
        var host = pipeline.Host;
        pipeline.StartWithSignals(1);
        pipeline.Await(() => host.Ingress.ReportsTaken > 0 && host.IsDrained && host.Chain.Routing.Fills > 0);

        pipeline.SendSignal(2);
        pipeline.Await(() => venue.Submitted == 2);
        pipeline.SendSignal(3, TradeAction.Short);
        pipeline.SendSignal(4);
        pipeline.Await(() => host.Ingress.SignalsAdmitted == 4);
        Kill(pipeline, isByCommand: false);
        pipeline.Await(() => host.IsKilled);
        venue.GoOn();
        pipeline.Await(() => pipeline.SignalsSeen == 4 && host.Chain.Risk.IsKilled);

        Assert.That((venue.Submitted, venue.LastSignalId), Is.EqualTo((3, 3UL)));
        Assert.That(host.Chain.Routing.OrdersSent, Is.EqualTo(4), "the gate stopped one");
    }

    [Test]
    public void ShouldTakeAKillBeforeAnythingElseWhenReportsAreAboveTheMark([Values] bool isByCommand)
    {
        HangingVenue venue = null!;
        IReportSink flood = null!;
        using var pipeline = new MemoryPipeline(Topology.Fused, (instruments, reports) =>
        {
            flood = reports.OpenQueue();
            return Hanging(out venue, instruments, reports.OpenQueue());
        });
        using var letting = venue;
        FillTheRing(pipeline, venue);
        for (var report = 0; report < 100_000; report++)
            flood.OnReport(Flood);
        Kill(pipeline, isByCommand);
        pipeline.Await(() => pipeline.Host.IsKilled);
        venue.GoOn();
        pipeline.Await(() => pipeline.SignalsSeen == Signals);

        Assert.That(venue.Submitted, Is.EqualTo(1));
        Assert.That(pipeline.Host.Fault, Is.Null);
        Assert.That(pipeline.Host.ReportsOverflowed, Is.Positive);
    }

    /// <summary>The inline topology turn by turn: one of ingress's is enough, whatever waits.</summary>
    [Test]
    public void ShouldBeLatchedWithinOneTurnWhenTheCommandComes()
    {
        IReportSink flood = null!;
        using var pipeline = new MemoryPipeline(Topology.Inline, (_, reports) =>
        {
            flood = reports.OpenQueue();
            return new Pipeline.Hosting.Venue(new RestingVenue(reports.OpenQueue()));
        });
        for (var report = 0; report < 10_000; report++)
            flood.OnReport(Flood);
        pipeline.SendQuote();
        for (ulong id = 1; id <= 10; id++)
            pipeline.SendSignal(id);
        pipeline.SendCommand(CommandKind.CloseAll, id: 1);
        pipeline.SendCommand(CommandKind.Kill, id: 2);
        pipeline.Host.Ingress.DoWork();

        Assert.That(pipeline.Host.Chain.Risk.IsKilled, Is.True);
        Assert.That(pipeline.Host.Chain.Routing.OrdersSent, Is.Zero);
    }

    /// <summary>More reports in one event than the queue was laid out for, on the thread that takes them.</summary>
    [TestCase(Topology.Inline)]
    [TestCase(Topology.Fused)]
    public void ShouldCancelThousandsOfRestingOrdersWhenKilled(Topology topology)
    {
        const int orders = 10_000;
        var exchangeOptions = new SimulatedExchangeOptions { MaxRestingOrders = orders };
        SimulatedExchange exchange = null!;
        using var pipeline = new MemoryPipeline(topology, (instruments, reports) =>
        {
            exchange = new SimulatedExchange(instruments, reports.OpenQueue(), exchangeOptions);
            return new Pipeline.Hosting.Venue(exchange, exchange);
        });
        var store = pipeline.Host.Chain.Routing.Orders;
        for (var i = 0; i < orders; i++)
        {
            var order = new Order
            {
                OrderId = 1_000_000 + (ulong)i,
                Side = Side.Buy,
                Type = OrderType.Limit,
                TimeInForce = TimeInForce.GoodTillCancel,
                LimitPriceE9 = 4_000_000_000_000,
                Quantity = 1,
            };
            Assert.That(store.TryAdd(order, out _));
            exchange.Submit(order, 1);
        }

        pipeline.Host.Start();
        pipeline.Await(() => pipeline.Host.Ingress.ReportsTaken == orders && pipeline.Host.IsDrained);
        pipeline.SendCommand(CommandKind.Kill);
        pipeline.Await(() => pipeline.Host.Ingress.ReportsTaken == 2 * orders && pipeline.Host.IsDrained);
        pipeline.Host.Stop(TimeSpan.FromSeconds(60));

        Assert.That(pipeline.Host.Fault, Is.Null);
        Assert.That((store.WorkingOrders, exchange.RestingOrders(0)), Is.EqualTo((0, 0)));
        Assert.That(pipeline.Host.ReportsOverflowed, Is.Positive);
    }

    private static Pipeline.Hosting.Venue Hanging(
        out HangingVenue venue, InstrumentTable instruments, IReportSink reports, int free = 0)
    {
        var exchange = new SimulatedExchange(instruments, reports, new SimulatedExchangeOptions());
        venue = new HangingVenue(exchange, free);
        return new Pipeline.Hosting.Venue(venue, exchange);
    }

    private static void Kill(MemoryPipeline pipeline, bool isByCommand)
    {
        if (isByCommand)
            pipeline.SendCommand(CommandKind.Kill);
        else
            pipeline.Host.Ingress.RequestKill(CommandReason.ProcessSignal);
    }

    /// <summary>The first order hangs at the venue, and the ring fills up behind it.</summary>
    private static void FillTheRing(MemoryPipeline pipeline, HangingVenue venue)
    {
        pipeline.SendQuote();
        pipeline.Host.Start();
        pipeline.Await(() => pipeline.Host.Ingress.MarketUpdatesAdmitted == 1);
        for (ulong id = 1; id <= Signals; id++)
            pipeline.SendSignal(id);
        var full = pipeline.Options.Ring.Size - pipeline.Options.Instruments.Count;
        var ingress = pipeline.Host.Ingress;
        // Each second a timer takes a slot from the signals.
        pipeline.Await(() => venue.Submitted == 1
            && ingress.SignalsAdmitted + ingress.MarketUpdatesAdmitted + ingress.Ticks >= full);
    }

    private static byte[] Replay(string path)
    {
        using var reader = new JournalReader(path);
        using var output = new MemoryStream();
        new JournalReplay(LivePipeline.OptionsOf(Topology.Inline), TestPipelines.Rules(), new StreamSink(output))
            .Run(reader, CancellationToken.None);
        return output.ToArray();
    }
}
