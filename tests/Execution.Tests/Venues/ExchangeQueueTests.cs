using ExecutionPipeline.Execution.Orders;
using ExecutionPipeline.Execution.Venues;
using ExecutionPipeline.Messages.Events;
using static ExecutionPipeline.Execution.Tests.Samples;

namespace ExecutionPipeline.Execution.Tests.Venues;

/// <summary>The queues of the simulated exchange against a plain list, and with very many orders.</summary>
[TestFixture]
public class ExchangeQueueTests
{
    [Test]
    public void ShouldExecuteAsAPlainListDoes()
    {
        var random = TestSeed.NewRandom();
        for (var round = 0; round < 40; round++)
            Compare(random);
    }

    /// <summary>
    /// Orders at a hundred thousand places, some of them in one queue at the touch: each trade executes who is first,
    /// and all are still there at the end.
    /// </summary>
    [TestCase(100_000, 1)]
    [TestCase(100_000, 40_000)]
    public void ShouldHoldAHundredThousandOrders(int orders, int prices)
    {
        var log = new ReportLog();
        var exchange = new SimulatedExchange(Table(2), log, new SimulatedExchangeOptions());
        exchange.OnMarket(0, Quote(20_000, 50, 20_000.25, 50), StartNs);
        for (var i = 0; i < orders; i++)
        {
            var priceE9 = Price(20_000) - (long)((uint)i * 2_654_435_761u % (uint)prices) * TickE9;
            exchange.Submit(Bid((ulong)i + 1, 1, priceE9), StartNs);
        }

        Assert.That(exchange.RestingOrders(0), Is.EqualTo(orders));
        log.Reports.Clear();
        for (var update = 0; update < 1_000; update++)
        {
            var quote = Quote(20_000, 49 - update % 50, 20_000.25, 50);
            exchange.OnMarket(0, quote.WithTrade(20_000, 1, Side.Sell), StartNs);
        }

        // Where there are as many prices as orders, the touch has one or two of them.
        var ids = log.Reports.Select(static r => r.OrderId).ToArray();
        Assert.That(ids, Is.Ordered, "first come, first served");
        Assert.That(exchange.RestingOrders(0), Is.EqualTo(orders - ids.Length));
        exchange.TryCancelAll(StartNs);
        Assert.That(exchange.RestingOrders(0), Is.Zero);
    }

    /// <summary>Who stood before our order has gone once the market's best price is behind it.</summary>
    [TestCase(Side.Buy, 99.75, 100.25)]
    [TestCase(Side.Sell, 99.75, 100.25)]
    public void ShouldBeFirstWhenTheQuoteHasGoneBehindOurOrder(Side side, double bid, double ask)
    {
        var log = new ReportLog();
        var exchange = new SimulatedExchange(Table(2), log, new SimulatedExchangeOptions());
        exchange.OnMarket(0, side == Side.Buy ? Quote(100, 5, ask, 5) : Quote(bid, 5, 100, 5), StartNs);
        var order = Bid(1, 1, Price(100));
        order.Side = side;
        exchange.Submit(order, StartNs);
        exchange.OnMarket(0, Quote(bid, 5, ask, 5), StartNs);
        var aggressor = side == Side.Buy ? Side.Sell : Side.Buy;
        exchange.OnMarket(0, Quote(bid, 5, ask, 5).WithTrade(100, 1, aggressor), StartNs);
        Assert.That(log.Kinds, Is.EqualTo("New Trade"));
    }

    [Test]
    public void ShouldRefuseTheOrderBeyondTheLastThatItHasRoomFor()
    {
        var log = new ReportLog();
        var exchange = new SimulatedExchange(Table(2), log, new SimulatedExchangeOptions { MaxRestingOrders = 3 });
        for (ulong id = 1; id <= 4; id++)
            exchange.Submit(Bid(id, 1, Price(id)), StartNs);
        Assert.That(log.Last.RejectReason, Is.EqualTo(VenueRejectReason.TooManyOrders));
        exchange.Cancel(Bid(2, 1, 0), StartNs);
        exchange.Submit(Bid(5, 1, Price(9)), StartNs);
        Assert.That(log.Kinds, Is.EqualTo("New New New Rejected Cancelled New"));
    }

