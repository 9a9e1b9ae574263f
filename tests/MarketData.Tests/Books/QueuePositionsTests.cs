using ExecutionPipeline.MarketData.Books;
using ExecutionPipeline.MarketData.Dbn;

namespace ExecutionPipeline.MarketData.Tests.Books;

/// <summary>Where own orders stand among those of a recorded book.</summary>
public sealed class QueuePositionsTests
{
    private readonly MboSide[] _sides = new MboSide[8];
    private MarketByOrderBook _book = null!;
    private QueuePositions _queues = null!;

    [SetUp]
    public void SetUp() => (_book, _queues) = (new MarketByOrderBook(), new QueuePositions(8));

    [Test]
    public void ShouldCountWhatIsAheadOnlyWhenOrdersAheadAndBehindGo()
    {
        Apply(MboAction.Add, 1, 100, 100);
        Apply(MboAction.Add, 2, 100, 50);
        var own = _queues.Join(_book, MboSide.Bid, 100);
        Apply(MboAction.Add, 3, 100, 70);
        Assert.That(Ahead(own), Is.EqualTo((150L, 2)));
        Apply(MboAction.Cancel, 3, 100, 70);
        Assert.That(Ahead(own), Is.EqualTo((150L, 2)));
        Apply(MboAction.Cancel, 1, 100, 100);
        Assert.That(Ahead(own), Is.EqualTo((50L, 1)));
    }

    [Test]
    public void ShouldKeepWhatIsAheadWhenASnapshotRestatesTheBook()
    {
        Apply(MboAction.Add, 1, 100, 100);
        Apply(MboAction.Add, 2, 100, 50);
        var own = _queues.Join(_book, MboSide.Bid, 100);
        Apply(MboAction.Add, 3, 100, 70);
        Apply(MboAction.Clear, 0, long.MaxValue, 0, MboFlags.Snapshot);
        Assert.That(Ahead(own), Is.EqualTo((150L, 2)), "while the snapshot lasts");
        Apply(MboAction.Add, 2, 100, 50, MboFlags.Snapshot);
        Apply(MboAction.Add, 3, 100, 70, MboFlags.Snapshot);
        Apply(MboAction.Add, 4, 100, 9, MboFlags.Snapshot);
        _queues.EndSnapshot();
        Assert.That(Ahead(own), Is.EqualTo((50L, 1)), "order 1 went in the gap, order 4 came in it");
        Apply(MboAction.Cancel, 3, 100, 70);
        Apply(MboAction.Cancel, 2, 100, 20);
        Assert.That(Ahead(own), Is.EqualTo((30L, 1)));
    }

    [TestCase(100, 40u, 40, 1)]
    [TestCase(100, 101u, 0, 0)]
    [TestCase(99, 100u, 0, 0)]
    public void ShouldStayBehindOnlyWhenAnOrderAheadLosesQuantityAtItsPrice(
        long priceE9, uint quantity, int quantityAhead, int ordersAhead)
    {
        Apply(MboAction.Add, 1, 100, 100);
        var own = _queues.Join(_book, MboSide.Bid, 100);
        Apply(MboAction.Modify, 1, priceE9, quantity);
        Assert.That(Ahead(own), Is.EqualTo(((long)quantityAhead, ordersAhead)));
        Apply(MboAction.Modify, 1, 100, quantity);
        Assert.That(Ahead(own), Is.EqualTo(((long)quantityAhead, ordersAhead)), "it comes back behind");
    }

    [Test]
    public void ShouldTellWhatTradedBehindWhenFillsPassAPlace()
    {
        Apply(MboAction.Add, 1, 100, 10);
        var own = _queues.Join(_book, MboSide.Bid, 100);
        Apply(MboAction.Add, 2, 100, 10);
        var priority = _queues.Priority(own);
        Assert.That(Fill(1, 4).FilledBehind(100, priority), Is.Zero, "the order filled is ahead");
        Assert.That(Fill(2, 7).FilledBehind(100, priority), Is.EqualTo(7));
        Assert.That(Fill(2, 7).FilledBehind(101, priority), Is.EqualTo(7), "a better price is before");
        Assert.That(Fill(2, 7).FilledBehind(99, 0), Is.Zero, "a worse price is after");
        Assert.That(Fill(1, 20).FilledBehind(100, priority), Is.EqualTo(14), "6 were displayed ahead");
        Assert.That(_book.LevelAt(MboSide.Bid, 100).Quantity, Is.EqualTo(20), "a fill alone takes nothing off");
    }

    [Test]
    public void ShouldSayNothingOfTheAggressorsOwnFillWhenItWasMovedToWhereItTraded()
    {
        Apply(MboAction.Add, 1, 100, 10);
        Assert.That(Fill(1, 4, priceE9: 103).Kind, Is.EqualTo(BookChangeKind.None));
        Assert.That(Fill(1, 4, priceE9: 99, MboSide.None).QuantityFilled, Is.EqualTo(4), "in an auction");
    }

