using ExecutionPipeline.Execution.Orders;
using ExecutionPipeline.Execution.Venues;
using ExecutionPipeline.Messages.Events;
using static ExecutionPipeline.Execution.Tests.Samples;

namespace ExecutionPipeline.Execution.Tests.Venues;

[TestFixture]
public class SimulatedExchangeTests
{
    private ReportLog _log = null!;
    private SimulatedExchange _exchange = null!;
    private ulong _lastId;

    [SetUp]
    public void SetUp()
    {
        _log = new ReportLog();
        _exchange = new SimulatedExchange(
            Table(2), _log, new SimulatedExchangeOptions { ProtectionTicks = 3, MaxRestingOrders = 4 });
        _lastId = 0;
        Quote(100, 5, 100.25, 4);
    }

    [Test]
    public void ShouldFillAtTheTouchWhenEnoughIsDisplayed()
    {
        Submit(Side.Buy, 3, OrderType.Market);
        Assert.That(_log.Kinds, Is.EqualTo("New Trade"));
        var trade = _log.Last;
        Assert.That(trade.LastPriceE9, Is.EqualTo(Price(100.25)));
        Assert.That((trade.LastQuantity, trade.CumulativeQuantity, trade.LeavesQuantity), Is.EqualTo((3, 3, 0)));
        Assert.That(trade.FeeE6, Is.EqualTo(3 * 3_800_000));
        Assert.That(trade.VenueTimeNs, Is.EqualTo(StartNs));
    }

    [Test]
    public void ShouldWalkTickByTickWhenTheTouchIsTooThin()
    {
        Submit(Side.Buy, 10, OrderType.Market);
        Assert.That(
            _log.Trades.Select(static t => (t.LastQuantity, t.LastPriceE9)),
            Is.EqualTo(new[] { (4, Price(100.25)), (4, Price(100.5)), (2, Price(100.75)) }));

        Submit(Side.Buy, 3, OrderType.Market);
        Assert.That(
            _log.Trades.Skip(3).Select(static t => (t.LastQuantity, t.LastPriceE9)),
            Is.EqualTo(new[] { (2, Price(100.75)), (1, Price(101)) }),
            "what was taken stays taken until the next quote");

        Quote(100, 5, 100.25, 4);
        Submit(Side.Buy, 1, OrderType.Market);
        Assert.That(_log.Last.LastPriceE9, Is.EqualTo(Price(100.25)));
    }

    [Test]
    public void ShouldExpireTheRestWhenAMarketOrderReachesTheProtection()
    {
        Submit(Side.Sell, 30, OrderType.Market);
        Assert.That(_log.Trades.Select(static t => t.LastPriceE9), Is.EqualTo(
            new[] { Price(100), Price(99.75), Price(99.5), Price(99.25) }));
        Assert.That(_log.Last.Kind, Is.EqualTo(ExecutionReportKind.Expired));
        Assert.That(
            (_log.Last.CumulativeQuantity, _log.Last.ReleasedQuantity, _log.Last.LeavesQuantity),
            Is.EqualTo((20, 10, 0)));
    }

    [Test]
    public void ShouldStayWithinTheLimitWhenALimitOrderWalks()
    {
        Submit(Side.Buy, 10, OrderType.Limit, TimeInForce.ImmediateOrCancel, 100.5);
        Assert.That(_log.Kinds, Is.EqualTo("New Trade Trade Expired"));
        Assert.That((_log.Last.CumulativeQuantity, _log.Last.ReleasedQuantity), Is.EqualTo((8, 2)));
    }

    [TestCase(8, "New Trade Trade")]
    [TestCase(9, "New Expired")]
    public void ShouldFillAllOrNothingWhenTheOrderIsFillOrKill(int quantity, string expected)
    {
        Submit(Side.Buy, quantity, OrderType.Limit, TimeInForce.FillOrKill, 100.5);
        Assert.That(_log.Kinds, Is.EqualTo(expected));
    }

