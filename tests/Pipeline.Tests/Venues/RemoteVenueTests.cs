using System.Collections.Concurrent;
using ExecutionPipeline.Aeron.Driver;
using ExecutionPipeline.Execution.Instruments;
using ExecutionPipeline.Execution.Orders;
using ExecutionPipeline.Execution.Venues;
using ExecutionPipeline.Execution.Venues.Matching;
using ExecutionPipeline.Messages.Events;
using ExecutionPipeline.Messages.Ingress;
using ExecutionPipeline.Native;
using ExecutionPipeline.Pipeline.Ingress;
using ExecutionPipeline.Pipeline.Options;
using ExecutionPipeline.Pipeline.Ring;
using ExecutionPipeline.Pipeline.Tests.Recovery;
using ExecutionPipeline.Pipeline.Venues;

namespace ExecutionPipeline.Pipeline.Tests.Venues;

/// <summary>A venue behind Aeron streams: what is asked for arrives, and what it says comes back, once.</summary>
[TestFixture]
public sealed class RemoteVenueTests
{
    private const long E9 = 1_000_000_000;
    private const long BidE9 = 5_000 * E9;
    private const long AskE9 = BidE9 + E9 / 4;
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(120);

    private static readonly VenueOptions Options = new()
    {
        HeartbeatMs = 5,
        HeartbeatTimeoutMs = 400,
        ReconnectFirstMs = 5,
        ReconnectMaxMs = 20,
    };

    private static readonly InstrumentTable Table = new(
        [new InstrumentOptions { Id = 7, Symbol = "ES", TickSize = 0.25m, Multiplier = 50 }]);

    /// <summary>The pipeline trades one instrument more than the venue does.</summary>
    private static readonly InstrumentIds Ids = new(7, 9);

    private static readonly InstrumentTable WideTable = new(
    [
        new InstrumentOptions { Id = 7, Symbol = "ES", TickSize = 0.25m, Multiplier = 50 },
        new InstrumentOptions { Id = 9, Symbol = "NQ", TickSize = 0.25m, Multiplier = 20 },
    ]);

    private readonly List<ExecutionReport> _seen = [];
    private MediaDriver _driver = null!;
    private AeronClient _aeron = null!;
    private ReportInbox _reports = null!;
    private RemoteVenue _remote = null!;
    private TradingFault _fault = null!;

    [SetUp]
    public void SetUp()
    {
        _seen.Clear();
        _driver = MediaDriver.LaunchEmbedded();
        _aeron = AeronClient.Connect(new AeronClient.Context().AeronDirectoryName(_driver.AeronDirectoryName));
        _reports = new ReportInbox(64, 4);
        _fault = new TradingFault();
        _remote = new RemoteVenue(_aeron, Options, Ids, _reports, _fault, number: 3);
        _remote.Start();
    }

    [TearDown]
    public void TearDown()
    {
        _remote.Dispose();
        _aeron.Dispose();
        _driver.Dispose();
        Assert.That(_fault.First, Is.Null);
    }

    [Test]
    public void ShouldRefuseEachRequestWhenNoVenueIsThere()
    {
        var order = Limit(1, Side.Buy, BidE9, 5);
        _remote.Submit(order, 10);
        _remote.Cancel(order, 10);
        _remote.Replace(order, new OrderTerms(4, BidE9, 0), 10);
        _remote.RequestStatus(order, 10);
        Await(() => _seen.Count == 3);
        Assert.That(
            _seen.Select(static r => (r.Kind, r.RejectReason, r.Venue, r.ReleasedQuantity, r.LeavesQuantity)),
            Is.EqualTo(new[]
            {
                (ExecutionReportKind.Rejected, VenueRejectReason.Disconnected, (byte)3, 5, 0),
                (ExecutionReportKind.CancelRejected, VenueRejectReason.Disconnected, (byte)3, 0, 5),
                (ExecutionReportKind.ReplaceRejected, VenueRejectReason.Disconnected, (byte)3, 0, 5),
            }));
        Assert.That(_seen.Select(static r => r.VenueTimeNs), Is.All.Zero, "the venue's clock is another");
        Assert.That(_remote.Refused, Is.EqualTo(3));
    }

