using ExecutionPipeline.Execution.Venues.Matching;
using ExecutionPipeline.Messages.Events;

namespace ExecutionPipeline.Execution.Tests.Matching;

public class MatchingBookTests
{
    private readonly List<string> _said = [];

    [Test]
    public void ShouldTradeByPriceThenTimeWhenAnOrderCrosses()
    {
        var book = NewBook();
        Limit(book, 1, Side.Sell, 101, 5);
        Limit(book, 2, Side.Sell, 100, 5);
        Limit(book, 3, Side.Sell, 100, 5);
        _said.Clear();

        Limit(book, 4, Side.Buy, 101, 12);

        Assert.That(_said, Is.EqualTo(new[]
        {
            "accepted 4",
            "trade 2 4 Buy 5 at 100 leaves 0 7",
            "trade 3 4 Buy 5 at 100 leaves 0 2",
            "trade 1 4 Buy 2 at 101 leaves 3 0",
        }));
        Assert.That(book.BestOfferTicks, Is.EqualTo(101));
        Assert.That(book.BestBidTicks, Is.EqualTo(MatchingBook<RecordingListener>.NoPrice));
    }

    [TestCase(TimeInForce.ImmediateOrCancel, "trade 1 2 Buy 5 at 100 leaves 0 5", "cancelled 2 Buy 5 NotImmediate")]
    [TestCase(TimeInForce.FillOrKill, "cancelled 2 Buy 10 NotFillable")]
    public void ShouldLeaveNothingBehindWhenAnOrderIsImmediate(TimeInForce timeInForce, params string[] expected)
    {
        var book = NewBook();
        Limit(book, 1, Side.Sell, 100, 5);
        _said.Clear();

        Limit(book, 2, Side.Buy, 100, 10, timeInForce);

        Assert.That(_said.Skip(1), Is.EqualTo(expected));
        Assert.That(book.QuantityAt(Side.Buy, 100), Is.Zero);
    }

    [TestCase(100, 4, true, TestName = "ShouldKeepItsPlaceWhenAnOrderShrinks")]
    [TestCase(100, 6, false, TestName = "ShouldGoToTheBackWhenAnOrderGrows")]
    [TestCase(99, 5, false, TestName = "ShouldGoToTheBackWhenAnOrderMoves")]
    public void ShouldReplace(int ticks, int quantity, bool keepsPlace)
    {
        var book = NewBook();
        Limit(book, 1, Side.Buy, 100, 5);
        Limit(book, 2, Side.Buy, 100, 5);
        Limit(book, 3, Side.Buy, 99, 5);
        book.Replace(1, ticks, quantity);
        _said.Clear();

        Limit(book, 9, Side.Sell, ticks, ticks == 99 ? 10 : 1);

        Assert.That(_said[1], Does.StartWith(keepsPlace ? "trade 1 9" : "trade 2 9"));
        if (ticks == 99)
            Assert.That(_said[2], Does.StartWith("trade 3 9"));
    }

    [Test]
    public void ShouldShowThePeakAloneWhenAnIcebergRestsInAnAuction()
    {
        var book = NewBook();
        book.Enter(TradingPhase.Auction);
        Submit(book, new BookOrderRequest
        {
            OrderId = 1,
            Side = Side.Buy,
            Type = OrderType.Limit,
            PriceTicks = 100,
            Quantity = 100,
            PeakQuantity = 10,
        });

        Assert.That(book.QuantityAt(Side.Buy, 100), Is.EqualTo(10));
        Assert.That(book.LeavesOf(1), Is.EqualTo(100));
    }