    [Test]
    public void ShouldRefuseAnOrderWhoseIdWorksAlready()
    {
        var log = new ReportLog();
        var exchange = new SimulatedExchange(Table(2), log, new SimulatedExchangeOptions());
        exchange.Submit(Bid(1, 1, Price(9)), StartNs);
        exchange.Submit(Bid(1, 1, Price(9)), StartNs);
        Assert.That((log.Kinds, log.Last.RejectReason), Is.EqualTo(("New Rejected", VenueRejectReason.DuplicateOrder)));
    }

    private static void Compare(Random random)
    {
        var log = new ReportLog();
        var exchange = new SimulatedExchange(Table(2), log, new SimulatedExchangeOptions());
        var naive = new NaiveExchange();
        var live = new List<Order>();
        ulong lastId = 0;
        for (var step = 0; step < 600; step++)
        {
            switch (random.Next(6))
            {
                case 0 or 1:
                    // Below every bid that is quoted or above every offer, so that nothing is marketable.
                    var isBuy = random.Next(2) == 0;
                    var price = 100 + (isBuy ? -0.25 : 0.25) * random.Next(1, 4);
                    var order = Bid(++lastId, random.Next(1, 9), Price(price));
                    order.Side = isBuy ? Side.Buy : Side.Sell;
                    order.PeakQuantity = random.Next(3) == 0 ? random.Next(1, order.Quantity + 1) : 0;
                    live.Add(order);
                    exchange.Submit(order, StartNs);
                    naive.Submit(order);
                    break;
                case 2 when live.Count > 0:
                    var ended = live[random.Next(live.Count)];
                    exchange.Cancel(ended, StartNs);
                    naive.Cancel(ended.OrderId);
                    break;
                case 3 when live.Count > 0:
                    Replace(random, exchange, naive, log, live[random.Next(live.Count)]);
                    break;
                default:
                    if (random.Next(6) == 0)
                        Show(exchange, naive, Jump(random));
                    Show(exchange, naive, RandomMarket(random));
                    break;
            }

            live.RemoveAll(o => log.Reports.Any(r => r.OrderId == o.OrderId && r.LeavesQuantity == 0));
            Assert.That(
                log.Trades.Select(static t => (t.OrderId, t.LastQuantity, t.LastPriceE9)), Is.EqualTo(naive.Fills));
            Assert.That(exchange.RestingOrders(0), Is.EqualTo(naive.Resting));
        }

        Assert.That(naive.Fills, Is.Not.Empty);
    }

    private static void Replace(
        Random random, SimulatedExchange exchange, NaiveExchange naive, ReportLog log, in Order order)
    {
        var id = order.OrderId;
        var done = log.Reports.Last(r => r.OrderId == id).CumulativeQuantity;
        var leaves = random.Next(1, 9);
        var priceE9 = order.LimitPriceE9 + (random.Next(2) == 0 ? 0 : order.Sign * -TickE9);
        exchange.Replace(order, new OrderTerms(done + leaves, priceE9, 0), StartNs);
        naive.Replace(id, leaves, priceE9);
    }

    private static void Show(SimulatedExchange exchange, NaiveExchange naive, in MarketUpdate update)
    {
        exchange.OnMarket(0, update, StartNs);
        naive.OnMarket(update);
    }

    /// <summary>The market comes to our orders of one side for one update.</summary>
    private static MarketUpdate Jump(Random random)
    {
        var bid = 100 + random.Next(-5, 6) * 0.25;
        return Quote(bid, random.Next(1, 6), bid + 0.25, random.Next(1, 6));
    }

    /// <summary>Around 100; the quote's width leaves the prices in between to our orders.</summary>
    private static MarketUpdate RandomMarket(Random random)
    {
        var bid = 99.75 - random.Next(3) * 0.25;
        var quote = Quote(bid, random.Next(1, 12), 100.25 + random.Next(3) * 0.25, random.Next(1, 12));
        return random.Next(2) == 0
            ? quote
            : quote.WithTrade(100 + random.Next(-4, 5) * 0.25, random.Next(1, 15), (Side)random.Next(3));
    }

    private static Order Bid(ulong id, int quantity, long priceE9) => new()
    {
        OrderId = id,
        Side = Side.Buy,
        Type = OrderType.Limit,
        TimeInForce = TimeInForce.GoodTillCancel,
        Quantity = quantity,
        LimitPriceE9 = priceE9,
    };
}