    [Test]
    public void ShouldSayWhetherTheVenueWasReachedWhenAllIsToBeCancelled()
    {
        Assert.That(_remote.TryCancelAll(10), Is.False, "no venue is there");
        using (new RunningVenue(_aeron))
        {
            Await(() => _remote.IsUp);
            _remote.Submit(Limit(1, Side.Buy, BidE9 - E9, 4), 10);
            Await(() => Of(1, ExecutionReportKind.New).Any());
            Assert.That(_remote.TryCancelAll(11), Is.True);
            Await(() => Of(1, ExecutionReportKind.Cancelled).Any());
        }

        Await(() => !_remote.IsUp);
        Assert.That(_remote.TryCancelAll(12), Is.False, "it has gone");
    }

    [Test]
    public void ShouldTellThatTheVenueIsThereOnlyWhenItIsStarted()
    {
        using var venue = new RunningVenue(_aeron);
        var (reports, seen) = (new ReportInbox(64, 4), new List<ExecutionReport>());
        using var late = new RemoteVenue(_aeron, Options, Ids, reports, _fault);
        Await(() => _remote.IsUp);
        Assert.That(reports.Drain(new Collector(seen)) || late.IsUp, Is.False, "a replay would have swallowed it");

        late.Start();
        Await(() => reports.Drain(new Collector(seen)) || seen.Count > 0);
        Assert.That(seen[0].Kind, Is.EqualTo(ExecutionReportKind.VenueBack));
    }

    [Test]
    public void ShouldReportWhatTheVenueDoesWhenOrdersAreSent()
    {
        using var venue = new RunningVenue(_aeron);
        Await(() => _remote.IsUp);
        _remote.Submit(Limit(1, Side.Buy, AskE9, 5), 10);
        Await(() => Of(1, ExecutionReportKind.Trade).Any());
        var trade = Of(1, ExecutionReportKind.Trade).Single();
        Assert.That(
            (trade.LastQuantity, trade.CumulativeQuantity, trade.LeavesQuantity, trade.LastPriceE9, trade.Side),
            Is.EqualTo((5, 5, 0, AskE9, Side.Buy)));
        Assert.That((trade.Venue, trade.InstrumentIndex, trade.OrderQuantity), Is.EqualTo(((byte)3, 0, 5)));
        Assert.That(trade.ExecutionId >> 32, Is.Positive, "no two runs of a venue share ids");

        var resting = Limit(2, Side.Buy, BidE9 - E9, 4);
        _remote.Submit(resting, 11);
        _remote.Replace(resting, new OrderTerms(3, BidE9 - 2 * E9, 0), 12);
        Await(() => Of(2, ExecutionReportKind.Replaced).Any());
        Assert.That(Of(2, ExecutionReportKind.Replaced).Single().LimitPriceE9, Is.EqualTo(BidE9 - 2 * E9));
        _remote.RequestOpenOrders(13);
        Await(() => _seen.Any(static r => r.Kind == ExecutionReportKind.OpenOrdersEnd));
        var status = Of(2, ExecutionReportKind.Status).Single();
        Assert.That(
            (status.Status, status.OrderQuantity, status.LimitPriceE9, status.Type, status.TimeInForce),
            Is.EqualTo((OrderStatus.New, 3, BidE9 - 2 * E9, OrderType.Limit, TimeInForce.GoodTillCancel)));
        Assert.That(_seen.Last().OrderQuantity, Is.EqualTo(1), "one order is open");
        _remote.Cancel(resting, 14);
        Await(() => Of(2, ExecutionReportKind.Cancelled).Any());
        _remote.RequestStatus(Limit(9, Side.Buy, BidE9, 1), 15);
        Await(() => Of(9, ExecutionReportKind.Status).Any());
        Assert.That(Of(9, ExecutionReportKind.Status).Single().IsUnknownOrder, Is.True);
        Assert.That(_remote.Refused, Is.Zero);
    }

