using ExecutionPipeline.MarketData.Books;
using ExecutionPipeline.MarketData.Dbn;

namespace ExecutionPipeline.MarketData.Tests.Books;

/// <summary>What holds of any order book.</summary>
public abstract class OrderBookContract
{
    private IOrderBook _book = null!;

    protected abstract IOrderBook NewBook();

    [SetUp]
    public void CreateBook() => _book = NewBook();

    [Test]
    public void ShouldHaveNoLevelsWhenNothingWasAdded()
    {
        Assert.That((_book.BestBid, _book.BestAsk, _book.OrderCount), Is.EqualTo((Level(0, 0, 0), Level(0, 0, 0), 0)));
        Assert.That(_book.BestBid.HasOrders, Is.False);
        Assert.That(_book.CopyLevels(MboSide.Bid, new BookLevel[3]), Is.Zero);
    }

    [Test]
    public void ShouldRankHighBidsAndLowOffersFirstWhenOrdersAreAdded()
    {
        Apply(MboAction.Add, MboSide.Bid, 1, 100, 5);
        Apply(MboAction.Add, MboSide.Bid, 2, 102, 6);
        Apply(MboAction.Add, MboSide.Bid, 3, 101, 7);
        Apply(MboAction.Add, MboSide.Bid, 4, 102, 8);
        Apply(MboAction.Add, MboSide.Ask, 5, 105, 1);
        Apply(MboAction.Add, MboSide.Ask, 6, 103, 2);

        Assert.That(Levels(MboSide.Bid), Is.EqualTo(new[] { Level(102, 14, 2), Level(101, 7, 1), Level(100, 5, 1) }));
        Assert.That(Levels(MboSide.Ask), Is.EqualTo(new[] { Level(103, 2, 1), Level(105, 1, 1) }));
        Assert.That((_book.BestBid, _book.BestAsk), Is.EqualTo((Level(102, 14, 2), Level(103, 2, 1))));
        Assert.That(_book.OrderCount, Is.EqualTo(6));
    }

    [Test]
    public void ShouldTakeNegativePricesWhenAMarketHasThem()
    {
        Apply(MboAction.Add, MboSide.Bid, 1, -40, 1);
        Apply(MboAction.Add, MboSide.Bid, 2, -39, 1);
        Apply(MboAction.Add, MboSide.Ask, 3, -37, 1);
        Apply(MboAction.Add, MboSide.Ask, 4, -38, 1);
        Assert.That((_book.BestBid.PriceE9, _book.BestAsk.PriceE9), Is.EqualTo((-39L, -38L)));
    }

    [Test]
    public void ShouldTakeOffPartOrAllWhenOrdersAreCancelled()
    {
        Apply(MboAction.Add, MboSide.Ask, 1, 103, 5);
        Apply(MboAction.Add, MboSide.Ask, 2, 103, 4);
        Apply(MboAction.Cancel, MboSide.Ask, 1, 103, 2);
        Assert.That(_book.BestAsk, Is.EqualTo(Level(103, 7, 2)));
        Apply(MboAction.Cancel, MboSide.Ask, 1, 103, 3);
        Assert.That(_book.BestAsk, Is.EqualTo(Level(103, 4, 1)));
        Apply(MboAction.Cancel, MboSide.Ask, 2, 103, 4);
        Assert.That(_book.BestAsk.HasOrders, Is.False);
    }

    [Test]
    public void ShouldMoveTheOrderWhenItIsModified()
    {
        Apply(MboAction.Add, MboSide.Bid, 1, 100, 5);
        Apply(MboAction.Add, MboSide.Bid, 2, 100, 1);
        Apply(MboAction.Modify, MboSide.Bid, 1, 100, 9);
        Assert.That(_book.BestBid, Is.EqualTo(Level(100, 10, 2)));
        Apply(MboAction.Modify, MboSide.Bid, 1, 101, 3);
        Assert.That(Levels(MboSide.Bid), Is.EqualTo(new[] { Level(101, 3, 1), Level(100, 1, 1) }));
        Apply(MboAction.Modify, MboSide.Bid, 1, 99, 3);
        Assert.That(Levels(MboSide.Bid), Is.EqualTo(new[] { Level(100, 1, 1), Level(99, 3, 1) }));
    }

