using ExecutionPipeline.Execution.Orders;
using ExecutionPipeline.Execution.Venues;
using ExecutionPipeline.Execution.Venues.Faults;
using ExecutionPipeline.Execution.Venues.Matching;
using ExecutionPipeline.Execution.Venues.Replay;
using ExecutionPipeline.MarketData.Books;
using ExecutionPipeline.MarketData.Dbn;
using ExecutionPipeline.Messages.Events;
using static ExecutionPipeline.Execution.Tests.Samples;

namespace ExecutionPipeline.Execution.Tests.Venues;

/// <summary>What any venue answers when it is asked for orders.</summary>
[TestFixture("simulated")]
[TestFixture("matching")]
[TestFixture("replay")]
[TestFixture("faulty")]
public class VenueStatusTests(string kind)
{
    private readonly ReportLog _log = new();
    private IVenueGateway _venue = null!;

    /// <summary>Puts an offer of five contracts at 101 into the market.</summary>
    private Action _offer = null!;

    [SetUp]
    public void SetUp()
    {
        _log.Reports.Clear();
        (_venue, _offer) = kind switch
        {
            "matching" => Matching(),
            "replay" => Replay(),
            "faulty" => Simulated(static sink => new FaultyVenue(sink, Exchange, new FaultOptions())),
            _ => Simulated(Exchange),
        };
    }

    [Test]
    public void ShouldRepeatEachExecutionUnderItsIdAndTellTheStateWhenTheOrderWorks()
    {
        var order = NewOrder(1, 8, 101);
        _offer();
        _venue.Submit(order, StartNs);
        var trade = _log.Trades.Single();
        var status = Ask(order, repeated: [trade]);
        Assert.That(
            (status.Status, status.CumulativeQuantity, status.LeavesQuantity, status.OrderQuantity),
            Is.EqualTo((OrderStatus.PartiallyFilled, 5, 3, 8)));
        Assert.That(
            (status.Side, status.Type, status.TimeInForce, status.LimitPriceE9, status.RejectReason),
            Is.EqualTo((Side.Buy, OrderType.Limit, TimeInForce.GoodTillCancel, Price(101), VenueRejectReason.None)));
    }

    [Test]
    public void ShouldTellTheEndWhenTheOrderHasEnded()
    {
        var filled = NewOrder(1, 5, 101);
        _offer();
        _venue.Submit(filled, StartNs);
        var cancelled = NewOrder(2, 4, 99);
        _venue.Submit(cancelled, StartNs);
        _venue.Cancel(cancelled, StartNs);
        var trade = _log.Trades.Single();
        var end = Ask(filled, repeated: [trade]);
        Assert.That(
            (end.Status, end.CumulativeQuantity, end.LeavesQuantity), Is.EqualTo((OrderStatus.Filled, 5, 0)));
        end = Ask(cancelled, repeated: []);
        Assert.That(
            (end.Status, end.CumulativeQuantity, end.LeavesQuantity, end.ReleasedQuantity),
            Is.EqualTo((OrderStatus.Cancelled, 0, 0, 4)));
    }

    [Test]
    public void ShouldSayThatTheOrderIsUnknownAndNotTakeItAfterThat()
    {
        var order = NewOrder(1, 4, 99);
        var answer = Ask(order, repeated: []);
        Assert.That(answer.IsUnknownOrder);
        Assert.That(
            (answer.Status, answer.LeavesQuantity, answer.ReleasedQuantity), Is.EqualTo((OrderStatus.None, 0, 4)));
        _venue.Submit(order, StartNs);
        Assert.That(
            (_log.Last.Kind, _log.Last.RejectReason),
            Is.EqualTo((ExecutionReportKind.Rejected, VenueRejectReason.DuplicateOrder)));
        Assert.That(Ask(order, repeated: []).IsUnknownOrder, "what came too late was not taken");
    }