    [Test]
    public void ShouldGoBehindItsLevelWhenAnIcebergShowsItsNextPeak()
    {
        var book = NewBook();
        Submit(book, new BookOrderRequest
        {
            OrderId = 1,
            Side = Side.Sell,
            Type = OrderType.Limit,
            PriceTicks = 100,
            Quantity = 25,
            PeakQuantity = 10,
        });
        Limit(book, 2, Side.Sell, 100, 10);
        _said.Clear();

        Limit(book, 3, Side.Buy, 100, 30);

        Assert.That(_said.Skip(1), Is.EqualTo(new[]
        {
            "trade 1 3 Buy 10 at 100 leaves 15 20",
            "trade 2 3 Buy 10 at 100 leaves 0 10",
            "trade 1 3 Buy 10 at 100 leaves 5 0",
        }));
        Assert.That(book.QuantityAt(Side.Sell, 100), Is.EqualTo(5));
    }

    [Test]
    public void ShouldTriggerInACascadeWhenStopsCauseTrades()
    {
        var book = NewBook();
        Limit(book, 1, Side.Sell, 100, 1);
        Limit(book, 2, Side.Sell, 101, 1);
        Limit(book, 3, Side.Sell, 102, 1);
        Stop(book, 10, Side.Buy, 100, 1);
        Stop(book, 11, Side.Buy, 101, 1);
        _said.Clear();

        Limit(book, 4, Side.Buy, 100, 1);

        Assert.That(_said, Is.EqualTo(new[]
        {
            "accepted 4",
            "trade 1 4 Buy 1 at 100 leaves 0 0",
            "triggered 10",
            "trade 2 10 Buy 1 at 101 leaves 0 0",
            "triggered 11",
            "trade 3 11 Buy 1 at 102 leaves 0 0",
        }));
    }

    [Test]
    public void ShouldAcknowledgeTheCancelWhenAStopWaits()
    {
        var book = NewBook();
        Stop(book, 1, Side.Buy, 100, 3);
        _said.Clear();

        book.Cancel(1);

        Assert.That(_said, Is.EqualTo(new[] { "cancelled 1 Buy 3 Requested" }));
        Assert.That(book.OrderCount, Is.Zero);
    }

    [Test]
    public void ShouldTradeAtOnePriceWhenAnAuctionEnds()
    {
        var book = NewBook();
        book.Enter(TradingPhase.Auction);
        Limit(book, 1, Side.Buy, 102, 10);
        Limit(book, 2, Side.Buy, 100, 10);
        Limit(book, 3, Side.Sell, 99, 8);
        Limit(book, 4, Side.Sell, 101, 7);
        Assert.That(book.IndicativeAuction(), Is.EqualTo((101, 10L)));
        _said.Clear();

        book.Enter(TradingPhase.Continuous);

        Assert.That(_said, Is.EqualTo(new[]
        {
            "trade 3 1 None 8 at 101 leaves 0 2",
            "trade 4 1 None 2 at 101 leaves 5 0",
        }));
        Assert.That((book.BestBidTicks, book.BestOfferTicks), Is.EqualTo((100, 101)));
    }

    /// <summary>At 100 and 102 five buyers are left, at 103 and 104 five sellers; 10 trade at each.</summary>
    [TestCase(null, 100)]
    [TestCase(103, 103)]
    public void ShouldBeNearestToTheLastTradeWhenBothSidesAreLeftSomewhere(int? last, int expected)
    {
        var book = NewBook();
        if (last is { } price)
        {
            Limit(book, 90, Side.Sell, price, 1);
            Limit(book, 91, Side.Buy, price, 1);
        }

        book.Enter(TradingPhase.Auction);
        Limit(book, 1, Side.Buy, 104, 10);
        Limit(book, 2, Side.Buy, 102, 5);
        Limit(book, 3, Side.Sell, 100, 10);
        Limit(book, 4, Side.Sell, 103, 5);

        Assert.That(book.IndicativeAuction(), Is.EqualTo((expected, 10L)));
    }

