using ExecutionPipeline.Execution.Orders;
using ExecutionPipeline.Execution.Venues;
using ExecutionPipeline.Execution.Venues.Faults;
using ExecutionPipeline.Messages.Events;
using static ExecutionPipeline.Execution.Tests.Samples;

namespace ExecutionPipeline.Execution.Tests.Venues;

/// <summary>What goes wrong on purpose between a pipeline and a venue, and that nothing else does.</summary>
[TestFixture]
public class FaultyVenueTests
{
    private const long MsNs = 1_000_000;
    private const int Orders = 20_000;

    [Test]
    public void ShouldChangeNothingWhenNoFaultIsAskedFor()
    {
        var run = new Run(new FaultOptions(), TestSeed.Next());
        Assert.That(run.Told.Reports.SequenceEqual(run.Said.Reports));
        Assert.That(run.Told.Reports, Has.Count.GreaterThan(Orders));
    }

    [Test]
    public void ShouldSayTheSameWhenSeedAndEventsAreTheSame()
    {
        var seed = TestSeed.Next();
        var options = Everything((ulong)seed);
        var first = new Run(options, seed);
        var second = new Run(options, seed);
        Assert.That(second.Told.Reports.SequenceEqual(first.Told.Reports));
        Assert.That(second.Faulty.Counts, Is.EqualTo(first.Faulty.Counts));
        var other = new Run(Everything((ulong)seed + 1), seed);
        Assert.That(other.Told.Reports.SequenceEqual(first.Told.Reports), Is.False);
    }

    [Test]
    public void ShouldLoseNothingWhenReportsAreOnlyLateTwiceOrOutOfOrder()
    {
        var seed = TestSeed.Next();
        var run = new Run(
            new FaultOptions
            {
                Seed = (ulong)seed,
                DelayReportBps = 2_000,
                DuplicateReportBps = 2_000,
                ReorderReportBps = 2_000,
                DelayRequestBps = 2_000,
            },
            seed);
        var counts = run.Faulty.Counts;
        Assert.That(
            new[] { counts.ReportsDelayed, counts.ReportsDuplicated, counts.ReportsReordered, counts.RequestsDelayed },
            Is.All.GreaterThan(100));
        Assert.That(run.Told.Reports, Has.Count.EqualTo(run.Said.Reports.Count + counts.ReportsDuplicated));
        var told = run.Told.Reports.GroupBy(static r => r.ExecutionId).Select(static g => g.First());
        Assert.That(
            told.OrderBy(static r => r.ExecutionId).SequenceEqual(run.Said.Reports),
            "every report comes, and as it was");
        Assert.That(
            run.Told.Reports.Zip(run.Told.Reports.Skip(1), static (a, b) => a.ExecutionId > b.ExecutionId).Count(
                static isBack => isBack),
            Is.GreaterThan(100));
    }

    /// <summary>
    /// Whatever is lost on the way, after the last reconciliation every order is known as the venue has it.
    /// </summary>
    [Test]
    public void ShouldKnowEveryOrderAsTheVenueDoesWhenEverythingGoesWrong([Values(1, 2, 3)] int round)
    {
        var seed = TestSeed.Next() + round;
        var run = new Run(Everything((ulong)seed), seed);
        var counts = run.Faulty.Counts;
        Assert.That(
            new[]
            {
                counts.RequestsRejected, counts.RequestsDropped, counts.ReportsDropped, counts.Disconnects,
                counts.FailedReconnects, counts.Reconciled,
            },
            Is.All.Positive);
        Assert.That(run.Faulty.OnTheWay, Is.Zero);

        var said = run.Said.Reports.ToLookup(static r => r.OrderId);
        var told = run.Told.Reports.ToLookup(static r => r.OrderId);
        for (ulong id = 1; id <= Orders; id++)
        {
            Assert.That(told[id], Is.Not.Empty, $"order {id} has an answer");
            Assert.That(
                told[id].Max(static r => r.CumulativeQuantity),
                Is.EqualTo(said[id].Select(static r => r.CumulativeQuantity).DefaultIfEmpty().Max()), $"order {id}");
            Assert.That(told[id].Any(IsEnd), $"order {id} has ended");
        }
    }