    [Test]
    public void ShouldAddTheOrderWhenAModifyIsTheFirstToTellOfIt()
    {
        Apply(MboAction.Modify, MboSide.Bid, 1, 100, 5);
        Assert.That(_book.BestBid, Is.EqualTo(Level(100, 5, 1)));
    }

    [Test]
    public void ShouldStayAsItIsWhenTradesFillsAndNothingHappen()
    {
        Apply(MboAction.Add, MboSide.Bid, 1, 100, 5);
        Apply(MboAction.Trade, MboSide.Ask, 9, 100, 2);
        Apply(MboAction.Fill, MboSide.Bid, 1, 100, 2);
        Apply(MboAction.None, MboSide.None, 0, 0, 0);
        Assert.That(_book.BestBid, Is.EqualTo(Level(100, 5, 1)));
    }

    [Test]
    public void ShouldStartAnewWhenTheBookIsCleared()
    {
        Apply(MboAction.Add, MboSide.Bid, 1, 100, 5);
        Apply(MboAction.Add, MboSide.Ask, 2, 101, 5);
        Apply(MboAction.Clear, MboSide.None, 0, long.MaxValue, 0);
        Assert.That((_book.BestBid.HasOrders, _book.BestAsk.HasOrders), Is.EqualTo((false, false)));
        Assert.That(_book.OrderCount, Is.Zero);
        Apply(MboAction.Add, MboSide.Ask, 1, 99, 4);
        Assert.That(_book.BestAsk, Is.EqualTo(Level(99, 4, 1)));
    }

    [Test]
    public void ShouldKeepItsPlaceWhenAnOrderLosesQuantityAndNotWhenItGainsOrMoves()
    {
        foreach (var id in new ulong[] { 1, 2, 3 })
            Apply(MboAction.Add, MboSide.Bid, id, 100, 5);

        Apply(MboAction.Modify, MboSide.Bid, 1, 100, 4);
        Assert.That(Queue(100), Is.EqualTo(new[] { (1, 4), (2, 5), (3, 5) }));
        Apply(MboAction.Cancel, MboSide.Bid, 1, 100, 1);
        Assert.That(Queue(100), Is.EqualTo(new[] { (1, 3), (2, 5), (3, 5) }));
        Apply(MboAction.Modify, MboSide.Bid, 1, 100, 4);
        Assert.That(Queue(100), Is.EqualTo(new[] { (2, 5), (3, 5), (1, 4) }));
        Apply(MboAction.Modify, MboSide.Bid, 2, 99, 5);
        Apply(MboAction.Modify, MboSide.Bid, 2, 100, 5);
        Assert.That(Queue(100), Is.EqualTo(new[] { (3, 5), (1, 4), (2, 5) }));
    }

    [Test]
    public void ShouldKeepItsPlaceWhenAFillIsPartialAndNotWhenAnIcebergShowsMore()
    {
        Apply(MboAction.Add, MboSide.Bid, 1, 100, 5);
        Apply(MboAction.Add, MboSide.Bid, 2, 100, 5);
        Apply(MboAction.Fill, MboSide.Bid, 1, 100, 2);
        Apply(MboAction.Modify, MboSide.Bid, 1, 100, 3);
        Assert.That(Queue(100), Is.EqualTo(new[] { (1, 3), (2, 5) }));

        // All that was displayed is filled; the same quantity again is the next part of an iceberg.
        Apply(MboAction.Fill, MboSide.Bid, 1, 100, 3);
        Apply(MboAction.Modify, MboSide.Bid, 1, 100, 3);
        Assert.That(Queue(100), Is.EqualTo(new[] { (2, 5), (1, 3) }));
    }