    [TestCase(TradingPhase.Halted)]
    [TestCase(TradingPhase.Closed)]
    public void ShouldTakeCancelsAloneWhenTheMarketIsNotOpen(TradingPhase phase)
    {
        var book = NewBook();
        Limit(book, 1, Side.Buy, 100, 5);
        book.Enter(phase);
        _said.Clear();

        Limit(book, 2, Side.Buy, 100, 5);
        book.Replace(1, 99, 5);
        book.Cancel(1);

        Assert.That(_said, Is.EqualTo(new[]
        {
            "rejected 2 WrongPhase", "replace rejected 1 WrongPhase", "cancelled 1 Buy 5 Requested",
        }));
    }

    [Test]
    public void ShouldEndDayOrdersAloneWhenTheSessionCloses()
    {
        var book = NewBook();
        Limit(book, 1, Side.Buy, 100, 5, TimeInForce.Day);
        Limit(book, 2, Side.Buy, 100, 5);
        _said.Clear();

        book.Enter(TradingPhase.Closed);

        Assert.That(_said, Is.EqualTo(new[] { "cancelled 1 Buy 5 EndOfDay" }));
        Assert.That(book.OrderCount, Is.EqualTo(1));
    }

    [TestCase(SelfTradePrevention.None, "trade 1 2 Buy 5 at 100 leaves 0 0")]
    [TestCase(SelfTradePrevention.CancelIncoming, "cancelled 2 Buy 5 SelfTrade")]
    [TestCase(SelfTradePrevention.CancelResting, "cancelled 1 Sell 5 SelfTrade")]
    [TestCase(SelfTradePrevention.CancelBoth, "cancelled 1 Sell 5 SelfTrade", "cancelled 2 Buy 5 SelfTrade")]
    public void ShouldPreventSelfTradesWhenOneOwnerMeetsItself(SelfTradePrevention mode, params string[] expected)
    {
        var book = NewBook(new MatchingBookOptions { SelfTradePrevention = mode });
        Submit(book, Order(1, Side.Sell, 100, 5) with { OwnerId = 7 });
        _said.Clear();

        Submit(book, Order(2, Side.Buy, 100, 5) with { OwnerId = 7 });

        Assert.That(_said.Skip(1), Is.EqualTo(expected));
    }

    [TestCase(5, "reduced 1 Sell to 4", "cancelled 2 Buy 5 SelfTrade")]
    [TestCase(9, "cancelled 1 Sell 9 SelfTrade", "cancelled 2 Buy 9 SelfTrade")]
    [TestCase(
        12, "cancelled 1 Sell 9 SelfTrade", "reduced 2 Buy to 3", "trade 3 2 Buy 1 at 100 leaves 0 2",
        "cancelled 2 Buy 2 NotImmediate")]
    public void ShouldTakeTheSmallerQuantityOffBothWhenSelfTradesAreDecremented(int quantity, params string[] expected)
    {
        var book = NewBook(new MatchingBookOptions { SelfTradePrevention = SelfTradePrevention.Decrement });
        Submit(book, Order(1, Side.Sell, 100, 9) with { OwnerId = 7, PeakQuantity = 2 });
        Submit(book, Order(3, Side.Sell, 100, 1) with { OwnerId = 8 });
        _said.Clear();

        var order = Order(2, Side.Buy, 100, quantity) with { OwnerId = 7 };
        Submit(book, order with { TimeInForce = TimeInForce.ImmediateOrCancel });

        Assert.That(_said.Skip(1), Is.EqualTo(expected));
        Assert.That(book.LeavesOf(1), Is.EqualTo(Math.Max(0, 9 - quantity)));
    }

    [Test]
    public void ShouldStopAtItsProtectionWhenAMarketOrderWalksTheBook()
    {
        var book = NewBook(new MatchingBookOptions { ProtectionTicks = 1 });
        Limit(book, 1, Side.Sell, 100, 1);
        Limit(book, 2, Side.Sell, 101, 1);
        Limit(book, 3, Side.Sell, 102, 1);
        _said.Clear();

        Submit(book, new BookOrderRequest { OrderId = 4, Side = Side.Buy, Type = OrderType.Market, Quantity = 3 });

        Assert.That(_said[^1], Is.EqualTo("cancelled 4 Buy 1 NotImmediate"));
        Assert.That(book.BestOfferTicks, Is.EqualTo(102));
    }