    [Test]
    public void ShouldBackOffUntilTheConnectionReturns()
    {
        var log = new ReportLog();
        var options = new FaultOptions
        {
            ConnectedNs = 1_000 * MsNs,
            FailedReconnectBps = 9_000,
            ReconnectFirstNs = 100 * MsNs,
            ReconnectMaxNs = 800 * MsNs,
        };
        var venue = new FaultyVenue(
            log, sink => new SimulatedExchange(Table(), sink, new SimulatedExchangeOptions()), options);
        var attempts = new List<long>();
        long failedBefore = 0;
        for (var ms = 0; ms < 60_000 && attempts.Count < 4; ms++)
        {
            venue.OnTime(StartNs + ms * MsNs);
            if (venue.Counts.FailedReconnects > failedBefore)
                attempts.Add(ms);
            failedBefore = venue.Counts.FailedReconnects;
            if (venue.IsConnected)
                attempts.Clear();
        }

        var waits = attempts.Zip(attempts.Skip(1), static (a, b) => b - a).ToArray();
        Assert.That(waits, Has.Length.EqualTo(3));
        Assert.That(waits[0], Is.InRange(199, 251), "twice the first wait and up to a quarter");
        Assert.That(waits[1], Is.InRange(399, 501));
        Assert.That(waits[2], Is.InRange(799, 1_001), "no longer than the longest");

        venue.Submit(NewOrder(1), StartNs + 61_000 * MsNs);
        var expected = venue.IsConnected ? VenueRejectReason.NoMarket : VenueRejectReason.Disconnected;
        Assert.That((log.Last.Kind, log.Last.RejectReason), Is.EqualTo((ExecutionReportKind.Rejected, expected)));
    }

    /// <summary>The venue filled an order and nobody heard of it: the first word after the outage says so.</summary>
    [Test]
    public void ShouldTellOfASilentFillWhenTheConnectionReturns()
    {
        var log = new ReportLog();
        var options = new FaultOptions { ConnectedNs = 1_000 * MsNs, FailedReconnectBps = 0 };
        var venue = new FaultyVenue(
            log, sink => new SimulatedExchange(Table(), sink, new SimulatedExchangeOptions()), options);
        venue.OnMarket(0, Quote(100, 5, 100.25, 5), StartNs);
        venue.Submit(NewOrder(1), StartNs);
        Assert.That(log.Kinds, Is.EqualTo("New"));

        var timeNs = StartNs;
        for (; venue.IsConnected; timeNs += MsNs)
            venue.OnTime(timeNs);
        venue.OnMarket(0, Quote(98, 5, 98.25, 5), timeNs);
        venue.Cancel(NewOrder(1), timeNs);
        Assert.That(log.Kinds, Is.EqualTo("New CancelRejected"), "the fill is not heard of");
        for (; !venue.IsConnected; timeNs += MsNs)
            venue.OnTime(timeNs);
        Assert.That(log.Kinds, Is.EqualTo("New CancelRejected Trade"));
        Assert.That((log.Last.CumulativeQuantity, log.Last.LeavesQuantity), Is.EqualTo((2, 0)));
    }

    [TestCase(4_096)]
    [TestCase(2)]
    public void ShouldAskInTheOrderOfTheSenderWhenRequestsAreLate(int capacity)
    {
        var quiet = new QuietVenue();
        var venue = new FaultyVenue(
            new ReportLog(),
            sink => quiet.ReportingTo(sink),
            new FaultOptions
            {
                Seed = (ulong)TestSeed.Next(),
                DelayRequestBps = 3_000,
                MessageCapacity = capacity,
            });
        const int requests = 2_000;
        for (var i = 0; i < requests; i++)
        {
            // Now and then the sender's clock is behind; the venue's own is not.
            var timeNs = StartNs + i * MsNs - (i % 50 == 49 ? 20 * MsNs : 0);
            if (i % 2 == 0)
                venue.Replace(NewOrder(1), new OrderTerms(i, 1, 0), timeNs);
            else
                venue.RequestStatus(NewOrder((ulong)i), timeNs);
        }

        venue.OnTime(StartNs + 2 * requests * MsNs);
        Assert.That(venue.Counts.RequestsDelayed, Is.GreaterThan(20));
        Assert.That(quiet.Asked, Has.Count.EqualTo(requests - venue.Counts.RequestsDropped));
        Assert.That(quiet.Asked.Select(static one => one.Number), Is.Ordered.Ascending);
        Assert.That(quiet.Asked.Select(static one => one.TimeNs), Is.Ordered.Ascending);
    }