    [Test]
    public void ShouldTellTheNewTermsWhenTheOrderWasReplaced()
    {
        var order = NewOrder(1, 4, 99);
        _venue.Submit(order, StartNs);
        _venue.Replace(order, new OrderTerms(7, Price(98), 0), StartNs);
        var status = Ask(order, repeated: []);
        Assert.That(
            (status.OrderQuantity, status.LimitPriceE9, status.LeavesQuantity), Is.EqualTo((7, Price(98), 7)));
    }

    [Test]
    public void ShouldListOpenOrdersWithAllThatIsNeededToAdoptThemAndEndTheList()
    {
        var stop = NewOrder(3, 6, 103) with { Type = OrderType.StopLimit, TriggerPriceE9 = Price(102) };
        var dated = NewOrder(4, 2, 98) with { TimeInForce = TimeInForce.GoodTillDate, ExpireNs = StartNs + E9 };
        _venue.Submit(NewOrder(1, 8, 99), StartNs);
        _venue.Submit(NewOrder(2, 1, 99), StartNs);
        _offer();
        _venue.Submit(stop, StartNs);
        _venue.Submit(dated, StartNs);
        _venue.Cancel(NewOrder(2, 1, 99), StartNs);
        _log.Reports.Clear();
        _venue.RequestOpenOrders(StartNs);
        Assert.That(_log.Kinds, Is.EqualTo("Status Status Status OpenOrdersEnd"));
        Assert.That(_log.Last.OrderQuantity, Is.EqualTo(3));
        var byId = _log.Reports[..3].ToDictionary(static r => r.OrderId);
        Assert.That(
            (byId[3].Type, byId[3].TriggerPriceE9, byId[3].LimitPriceE9, byId[3].LeavesQuantity),
            Is.EqualTo((OrderType.StopLimit, Price(102), Price(103), 6)));
        Assert.That(
            (byId[4].TimeInForce, byId[4].ExpireNs), Is.EqualTo((TimeInForce.GoodTillDate, StartNs + E9)));
        Assert.That(byId[1].Status, Is.EqualTo(OrderStatus.New));
    }

    /// <summary>The status that comes last, after the executions that are expected to be repeated.</summary>
    private ExecutionReport Ask(in Order order, ExecutionReport[] repeated)
    {
        _log.Reports.Clear();
        _venue.RequestStatus(order, StartNs);
        Assert.That(_log.Last.Kind, Is.EqualTo(ExecutionReportKind.Status));
        Assert.That(_log.Reports[..^1], Is.EqualTo(repeated));
        return _log.Last;
    }

    private static SimulatedExchange Exchange(IReportSink sink) =>
        new(Table(), sink, new SimulatedExchangeOptions());

    private (IVenueGateway Venue, Action Offer) Simulated(Func<IReportSink, IVenueGateway> open)
    {
        var venue = open(_log);
        return (venue, () => ((IMarketListener)venue).OnMarket(0, Quote(100, 9, 101, 5), StartNs));
    }

    private (IVenueGateway Venue, Action Offer) Matching()
    {
        var venue = new MatchingVenue(Table(), new MatchingVenueOptions());
        var other = venue.Connect(new ReportLog());
        return (venue.Connect(_log), () => other.Submit(NewOrder(1, 5, 101) with { Side = Side.Sell }, StartNs));
    }

    private (IVenueGateway Venue, Action Offer) Replay()
    {
        var book = new MarketByOrderBook();
        var market = new RecordedBook(book, new QueuePositions(64));
        var venue = new ReplayVenue(Table(), 0, market, _log, new ReplayVenueOptions());
        return (venue, () => book.TryApply(new MboRecord
        {
            Action = MboAction.Add,
            OrderId = 1,
            PriceE9 = Price(101),
            Quantity = 5,
            Side = MboSide.Ask,
        }, out _));
    }

    private static Order NewOrder(ulong id, int quantity, double limit) => new()
    {
        OrderId = id,
        Side = Side.Buy,
        Type = OrderType.Limit,
        TimeInForce = TimeInForce.GoodTillCancel,
        Quantity = quantity,
        LimitPriceE9 = Price(limit),
    };
}