    [Test]
    public void ShouldRestWhenADayOrderIsNotMarketable()
    {
        Submit(Side.Buy, 2, OrderType.Limit, TimeInForce.Day, 99.75);
        Assert.That(_log.Kinds, Is.EqualTo("New"));
        Assert.That(_exchange.RestingOrders(0), Is.EqualTo(1));
        Quote(99.5, 5, 99.75, 1);
        Assert.That(_log.Last.LastQuantity, Is.EqualTo(1), "the offer came to it, one contract deep");
        Assert.That(_log.Last.LastPriceE9, Is.EqualTo(Price(99.75)));
        Assert.That(_log.Last.LeavesQuantity, Is.EqualTo(1));
        Quote(99, 5, 99.25, 9);
        Assert.That(_log.Last.LastPriceE9, Is.EqualTo(Price(99.75)), "a resting order trades at its limit");
        Assert.That(_exchange.RestingOrders(0), Is.Zero);
    }

    [Test]
    public void ShouldWaitForItsTurnWhenOthersStandBefore()
    {
        Submit(Side.Buy, 2, OrderType.Limit, TimeInForce.GoodTillCancel, 100);
        Submit(Side.Buy, 2, OrderType.Limit, TimeInForce.GoodTillCancel, 100);
        Trade(100, 3, Side.Sell);
        Assert.That(_log.Trades, Is.Empty, "five stood before");
        Trade(100, 9, Side.Buy);
        Assert.That(_log.Trades, Is.Empty, "a buyer does not trade with the bid");
        Trade(100, 3, Side.Sell);
        Assert.That(_log.Trades.Single().LastQuantity, Is.EqualTo(1));
        Trade(100, 2, Side.Sell);
        Assert.That(
            _log.Trades.Select(static t => (t.OrderId, t.LastQuantity)),
            Is.EqualTo(new[] { (1UL, 1), (1UL, 1), (2UL, 1) }));
    }

    [Test]
    public void ShouldMoveUpWhenTheQuoteShowsLess()
    {
        Submit(Side.Sell, 1, OrderType.Limit, TimeInForce.Day, 100.25);
        Submit(Side.Sell, 1, OrderType.Limit, TimeInForce.Day, 100.25);
        Quote(100, 5, 100.25, 1);
        Trade(100.25, 2, Side.Buy);
        Assert.That(_log.Trades.Single().OrderId, Is.EqualTo(1), "one displayed and the earlier order stand before");
    }

    [Test]
    public void ShouldFillWhenTheMarketTradesThrough()
    {
        Submit(Side.Buy, 5, OrderType.Limit, TimeInForce.Day, 100);
        Trade(99.75, 3, Side.Sell);
        Assert.That(_log.Last.LastQuantity, Is.EqualTo(3), "no more than was traded");
        Assert.That(_log.Last.LastPriceE9, Is.EqualTo(Price(100)));
    }

    /// <summary>A trade's contracts are shared by the orders that it went through: each has its turn.</summary>
    [TestCase(3, "1:3")]
    [TestCase(5, "1:5")]
    [TestCase(7, "1:5 2:2")]
    [TestCase(11, "1:5 2:5 3:1")]
    [TestCase(40, "1:5 2:5 3:5")]
    public void ShouldGiveEachContractOnceWhenATradeGoesThroughSeveralOrders(int traded, string expected)
    {
        for (var i = 0; i < 3; i++)
            Submit(Side.Buy, 5, OrderType.Limit, TimeInForce.Day, 100);
        Trade(99.75, traded, Side.Sell);
        Assert.That(
            string.Join(' ', _log.Trades.Select(static t => $"{t.OrderId}:{t.LastQuantity}")), Is.EqualTo(expected));
    }

    [Test]
    public void ShouldCancelWhenTheOrderRests()
    {
        Submit(Side.Buy, 2, OrderType.Limit, TimeInForce.GoodTillCancel, 99);
        Submit(Side.Buy, 3, OrderType.Limit, TimeInForce.GoodTillCancel, 99);
        _exchange.Cancel(new Order { OrderId = 1, Side = Side.Buy }, StartNs);
        Assert.That(_log.Last.Kind, Is.EqualTo(ExecutionReportKind.Cancelled));
        Assert.That(_log.Last.ReleasedQuantity, Is.EqualTo(2));
        Trade(99, 1, Side.Sell);
        Assert.That(_log.Last.OrderId, Is.EqualTo(2), "it moved up");
        _exchange.Cancel(new Order { OrderId = 1, Side = Side.Buy }, StartNs);
        Assert.That(_log.Last.Kind, Is.EqualTo(ExecutionReportKind.CancelRejected));
        Assert.That(_log.Last.RejectReason, Is.EqualTo(VenueRejectReason.UnknownOrder));
    }