    [Test]
    public void ShouldGiveBestPricesAndEarliestPlacesFirstWhenTheyAreEnumerated()
    {
        var first = _queues.Join(_book, MboSide.Bid, 100);
        var best = _queues.Join(_book, MboSide.Bid, 101);
        var last = _queues.Join(_book, MboSide.Bid, 100);
        var ask = _queues.Join(_book, MboSide.Ask, 100);
        Assert.That(Order(MboSide.Bid), Is.EqualTo(new[] { best, first, last }));
        Assert.That(Order(MboSide.Ask), Is.EqualTo(new[] { ask }));
        _queues.Leave(first);
        Assert.That(Order(MboSide.Bid), Is.EqualTo(new[] { best, last }));
        Assert.That((_queues.Count, _queues.PriceE9(best)), Is.EqualTo((3, 101L)));
    }

    [Test]
    public void ShouldRefuseWhenAllPlacesAreTakenOrTheSideIsMissing()
    {
        var handles = Enumerable.Range(0, 8).Select(_ => _queues.Join(_book, MboSide.Ask, 5)).ToArray();
        Assert.That(
            () => _queues.Join(_book, MboSide.Ask, 5),
            Throws.InvalidOperationException.With.Message.Contains("all 8 places"));
        _queues.Leave(handles[3]);
        Assert.That(() => _queues.Join(_book, MboSide.None, 5), Throws.InstanceOf<ArgumentOutOfRangeException>());
        Assert.That(_queues.Join(_book, MboSide.Ask, 5), Is.EqualTo(handles[3]));
    }

    [Test]
    public void ShouldAgreeWithARecountWhenRecordsAreRandom()
    {
        var random = TestSeed.NewRandom();
        var naive = new NaiveOrderBook();
        var handles = new List<int>();
        for (var i = 0; i < 20_000; i++)
        {
            var record = MarketByOrderBookTests.NextRecord(random, 40, 5);
            record.Flags = i % 500 is >= 300 and < 340 ? MboFlags.Snapshot : MboFlags.None;
            naive.TryApply(in record);
            _book.TryApply(in record, out var change);
            _queues.Apply(in change);

            // After a clear the next record tells whether a snapshot follows, and so what is ahead.
            if (record.Flags != MboFlags.None || record.Action == MboAction.Clear)
                continue;

            AssertRecount(naive, handles, i);
            if (handles.Count < 8 && random.Next(10) == 0)
            {
                var side = random.Next(2) == 0 ? MboSide.Bid : MboSide.Ask;
                handles.Add(_queues.Join(_book, side, 1_000 + random.Next(5)));
                naive.SkipPriority();
                _sides[handles[^1]] = side;
            }
            else if (handles.Count > 0 && random.Next(20) == 0)
            {
                var index = random.Next(handles.Count);
                _queues.Leave(handles[index]);
                handles.RemoveAt(index);
            }
        }
    }

    [Test]
    public void ShouldAllocateNothingWhenPlacesAreTakenAndGivenUp()
    {
        var book = new MarketByOrderBook();
        var queues = new QueuePositions(64);
        Action work = () =>
        {
            for (ulong id = 1; id < 500; id++)
            {
                Change(book, queues, MboAction.Add, id, 100 + (long)(id % 7));
                var own = queues.Join(book, MboSide.Bid, 100 + (long)(id % 5));
                Change(book, queues, MboAction.Cancel, id, 100 + (long)(id % 7));
                queues.Leave(own);
            }
        };
        Assert.That(AllocationMeter.FewestBytesOf(work), Is.Zero);
    }

    private void AssertRecount(NaiveOrderBook naive, List<int> handles, int record)
    {
        foreach (var handle in handles)
        {
            var expected = naive.Ahead(_sides[handle], _queues.PriceE9(handle), _queues.Priority(handle));
            Assert.That(Ahead(handle), Is.EqualTo(expected), $"record {record}");
        }
    }

    private static void Change(MarketByOrderBook book, QueuePositions queues, MboAction action, ulong id, long priceE9)
    {
        var record = OrderBookContract.Record(action, MboSide.Bid, id, priceE9, 1);
        book.TryApply(in record, out var change);
        queues.Apply(in change);
    }

    private void Apply(MboAction action, ulong id, long priceE9, uint quantity, MboFlags flags = MboFlags.None)
    {
        var record = OrderBookContract.Record(action, MboSide.Bid, id, priceE9, quantity) with { Flags = flags };
        Assert.That(_book.TryApply(in record, out var change), Is.True);
        _queues.Apply(in change);
    }

    private BookChange Fill(ulong id, uint quantity, long priceE9 = 100, MboSide side = MboSide.Bid)
    {
        var record = OrderBookContract.Record(MboAction.Fill, side, id, priceE9, quantity);
        Assert.That(_book.TryApply(in record, out var change), Is.True);
        return change;
    }

    private (long, int) Ahead(int handle) => (_queues.QuantityAhead(handle), _queues.OrdersAhead(handle));

    private List<int> Order(MboSide side)
    {
        var order = new List<int>();
        for (var at = _queues.First(side); at != QueuePositions.None; at = _queues.Next(at))
            order.Add(at);

        return order;
    }
}