    /// <summary>Who is told of the connection asks by itself: the answer may be the last word of an order.</summary>
    [Test]
    public void ShouldHaveRoomAgainWhenTheStatusOfLostOrdersIsTold()
    {
        var log = new ReportLog();
        var venue = new FaultyVenue(
            log,
            sink => new SimulatedExchange(Table(), sink, new SimulatedExchangeOptions()),
            new FaultOptions
            {
                Seed = (ulong)TestSeed.Next(),
                DropRequestBps = 5_000,
                TellsConnection = true,
                OrderCapacity = 4,
            });
        venue.OnMarket(0, Quote(100, 5, 100.25, 5), StartNs);
        for (ulong id = 1; id <= 40; id++)
        {
            venue.Submit(NewOrder(id), StartNs);
            while (!log.Reports.Any(r => r.OrderId == id && (r.IsUnknownOrder || IsEnd(r))))
            {
                venue.Cancel(NewOrder(id), StartNs);
                venue.RequestStatus(NewOrder(id), StartNs);
            }
        }

        Assert.That(log.Reports.Count(static r => r.IsUnknownOrder), Is.GreaterThan(4), "orders that were lost");
        Assert.That(
            log.Reports.Select(static r => r.RejectReason), Has.None.EqualTo(VenueRejectReason.TooManyOrders));
    }

    /// <summary>An answer that is lost is given anew: an order that waits for it would wait for ever.</summary>
    [Test]
    public void ShouldAnswerARequestAnewWhenItsAnswerIsLost()
    {
        var log = new ReportLog();
        var quiet = new QuietVenue();
        var venue = new FaultyVenue(
            log, sink => quiet.ReportingTo(sink), new FaultOptions { DropReportBps = 10_000 });
        venue.Submit(NewOrder(1), StartNs);
        quiet.Say(NewOrder(1), ExecutionReportKind.New);
        quiet.Say(NewOrder(1), ExecutionReportKind.ReplaceRejected);
        venue.Reconcile();
        Assert.That(log.Kinds, Is.EqualTo("ReplaceRejected New"));
        quiet.Say(NewOrder(1), ExecutionReportKind.Replaced);
        quiet.Say(NewOrder(1), ExecutionReportKind.Suspended);
        quiet.Say(NewOrder(1), ExecutionReportKind.ReplaceRejected);
        quiet.Say(NewOrder(1), ExecutionReportKind.CancelRejected);
        venue.Reconcile();
        Assert.That(log.Kinds, Is.EqualTo("ReplaceRejected New Replaced CancelRejected Suspended"));
    }

    [Test]
    public void ShouldAllocateNothingWhileThingsGoWrong()
    {
        var sink = new LastReport();
        var venue = new FaultyVenue(
            sink, inner => new SimulatedExchange(Table(), inner, new SimulatedExchangeOptions()), Everything(7));
        Assert.That(AllocationMeter.FewestBytesOf(Round, warmUp: 3_000, measured: 3_000), Is.Zero);
        Assert.That(sink.Count, Is.GreaterThan(3_000));

        void Round(int i)
        {
            var timeNs = StartNs + i * 10L * MsNs;
            venue.OnMarket(0, Quote(100, 5, 100.25, 5), timeNs);
            venue.Submit(NewOrder((ulong)(sink.Count + 1)), timeNs);
            venue.Cancel(NewOrder((ulong)(sink.Count + 1)), timeNs);
            if (i % 100 == 0)
                venue.Reconcile();
        }
    }

    [Test]
    public void ShouldRefuseOptionsThatCannotBe()
    {
        Assert.That(
            () => new FaultOptions { DropReportBps = 10_001 }.Validate(),
            Throws.ArgumentException.With.Message.Contains("basis points"));
        Assert.That(
            () => new FaultOptions { ConnectedNs = 1, FailedReconnectBps = 10_000 }.Validate(),
            Throws.ArgumentException.With.Message.Contains("FailedReconnectBps"));
        Assert.That(
            () => new FaultOptions { ReconnectMaxNs = 1 }.Validate(),
            Throws.ArgumentException.With.Message.Contains("longest wait"));
        Assert.That(
            () => new FaultOptions { MessageCapacity = 0 }.Validate(),
            Throws.ArgumentException.With.Message.Contains("capacities"));
    }

    private static bool IsEnd(ExecutionReport report) =>
        report.LeavesQuantity == 0 && report.Kind is not (
            ExecutionReportKind.CancelRejected or ExecutionReportKind.ReplaceRejected);

