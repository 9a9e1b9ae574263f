using ExecutionPipeline.Execution.Venues.Matching;
using ExecutionPipeline.Messages.Events;
using static ExecutionPipeline.Execution.Tests.Matching.MatchingBookTests;

namespace ExecutionPipeline.Execution.Tests.Matching;

/// <summary>What a book does with what an auction has collected, and with stops that no trade has reached.</summary>
[TestFixture]
public class MatchingAuctionTests
{
    private readonly List<string> _said = [];

    [SetUp]
    public void SetUp() => _said.Clear();

    [TestCase(TradingPhase.Halted)]
    [TestCase(TradingPhase.Closed)]
    public void ShouldTradeAtOnePriceWhenAnAuctionIsLeftByWayOfAnotherPhase(TradingPhase phase)
    {
        var book = NewBook();
        book.Enter(TradingPhase.Auction);
        book.Submit(Order(1, Side.Buy, 102, 10));
        book.Submit(Order(2, Side.Sell, 99, 8));
        book.Submit(Order(3, Side.Sell, 0, 1) with { Type = OrderType.Market });
        book.Enter(phase);
        Assert.That((book.BestBidTicks, book.OrderCount), Is.EqualTo((102, 3)), "it waits");
        _said.Clear();

        book.Enter(TradingPhase.Continuous);

        Assert.That(_said, Is.EqualTo(new[]
        {
            "trade 3 1 None 1 at 102 leaves 0 9", "trade 2 1 None 8 at 102 leaves 0 1",
        }));
        Assert.That(book.BestOfferTicks, Is.EqualTo(MatchingBook<RecordingListener>.NoPrice));
    }

    /// <summary>Trades of an auction name the seller as maker and the buyer as taker.</summary>
    [TestCase(SelfTradePrevention.None, "trade 2 1 None 4 at 101 leaves 0 2", "trade 3 1 None 2 at 101 leaves 3 0")]
    [TestCase(SelfTradePrevention.CancelIncoming, "cancelled 1 Buy 6 SelfTrade")]
    [TestCase(
        SelfTradePrevention.CancelResting, "cancelled 2 Sell 4 SelfTrade", "trade 3 1 None 5 at 101 leaves 0 1")]
    [TestCase(SelfTradePrevention.CancelBoth, "cancelled 2 Sell 4 SelfTrade", "cancelled 1 Buy 6 SelfTrade")]
    [TestCase(
        SelfTradePrevention.Decrement, "cancelled 2 Sell 4 SelfTrade", "reduced 1 Buy to 2",
        "trade 3 1 None 2 at 101 leaves 3 0")]
    public void ShouldPreventSelfTradesWhenAnAuctionEnds(SelfTradePrevention mode, params string[] expected)
    {
        var book = NewBook(new MatchingBookOptions { SelfTradePrevention = mode });
        book.Enter(TradingPhase.Auction);
        book.Submit(Order(1, Side.Buy, 101, 6) with { OwnerId = 7 });
        book.Submit(Order(2, Side.Sell, 101, 4) with { OwnerId = 7 });
        book.Submit(Order(3, Side.Sell, 101, 5) with { OwnerId = 8 });
        _said.Clear();

        book.Enter(TradingPhase.Continuous);

        Assert.That(_said, Is.EqualTo(expected));
        var hasTraded = expected[^1].StartsWith("trade", StringComparison.Ordinal);
        Assert.That(book.LastTradeTicks, Is.EqualTo(hasTraded ? 101 : MatchingBook<RecordingListener>.NoPrice));
    }

    /// <summary>Without the buyer at 105 the price is another: 102 and 100 would stand crossed.</summary>
    [Test]
    public void ShouldNotStandCrossedWhenAnOrderIsTakenOutOfAnAuction()
    {
        var book = NewBook(new MatchingBookOptions { SelfTradePrevention = SelfTradePrevention.CancelIncoming });
        book.Enter(TradingPhase.Auction);
        book.Submit(Order(1, Side.Buy, 105, 10) with { OwnerId = 7 });
        book.Submit(Order(2, Side.Sell, 100, 10) with { OwnerId = 7 });
        book.Submit(Order(3, Side.Buy, 102, 5) with { OwnerId = 8 });
        _said.Clear();

        book.Enter(TradingPhase.Continuous);

        Assert.That(_said, Is.EqualTo(new[]
        {
            "cancelled 1 Buy 10 SelfTrade", "trade 2 3 None 5 at 100 leaves 5 0",
        }));
    }

    [TestCase(0)]
    [TestCase(99)]
    public void ShouldStayAtTheMarketWhenAMarketOrderIsReplacedInAnAuction(int price)
    {
        var book = NewBook();
        book.Enter(TradingPhase.Auction);
        book.Submit(Order(1, Side.Buy, 0, 5) with { Type = OrderType.Market });
        book.Submit(Order(2, Side.Buy, 0, 5) with { Type = OrderType.Market });
        book.Submit(Order(3, Side.Sell, 102, 4));

        book.Replace(1, price, 3);
        _said.Clear();
        book.Enter(TradingPhase.Continuous);

        Assert.That(_said, Is.EqualTo(new[]
        {
            "trade 3 1 None 3 at 65536 leaves 1 0", "trade 3 2 None 1 at 65536 leaves 0 4",
            "cancelled 2 Buy 4 NotImmediate",
        }), "it keeps its place");
    }

    [TestCase(Side.Buy, 105, 100)]
    [TestCase(Side.Buy, 105, 99)]
    [TestCase(Side.Sell, 95, 100)]
    [TestCase(Side.Sell, 95, 101)]
    public void ShouldTriggerAStopWhenItIsMovedToTheMarketOrBeyond(Side side, int before, int after)
    {
        var book = Traded();
        book.Submit(Order(10, side, 0, 1) with { Type = OrderType.Stop, StopTicks = before });
        _said.Clear();

        book.Replace(10, 0, 1, after);

        Assert.That(_said[0], Does.StartWith("replaced 10"));
        Assert.That(_said[1], Is.EqualTo("triggered 10"));
    }

    [TestCase(Side.Buy, 99)]
    [TestCase(Side.Sell, 101)]
    public void ShouldTriggerAStopOfAnAuctionWhenTradingGoesOnBeyondIt(Side side, int stop)
    {
        var book = Traded();
        book.Enter(TradingPhase.Auction);
        book.Submit(Order(10, side, 0, 1) with { Type = OrderType.Stop, StopTicks = stop });
        _said.Clear();

        book.Enter(TradingPhase.Continuous);

        Assert.That(_said[0], Is.EqualTo("triggered 10"), "though the auction has traded nothing");
    }

    /// <summary>The last trade was at 100.</summary>
    private MatchingBook<RecordingListener> Traded()
    {
        var book = NewBook();
        book.Submit(Order(1, Side.Sell, 100, 1));
        book.Submit(Order(2, Side.Buy, 100, 1));
        return book;
    }

    private MatchingBook<RecordingListener> NewBook(MatchingBookOptions? options = null) =>
        new(options ?? new MatchingBookOptions(), new RecordingListener(_said));
}