    [Test]
    public void ShouldSayThatTheVenueIsLostAndBackWhenItIsStartedAnew()
    {
        using (new RunningVenue(_aeron))
        {
            Await(() => _remote.IsUp);
            _remote.Submit(Limit(1, Side.Buy, BidE9 - E9, 4), 10);
            Await(() => Of(1, ExecutionReportKind.New).Any());
        }

        Await(() => _seen.Any(static r => r.Kind == ExecutionReportKind.VenueLost));
        Assert.That(_remote.IsUp, Is.False);
        _remote.Submit(Limit(2, Side.Buy, BidE9, 1), 11);
        Await(() => Of(2, ExecutionReportKind.Rejected).Any());
        using (new RunningVenue(_aeron))
        {
            Await(() => _seen.Any(static r => r.Kind == ExecutionReportKind.VenueBack));
            Assert.That(_seen.Count(static r => r.Kind == ExecutionReportKind.VenueLost), Is.EqualTo(1));
            _remote.RequestStatus(Limit(1, Side.Buy, BidE9 - E9, 4), 12);
            Await(() => Of(1, ExecutionReportKind.Status).Any());
            Assert.That(Of(1, ExecutionReportKind.Status).Single().IsUnknownOrder, "it has begun anew");
        }
    }

    [Test]
    public void ShouldAnswerForItsOrdersWhenItIsStartedAnewOnItsJournal()
    {
        using var folders = new CrashedFolder();
        var folder = folders.New();
        string killed;
        using (new RunningVenue(_aeron, folder))
        {
            Await(() => _remote.IsUp);
            _remote.Submit(Limit(1, Side.Buy, AskE9, 5), 10);
            _remote.Submit(Limit(2, Side.Buy, BidE9 - E9, 4), 10);
            Await(() => Of(2, ExecutionReportKind.New).Any());
            killed = folders.Copy(folder);
        }

        Await(() => _seen.Any(static r => r.Kind == ExecutionReportKind.VenueLost));
        using (new RunningVenue(_aeron, killed))
        {
            Await(() => _seen.Count(static r => r.Kind == ExecutionReportKind.VenueBack) == 2);
            _remote.RequestStatus(Limit(1, Side.Buy, AskE9, 5), 11);
            _remote.RequestStatus(Limit(2, Side.Buy, BidE9 - E9, 4), 11);
            Await(() => Of(2, ExecutionReportKind.Status).Any());
            Assert.That(Of(1, ExecutionReportKind.Status).Single().Status, Is.EqualTo(OrderStatus.Filled));
            Assert.That(Of(2, ExecutionReportKind.Status).Single().Status, Is.EqualTo(OrderStatus.New));
            Assert.That(Of(1, ExecutionReportKind.Trade).Distinct().Count(), Is.EqualTo(1), "told twice, booked once");
            _remote.Submit(Limit(3, Side.Buy, AskE9, 5), 12);
            Await(() => Of(3, ExecutionReportKind.Trade).Any());
            Assert.That(
                Of(3, ExecutionReportKind.Trade).Single().ExecutionId,
                Is.GreaterThan(Of(1, ExecutionReportKind.Trade).First().ExecutionId));
        }
    }

    /// <summary>A venue that is started anew is given what the one before had read and not acknowledged.</summary>
    [Test]
    public void ShouldTakeARequestOnceWhenItComesAgainAfterARestart()
    {
        using var folders = new CrashedFolder();
        var folder = folders.New();
        var stream = new VenueStream(_aeron.AddPublication(Options.Channel, Options.RequestStream));
        string killed;
        using (new RunningVenue(_aeron, folder))
        {
            Await(() => _remote.IsUp);
            Await(() => TrySend(stream, Limit(1, Side.Buy, AskE9, 5), number: 1));
            Await(() => Of(1, ExecutionReportKind.Trade).Any());
            killed = folders.Copy(folder);
        }

        using (var venue = new RunningVenue(_aeron, killed))
        {
            Await(() => _seen.Count(static r => r.Kind == ExecutionReportKind.VenueBack) == 2);
            Await(() => TrySend(stream, Limit(1, Side.Buy, AskE9, 5), number: 1));
            Await(() => TrySend(stream, Limit(2, Side.Buy, AskE9, 5), number: 2));
            Await(() => Of(2, ExecutionReportKind.Trade).Any());
            Assert.That(venue.Repeated, Is.EqualTo(1));
        }

        Assert.That(_seen.Where(static r => r.OrderId == 1).Select(static r => r.Kind), Is.EqualTo(new[]
        {
            ExecutionReportKind.New, ExecutionReportKind.Trade,
        }));
    }