    private static FaultOptions Everything(ulong seed) => new()
    {
        Seed = seed,
        RejectBps = 200,
        DropRequestBps = 300,
        DelayRequestBps = 500,
        DropReportBps = 300,
        DelayReportBps = 500,
        DuplicateReportBps = 500,
        ReorderReportBps = 500,
        ConnectedNs = 5_000 * MsNs,
        ReconnectFirstNs = 50 * MsNs,
    };

    private static Order NewOrder(ulong id) => new()
    {
        OrderId = id,
        Side = Side.Buy,
        Type = OrderType.Limit,
        TimeInForce = TimeInForce.GoodTillCancel,
        Quantity = 2,
        LimitPriceE9 = Price(99),
    };

    private sealed class LastReport : IReportSink
    {
        public long Count;

        public void OnReport(in ExecutionReport report) => Count++;
    }

    /// <summary>Passes on what a venue says and keeps it.</summary>
    private sealed class Tap(IReportSink sink, ReportLog log) : IReportSink
    {
        public void OnReport(in ExecutionReport report)
        {
            log.OnReport(report);
            sink.OnReport(report);
        }
    }

    /// <summary>Random orders, cancels, replacements and markets, and in the end everything is cancelled.</summary>
    private sealed class Run
    {
        public Run(FaultOptions options, int seed)
        {
            var random = new Random(seed);
            Faulty = new FaultyVenue(
                Told,
                sink => new SimulatedExchange(Table(), new Tap(sink, Said), new SimulatedExchangeOptions()),
                options);
            var timeNs = StartNs;
            for (ulong id = 1; id <= Orders; id++)
            {
                timeNs += random.Next(20) * MsNs;
                var bid = 100 + random.Next(-4, 4) * 0.25;
                Faulty.OnMarket(0, Quote(bid, random.Next(1, 9), bid + 0.25, random.Next(1, 9)), timeNs);
                Faulty.Submit(RandomOrder(random, id), timeNs);
                var older = RandomOrder(random, 1 + (ulong)random.Next((int)id));
                if (random.Next(3) == 0)
                    Faulty.Cancel(older, timeNs);
                if (random.Next(6) == 0)
                    Faulty.Replace(older, new OrderTerms(random.Next(1, 9), older.LimitPriceE9, 0), timeNs);
            }

            Finish(timeNs);
        }

        public ReportLog Said { get; } = new();

        public ReportLog Told { get; } = new();

        public FaultyVenue Faulty { get; }

        private void Finish(long timeNs)
        {
            var untilNs = timeNs + 2_000 * MsNs;
            for (; timeNs < untilNs || !Faulty.IsConnected || Faulty.OnTheWay > 0; timeNs += MsNs)
                Faulty.OnTime(timeNs);
            Faulty.TryCancelAll(timeNs);
            for (untilNs = timeNs + 200 * MsNs; timeNs < untilNs || !Faulty.IsConnected; timeNs += MsNs)
                Faulty.OnTime(timeNs);
            Faulty.Reconcile();
        }

        private static Order RandomOrder(Random random, ulong id)
        {
            var order = NewOrder(id);
            order.Quantity = random.Next(1, 6);
            order.LimitPriceE9 = Price(100 + random.Next(-8, 5) * 0.25);
            order.TimeInForce = random.Next(2) == 0 ? TimeInForce.ImmediateOrCancel : TimeInForce.GoodTillCancel;
            return order;
        }
    }

    /// <summary>Takes everything, and says what the test lets it say.</summary>
    private sealed class QuietVenue : IVenueGateway
    {
        private IReportSink? _sink;

        /// <summary>The number that a replacement's quantity or a status' order id is, and when it was asked.</summary>
        public List<(long Number, long TimeNs)> Asked { get; } = [];

        public QuietVenue ReportingTo(IReportSink sink)
        {
            _sink = sink;
            return this;
        }

        public void Say(in Order order, ExecutionReportKind kind) => _sink!.OnReport(new ExecutionReport
        {
            OrderId = order.OrderId,
            Kind = kind,
            Side = order.Side,
            OrderQuantity = order.Quantity,
            LeavesQuantity = order.Quantity,
        });

        public void Submit(in Order order, long timeNs)
        {
        }

        public void Cancel(in Order order, long timeNs)
        {
        }

        public void Replace(in Order order, in OrderTerms terms, long timeNs) => Asked.Add((terms.Quantity, timeNs));

        public bool TryCancelAll(long timeNs) => true;

        public void RequestStatus(in Order order, long timeNs) => Asked.Add(((long)order.OrderId, timeNs));

        public void RequestOpenOrders(long timeNs)
        {
        }
    }
}