    [Test]
    public void ShouldExpireDayOrdersWhenTheDayEnds()
    {
        Submit(Side.Buy, 2, OrderType.Limit, TimeInForce.Day, 99);
        Submit(Side.Buy, 3, OrderType.Limit, TimeInForce.GoodTillCancel, 99);
        _exchange.OnMarket(1, Samples.Quote(1, 1, 2, 1), StartNs + 86_400 * E9);
        Assert.That(_log.Last.Kind, Is.EqualTo(ExecutionReportKind.Expired));
        Assert.That((_log.Last.OrderId, _log.Last.ReleasedQuantity), Is.EqualTo((1UL, 2)));
        Assert.That(_exchange.RestingOrders(0), Is.EqualTo(1));
    }

    [Test]
    public void ShouldRejectWithAReasonWhenAnOrderIsWrong()
    {
        Quote(100, 5, 0, 0);
        Expect(VenueRejectReason.NoMarket, Side.Buy, 1, OrderType.Market);
        Expect(VenueRejectReason.InvalidQuantity, Side.Buy, 0, OrderType.Market);
        Expect(VenueRejectReason.InvalidQuantity, Side.None, 1, OrderType.Market);
        Expect(VenueRejectReason.InvalidPrice, Side.Buy, 1, OrderType.Limit);
        Expect(VenueRejectReason.InvalidPrice, Side.Buy, 1, OrderType.Stop, 100);
        _exchange.Submit(new Order { OrderId = 1, InstrumentIndex = 7, Quantity = 1, Side = Side.Buy }, StartNs);
        Assert.That(_log.Last.RejectReason, Is.EqualTo(VenueRejectReason.UnknownInstrument));
        for (var i = 0; i < 4; i++)
            Submit(Side.Buy, 1, OrderType.Limit, TimeInForce.Day, 99);
        Submit(Side.Buy, 1, OrderType.Limit, TimeInForce.Day, 99);
        Assert.That(_log.Last.RejectReason, Is.EqualTo(VenueRejectReason.TooManyOrders));
        Assert.That(_log.Last.ReleasedQuantity, Is.EqualTo(1));
    }

    [Test]
    public void ShouldExpireAtOnceWhenAnImmediateLimitFindsNobody()
    {
        Quote(100, 5, 0, 0);
        Submit(Side.Buy, 1, OrderType.Limit, TimeInForce.ImmediateOrCancel, 100);
        Assert.That(_log.Kinds, Is.EqualTo("New Expired"));
    }

    private void Expect(VenueRejectReason reason, Side side, int quantity, OrderType type, double limit = 0)
    {
        Submit(side, quantity, type, TimeInForce.Day, limit);
        Assert.That(_log.Last.Kind, Is.EqualTo(ExecutionReportKind.Rejected));
        Assert.That(_log.Last.RejectReason, Is.EqualTo(reason));
    }

    private void Quote(double bid, int bidQuantity, double ask, int askQuantity) =>
        _exchange.OnMarket(0, Samples.Quote(bid, bidQuantity, ask, askQuantity), StartNs);

    /// <summary>A trade under an unchanged, deep quote.</summary>
    private void Trade(double price, int quantity, Side aggressor) =>
        _exchange.OnMarket(0, Samples.Quote(100, 50, 100.25, 50).WithTrade(price, quantity, aggressor), StartNs);

    private void Submit(
        Side side,
        int quantity,
        OrderType type,
        TimeInForce timeInForce = TimeInForce.ImmediateOrCancel,
        double limit = 0)
    {
        var order = new Order
        {
            OrderId = ++_lastId,
            Side = side,
            Quantity = quantity,
            Type = type,
            TimeInForce = timeInForce,
            LimitPriceE9 = Price(limit),
        };
        _exchange.Submit(order, StartNs);
    }
}