    [Test]
    public void ShouldFillARestingOrderWhenTheMarketTradesThroughIt()
    {
        using var venue = new RunningVenue(_aeron);
        Await(() => _remote.IsUp);
        _remote.Submit(Limit(1, Side.Buy, BidE9, 3), 10);
        Await(() => Of(1, ExecutionReportKind.New).Any());
        venue.Updates.Enqueue(Update(BidE9 - E9, AskE9 - E9));
        Await(() => Of(1, ExecutionReportKind.Trade).Sum(static r => r.LastQuantity) == 3);
        Assert.That(Of(1, ExecutionReportKind.Trade).Select(static r => r.LastPriceE9), Is.All.EqualTo(BidE9));
    }

    [Test]
    public void ShouldAnswerInTheOrdersInstrumentWhenTheVenueDoesNotKnowIt()
    {
        using var venue = new RunningVenue(_aeron);
        Await(() => _remote.IsUp);
        var order = Limit(1, Side.Sell, BidE9, 5) with { InstrumentIndex = 1 };
        _remote.Submit(order, 10);
        Await(() => Of(1, ExecutionReportKind.Rejected).Any());
        _remote.RequestStatus(order, 11);
        Await(() => Of(1, ExecutionReportKind.Status).Any());
        _remote.Cancel(order, 12);
        _remote.Replace(order, new OrderTerms(4, BidE9, 0), 12);
        Await(() => Of(1, ExecutionReportKind.ReplaceRejected).Any());
        _remote.RequestOpenOrders(13);
        Await(() => _seen.Any(static r => r.Kind == ExecutionReportKind.OpenOrdersEnd));
        Assert.That(
            _seen.Where(static r => r.OrderId == 1)
                .Select(static r => (r.Kind, r.RejectReason, r.InstrumentIndex, r.Side, r.ReleasedQuantity)),
            Is.EqualTo(new[]
            {
                (ExecutionReportKind.Rejected, VenueRejectReason.UnknownInstrument, 1, Side.Sell, 5),
                (ExecutionReportKind.Status, VenueRejectReason.UnknownOrder, 1, Side.Sell, 5),
                (ExecutionReportKind.CancelRejected, VenueRejectReason.UnknownOrder, 1, Side.Sell, 0),
                (ExecutionReportKind.ReplaceRejected, VenueRejectReason.UnknownOrder, 1, Side.Sell, 0),
            }));
        Assert.That(
            _seen.Where(static r => r.OrderId == 1).Select(static r => (r.ExecutionId, r.VenueTimeNs)),
            Is.Unique.And.All.Matches<(ulong Id, long TimeNs)>(static word => word is { Id: > 0, TimeNs: > 0 }),
            "none of them is another one's repetition");
    }

    [Test]
    public void ShouldLeaveAReportToTheEdgeWhenThePipelineDoesNotKnowItsInstrument()
    {
        using var venue = new RunningVenue(_aeron, table: WideTable);
        var (reports, seen) = (new ReportInbox(64, 4), new List<ExecutionReport>());
        using var narrow = new RemoteVenue(_aeron, Options, new InstrumentIds(9), reports, _fault);
        narrow.Start();
        Await(() => _remote.IsUp && narrow.IsUp);
        _remote.Submit(Limit(1, Side.Buy, BidE9 - E9, 4), 10);
        Await(() => Of(1, ExecutionReportKind.New).Any());
        narrow.RequestOpenOrders(11);
        Await(() =>
        {
            reports.Drain(new Collector(seen));
            return seen.Any(static r => r.Kind == ExecutionReportKind.OpenOrdersEnd);
        });

        var end = seen.Single(static r => r.Kind == ExecutionReportKind.OpenOrdersEnd);
        Assert.That((end.InstrumentIndex, end.OrderQuantity), Is.EqualTo((0, 1)));
        var open = seen.Single(static r => r.Kind == ExecutionReportKind.Status);
        Assert.That(new EventCheck(1).IsReport(open, out var rejection), Is.False);
        Assert.That((rejection.Reason, rejection.CorrelationId), Is.EqualTo((RejectReason.UnknownInstrument, 1UL)));
    }