    [TestCase(0u, TestName = "ShouldEqualTheNaiveBookWhenRequestsAreRandom")]
    [TestCase(3u, TestName = "ShouldEqualTheNaiveBookWhenOwnersMeetThemselves")]
    public void ShouldEqualTheNaiveBook(uint owners)
    {
        var random = TestSeed.NewRandom();
        for (var round = 0; round < 40; round++)
        {
            var options = new MatchingBookOptions
            {
                MinPriceTicks = -3,
                MaxPriceTicks = random.Next(2) == 0 ? 12 : 700,
                MaxOrders = random.Next(2) == 0 ? 40 : 400,
                LotSize = random.Next(4) == 0 ? 2 : 1,
                ProtectionTicks = random.Next(3) == 0 ? 3 : int.MaxValue,
                SelfTradePrevention = owners == 0 ? 0 : (SelfTradePrevention)random.Next(5),
            };
            PlayBoth(options, random, owners, steps: 1_500);
        }
    }

    [Test]
    public void ShouldNameTheOptionWhenTheBookCannotBeLaidOut()
    {
        var options = new MatchingBookOptions { MaxOrders = 0 };

        Assert.That(() => NewBook(options), Throws.ArgumentException.With.Message.Contains("max orders"));
    }

    private static void PlayBoth(MatchingBookOptions options, Random random, uint owners, int steps)
    {
        var (fastSaid, naiveSaid) = (new List<string>(), new List<string>());
        var fast = new MatchingBook<RecordingListener>(options, new RecordingListener(fastSaid));
        var naive = new NaiveMatchingBook(options, new RecordingListener(naiveSaid));
        var ids = new List<ulong> { 1 };
        for (var step = 0; step < steps; step++)
        {
            var draw = random.Next(100);
            if (draw < 55)
            {
                var order = RandomOrder(options, random, owners);
                ids.Add(order.OrderId);
                fast.Submit(in order);
                naive.Submit(in order);
            }
            else if (draw < 75)
            {
                var id = ids[random.Next(ids.Count)];
                fast.Cancel(id);
                naive.Cancel(id);
            }
            else if (draw < 97)
            {
                var id = ids[random.Next(ids.Count)];
                var (ticks, stop) = (RandomTicks(options, random), RandomTicks(options, random));
                var quantity = random.Next(-1, 30);
                fast.Replace(id, ticks, quantity, stop);
                naive.Replace(id, ticks, quantity, stop);
            }
            else
            {
                var phase = random.Next(6) switch
                {
                    0 => TradingPhase.Halted,
                    1 => TradingPhase.Closed,
                    2 or 3 => TradingPhase.Auction,
                    _ => TradingPhase.Continuous
                };
                fast.Enter(phase);
                naive.Enter(phase);
            }

            AssertEqual(fast, fastSaid, naive, naiveSaid, options, step);
        }
    }