    [Test]
    public void ShouldKeepPrioritiesWhenASnapshotRestatesTheBook()
    {
        foreach (var id in new ulong[] { 1, 2, 3 })
            Apply(MboAction.Add, MboSide.Bid, id, 100, 5);

        var before = new QueuedOrder[3];
        _book.CopyQueue(MboSide.Bid, 100, before);
        Apply(MboAction.Clear, MboSide.None, 0, long.MaxValue, 0, MboFlags.Snapshot);
        foreach (var id in new ulong[] { 1, 3, 4 })
            Apply(MboAction.Add, MboSide.Bid, id, 100, 5, MboFlags.Snapshot);

        var after = new QueuedOrder[3];
        _book.CopyQueue(MboSide.Bid, 100, after);
        Assert.That(after[..2], Is.EqualTo(new[] { before[0], before[2] }));
        Assert.That((after[2].OrderId, after[2].Priority), Is.EqualTo((4ul, before[2].Priority + 1)));
    }

    [TestCase(MboAction.Add, MboSide.Bid, 1ul, 100L, 5u)]
    [TestCase(MboAction.Add, MboSide.None, 2ul, 100L, 5u)]
    [TestCase(MboAction.Add, MboSide.Bid, 2ul, long.MaxValue, 5u)]
    [TestCase(MboAction.Add, MboSide.Bid, 2ul, long.MinValue, 5u)]
    [TestCase(MboAction.Add, MboSide.Bid, 2ul, 100L, 0u)]
    [TestCase(MboAction.Cancel, MboSide.Bid, 2ul, 100L, 5u)]
    [TestCase(MboAction.Cancel, MboSide.Bid, 1ul, 100L, 6u)]
    [TestCase(MboAction.Cancel, MboSide.Bid, 1ul, 100L, 0u)]
    [TestCase(MboAction.Cancel, MboSide.Ask, 1ul, 100L, 5u)]
    [TestCase(MboAction.Modify, MboSide.Ask, 1ul, 100L, 5u)]
    [TestCase(MboAction.Modify, MboSide.Bid, 1ul, 100L, 0u)]
    [TestCase(MboAction.Modify, MboSide.None, 2ul, 100L, 1u)]
    public void ShouldRefuseAndStayAsItIsWhenARecordContradictsTheBook(
        MboAction action, MboSide side, ulong id, long priceE9, uint quantity)
    {
        Apply(MboAction.Add, MboSide.Bid, 1, 100, 5);
        var record = Record(action, side, id, priceE9, quantity);
        Assert.That(_book.TryApply(in record), Is.False);
        Assert.That((_book.BestBid, _book.OrderCount), Is.EqualTo((Level(100, 5, 1), 1)));
        Assert.That(_book.BestAsk.HasOrders, Is.False);
    }

    internal static MboRecord Record(MboAction action, MboSide side, ulong id, long priceE9, uint quantity) => new()
    {
        Action = action,
        Side = side,
        OrderId = id,
        PriceE9 = priceE9,
        Quantity = quantity,
    };

    private void Apply(
        MboAction action, MboSide side, ulong id, long priceE9, uint quantity, MboFlags flags = MboFlags.None)
    {
        var record = Record(action, side, id, priceE9, quantity) with { Flags = flags };
        Assert.That(_book.TryApply(in record), Is.True);
    }

    private BookLevel[] Levels(MboSide side)
    {
        var levels = new BookLevel[10];
        return levels[.._book.CopyLevels(side, levels)];
    }

    private static BookLevel Level(long priceE9, long quantity, int orders) => new(priceE9, quantity, orders);

    private (int, int)[] Queue(long priceE9)
    {
        var queue = new QueuedOrder[10];
        var count = _book.CopyQueue(MboSide.Bid, priceE9, queue);
        return [.. queue[..count].Select(order => ((int)order.OrderId, (int)order.Quantity))];
    }
}