    [Test]
    public void ShouldLeaveAMessageToTheEdgeWhenItIsNoReport()
    {
        using var publication = _aeron.AddPublication(Options.Channel, Options.ReportStream);
        var stream = new VenueStream(publication);
        stream.Message.Fill(0xFF);
        Await(() => stream.TrySend(16));
        Await(() => _seen.Count > 0);
        Assert.That(new EventCheck(1).IsReport(_seen.Single(), out var rejection), Is.False);
        Assert.That((rejection.Reason, rejection.IsVenueReport), Is.EqualTo((RejectReason.UnknownReport, true)));
    }

    private static bool TrySend(VenueStream stream, in Order order, ulong number) =>
        stream.TrySend(VenueMessages.WriteRequest(
            stream.Message, new RequestStamp(number, Session: 99, TimeNs: 10), VenueRequestKind.NewOrder, order,
            default, Ids[0]));

    private static MarketUpdate Update(long bidE9, long askE9) => new()
    {
        BidPriceE9 = bidE9,
        BidQuantity = 50,
        BidOrders = 1,
        AskPriceE9 = askE9,
        AskQuantity = 50,
        AskOrders = 1,
    };

    private static Order Limit(ulong id, Side side, long priceE9, int quantity) => new()
    {
        OrderId = id,
        Side = side,
        Type = OrderType.Limit,
        TimeInForce = TimeInForce.GoodTillCancel,
        Quantity = quantity,
        LimitPriceE9 = priceE9,
    };

    private IEnumerable<ExecutionReport> Of(ulong order, ExecutionReportKind kind) =>
        _seen.Where(report => report.OrderId == order && report.Kind == kind).ToArray();

    private void Await(Func<bool> condition)
    {
        var receiver = new Collector(_seen);
        Assert.That(
            SpinWait.SpinUntil(
                () =>
                {
                    _reports.Drain(receiver);
                    return condition() || _fault.First != null;
                },
                Timeout),
            Is.True,
            $"seen: {string.Join(", ", _seen.Select(static r => $"{r.OrderId} {r.Kind}"))}");
    }

    private sealed class Collector(List<ExecutionReport> seen) : IReportReceiver
    {
        public bool HasRoom => true;

        public void OnReport(in ExecutionReport report) => seen.Add(report);
    }

    /// <summary>The venue's side on a thread of its own, with a market.</summary>
    private sealed class RunningVenue : IDisposable
    {
        private readonly Thread _thread;
        private readonly VenueServer _server;
        private volatile bool _isEnding;

        public RunningVenue(AeronClient aeron, string? journal = null, InstrumentTable? table = null)
        {
            table ??= Table;
            var ids = new InstrumentIds([.. table.All.ToArray().Select(static one => one.Id)]);
            _server = new VenueServer(
                aeron, Options, table, ids, new MatchingVenueOptions(), NanoClock.NowNs(),
                journal is null ? null : new VenueJournalOptions
                {
                    Folder = journal,
                    Journal = VenueRun.Pipeline.Journal,
                    Pipeline = VenueRun.Pipeline,
                });
            Updates.Enqueue(Update(BidE9, AskE9));
            _thread = new Thread(Run) { IsBackground = true };
            _thread.Start();
        }

        public long Repeated => _server.Figures.Repeated;

        public ConcurrentQueue<MarketUpdate> Updates { get; } = new();

        public void Dispose()
        {
            _isEnding = true;
            _thread.Join();
            _server.Dispose();
        }

        private void Run()
        {
            while (!_isEnding)
            {
                var work = _server.DoWork(NanoClock.NowNs());
                if (Updates.TryDequeue(out var update))
                    _server.OnMarket(0, update);
                else if (work == 0)
                    Thread.Yield();
            }
        }
    }
}