    private static void AssertEqual(
        MatchingBook<RecordingListener> fast,
        List<string> fastSaid,
        NaiveMatchingBook naive,
        List<string> naiveSaid,
        MatchingBookOptions options,
        int step)
    {
        // Day orders and left market orders end in the order of the book's memory, which is nobody's business.
        Assert.That(InAnyOrderWhereEnded(fastSaid), Is.EqualTo(InAnyOrderWhereEnded(naiveSaid)), $"step {step}");
        fastSaid.Clear();
        naiveSaid.Clear();
        Assert.That(fast.OrderCount, Is.EqualTo(naive.OrderCount), $"orders after step {step}");
        Assert.That(fast.BestBidTicks, Is.EqualTo(naive.BestTicks(Side.Buy)), $"bid after step {step}");
        Assert.That(fast.BestOfferTicks, Is.EqualTo(naive.BestTicks(Side.Sell)), $"offer after step {step}");
        var isTwoSided = fast.BestBidTicks != MatchingBook<RecordingListener>.NoPrice
            && fast.BestOfferTicks != MatchingBook<RecordingListener>.NoPrice;
        if (fast.Phase == TradingPhase.Continuous && isTwoSided)
            Assert.That(fast.BestBidTicks, Is.LessThan(fast.BestOfferTicks), $"crossed after step {step}");
        for (var ticks = options.MinPriceTicks; ticks <= Math.Min(options.MaxPriceTicks, 40); ticks++)
        {
            if (fast.QuantityAt(Side.Buy, ticks) != naive.QuantityAt(Side.Buy, ticks)
                || fast.QuantityAt(Side.Sell, ticks) != naive.QuantityAt(Side.Sell, ticks))
                Assert.Fail($"depth at {ticks} after step {step}");
        }
    }

    private static List<string> InAnyOrderWhereEnded(List<string> said)
    {
        var ended = said.Where(line => line.EndsWith("EndOfDay", StringComparison.Ordinal)
            || line.EndsWith("NotImmediate", StringComparison.Ordinal)).Order();
        return [.. said.Except(ended), .. ended];
    }

    private static BookOrderRequest RandomOrder(MatchingBookOptions options, Random random, uint owners)
    {
        var quantity = random.Next(-1, 20) * (random.Next(5) == 0 ? 1 : options.LotSize);
        return new BookOrderRequest
        {
            OrderId = (ulong)random.Next(0, 3_000),
            OwnerId = (uint)random.Next((int)owners + 1),
            Side = (Side)random.Next(random.Next(20) == 0 ? 0 : 1, 3),
            Type = (OrderType)(random.Next(3) > 0 ? 2 : random.Next(5)),
            TimeInForce = random.Next(2) == 0
                ? TimeInForce.GoodTillCancel
                : random.GetItems([TimeInForce.Day, TimeInForce.ImmediateOrCancel, TimeInForce.FillOrKill], 1)[0],
            PriceTicks = RandomTicks(options, random),
            StopTicks = RandomTicks(options, random),
            Quantity = quantity,
            PeakQuantity = random.Next(5) == 0 ? random.Next(0, Math.Max(quantity, 1) + 1) : 0,
        };
    }

    private static int RandomTicks(MatchingBookOptions options, Random random) => random.Next(40) == 0
        ? random.Next(options.MinPriceTicks - 2, options.MaxPriceTicks + 3)
        : random.Next(options.MinPriceTicks, Math.Min(options.MaxPriceTicks, 30) + 1);

    private MatchingBook<RecordingListener> NewBook(MatchingBookOptions? options = null) =>
        new(options ?? new MatchingBookOptions(), new RecordingListener(_said));

    private static void Limit(
        MatchingBook<RecordingListener> book,
        ulong id,
        Side side,
        int ticks,
        int quantity,
        TimeInForce timeInForce = TimeInForce.GoodTillCancel) =>
        Submit(book, Order(id, side, ticks, quantity) with { TimeInForce = timeInForce });

    private static void Stop(MatchingBook<RecordingListener> book, ulong id, Side side, int ticks, int quantity) =>
        Submit(book, Order(id, side, 0, quantity) with { Type = OrderType.Stop, StopTicks = ticks });

    internal static BookOrderRequest Order(ulong id, Side side, int ticks, int quantity) => new()
    {
        OrderId = id,
        Side = side,
        Type = OrderType.Limit,
        TimeInForce = TimeInForce.GoodTillCancel,
        PriceTicks = ticks,
        Quantity = quantity,
    };

    private static void Submit(MatchingBook<RecordingListener> book, BookOrderRequest order) => book.Submit(in order);

    [SetUp]
    public void Forget() => _said.Clear();
}
