using ExecutionPipeline.Execution.Trades;
using ExecutionPipeline.Messages.Events;
using static ExecutionPipeline.Execution.Tests.Samples;

namespace ExecutionPipeline.Execution.Tests.Trades;

[TestFixture]
public class TradeBookTests
{
    private const long FeeE6 = 3_800_000;

    [Test]
    public void ShouldKeepTradesApartWhenTwoSignalsBuyTheSameInstrument()
    {
        var book = new TradeBook(Table(1));
        Enter(book, Side.Buy, 2, 100, parent: 1);
        Enter(book, Side.Buy, 3, 101, parent: 2);
        Enter(book, Side.Buy, 1, 102, parent: 1);

        Assert.That(book.Position(0), Is.EqualTo(6));
        Assert.That(book.OpenTrades, Is.EqualTo(2));
        Assert.That(book.TryFindParent(1, out var slot));
        Assert.That(book[slot].EntryQuantity, Is.EqualTo(3));
        Assert.That(new TradeSummary(book[slot], Table(1)[0]).EntryPriceE9, Is.EqualTo(302 * E9 / 3));
        Assert.That(book[book.FirstOpen(0, Side.Buy)].TradeId, Is.EqualTo(1));
        Assert.That(book[book.NextOpen(slot)].TradeId, Is.EqualTo(2));
    }

    [Test]
    public void ShouldCloseTheOldestFirstWhenASignalOfTheOtherSideIsExecuted()
    {
        var book = new TradeBook(Table(1));
        Enter(book, Side.Buy, 2, 100, parent: 1);
        Enter(book, Side.Buy, 3, 101, parent: 2);
        Enter(book, Side.Sell, 4, 103, parent: 3);

        var touched = Touched(book);
        Assert.That(touched.Select(t => t.TradeId), Is.EqualTo((ulong[])[1, 2]));
        Assert.That(touched[0].OpenQuantity, Is.Zero);
        Assert.That(touched[0].ExitReason, Is.EqualTo(ExitReason.Reversal));
        Assert.That(touched[0].GrossPnlE6, Is.EqualTo(2 * 3 * 50_000_000L));
        Assert.That(touched[1].OpenQuantity, Is.EqualTo(1));
        Assert.That(touched[1].GrossPnlE6, Is.EqualTo(2 * 2 * 50_000_000L), "of what was given back");
        Assert.That(book.Position(0), Is.EqualTo(1));
        Assert.That(book.ClosedTrades, Is.EqualTo(1));
    }

    /// <summary>Scenario 11, in half contracts: position -1, then buy 1.5.</summary>
    [Test]
    public void ShouldCountProfitOnWhatWasClosedAloneWhenAnExecutionGoesThroughFlat()
    {
        var table = Table(1);
        var book = new TradeBook(table);
        Enter(book, Side.Sell, 2, 100, parent: 1);
        book.BookEntry(
            new TradeExecution(0, Side.Buy, 3, Price(90), 10_000_001, StartNs + 5),
            new TradeOrigin { ParentId = 2, ExitReason = ExitReason.Reversal });

        var touched = Touched(book);
        var closed = new TradeSummary(touched[0], table[0]);
        Assert.That(closed.GrossPnlE6, Is.EqualTo(2 * 10 * 50_000_000L));
        Assert.That(closed.ExitReason, Is.EqualTo(ExitReason.Reversal));
        Assert.That(touched[1].SignedOpenQuantity, Is.EqualTo(1));
        Assert.That(new TradeSummary(touched[1], table[0]).EntryPriceE9, Is.EqualTo(Price(90)), "the fill");
        Assert.That(closed.ExitFeesE6 + touched[1].EntryFeesE6, Is.EqualTo(10_000_001), "one commission");
        Assert.That(book.Position(0), Is.EqualTo(1));
    }

    /// <summary>Scenario 6: what a venue fills beyond the order is booked as it happened.</summary>
    [Test]
    public void ShouldBookTheOverfillWhenAVenueExecutesMoreThanWasOrdered()
    {
        var book = new TradeBook(Table(1));
        book.BookEntry(
            new TradeExecution(0, Side.Buy, 7, Price(100), FeeE6, StartNs),
            new TradeOrigin { ParentId = 1, PlannedQuantity = 5 });

        Assert.That(Touched(book)[0].OpenQuantity, Is.EqualTo(7));
        Assert.That(new TradeSummary(Touched(book)[0], Table(1)[0]).FillRate, Is.EqualTo(1));
        Assert.That(book.Position(0), Is.EqualTo(7));
    }

    [Test]
    public void ShouldMakeTheExcessATradeOfItsOwnWhenBothExitsExecute()
    {
        var book = new TradeBook(Table(1));
        Enter(book, Side.Buy, 5, 100, parent: 1);
        Enter(book, Side.Buy, 2, 100, parent: 2);
        Assert.That(Exit(book, Side.Sell, 5, 110, trade: 1, ExitReason.TakeProfit), Is.Zero);
        Assert.That(Exit(book, Side.Sell, 3, 95, trade: 1, ExitReason.StopLoss), Is.EqualTo(3));

        var excess = Touched(book)[^1];
        Assert.That(excess.SignedOpenQuantity, Is.EqualTo(-3));
        Assert.That(excess.RepairOf, Is.EqualTo(1));
        Assert.That(book.Position(0), Is.EqualTo(-1));
        Assert.That(book.TryFind(2, out var other));
        Assert.That(book[other].OpenQuantity, Is.EqualTo(2), "another signal's trade is none of the exit's");
        Assert.That(book.ExcessQuantity, Is.EqualTo(3));

        Assert.That(Exit(book, Side.Buy, 3, 96, excess.TradeId, ExitReason.Repair), Is.Zero);
        Assert.That(book.Position(0), Is.EqualTo(2));
        Assert.That(Touched(book)[0].ExitReason, Is.EqualTo(ExitReason.Repair));
    }

    /// <summary>A sale of seven that was to close four, of which a stop has sold three.</summary>
    [TestCase(7, 4, 3, 3)]
    [TestCase(4, 4, 0, 3)]
    [TestCase(7, 1, 6, 0)]
    [TestCase(7, 0, 6, 0)]
    public void ShouldMakeWhatWasToCloseMoreThanIsHeldATradeOfItsOwn(int sold, int toClose, int opened, int excess)
    {
        var book = new TradeBook(Table(1));
        Enter(book, Side.Buy, 1, 100, parent: 1);
        book.BookEntry(
            new TradeExecution(0, Side.Sell, sold, Price(99), FeeE6, StartNs),
            new TradeOrigin { ParentId = 2, SignalId = 9, PlannedQuantity = sold, ToClose = toClose });

        var entered = Touched(book)[1..];
        Assert.That(
            entered.Where(static trade => trade.RepairOf == 0).Sum(static trade => trade.OpenQuantity),
            Is.EqualTo(opened));
        Assert.That(
            entered.Where(static trade => trade is { RepairOf: Trade.OfAnOrder, ParentId: 0, SignalId: 9 })
                .Sum(static trade => trade.OpenQuantity),
            Is.EqualTo(excess));
        Assert.That((book.ExcessQuantity, book.Position(0)), Is.EqualTo(((long)excess, 1 - sold)));
    }

    [Test]
    public void ShouldSplitAnExitThatExceedsItsTradeWhenPartOfItIsCovered()
    {
        var book = new TradeBook(Table(1));
        Enter(book, Side.Sell, 2, 100, parent: 1);
        Assert.That(Exit(book, Side.Buy, 3, 99, trade: 1, ExitReason.TakeProfit), Is.EqualTo(1));

        var touched = Touched(book);
        Assert.That(touched[0].OpenQuantity, Is.Zero);
        Assert.That(touched[1].SignedOpenQuantity, Is.EqualTo(1));
        Assert.That(touched[0].ExitFeesE6 + touched[1].EntryFeesE6, Is.EqualTo(FeeE6));
    }

    [Test]
    public void ShouldBookByOrderOfOpeningWhenTheOrderIsUnknown()
    {
        var book = new TradeBook(Table(1));
        Enter(book, Side.Buy, 2, 100, parent: 1);
        book.BookEntry(new TradeExecution(0, Side.Sell, 3, Price(99), FeeE6, StartNs), default);
        book.BookEntry(new TradeExecution(0, Side.Sell, 1, Price(98), FeeE6, StartNs), default);

        Assert.That(book.Position(0), Is.EqualTo(-2));
        Assert.That(book.OpenTrades, Is.EqualTo(1), "executions that nobody knows are one trade");
        Assert.That(Touched(book)[0].SignalId, Is.Zero);
    }

    [Test]
    public void ShouldOpenAnotherTradeWhenAParentIsExecutedAfterItsTradeHasClosed()
    {
        var book = new TradeBook(Table(1));
        Enter(book, Side.Buy, 2, 100, parent: 1);
        Exit(book, Side.Sell, 2, 95, trade: 1, ExitReason.StopLoss);
        Assert.That(book.TryFindParent(1, out _), Is.False);
        Enter(book, Side.Buy, 1, 95, parent: 1);

        Assert.That(book.TryFindParent(1, out var slot));
        Assert.That(book[slot].TradeId, Is.EqualTo(2));
    }

    [Test]
    public void ShouldKeepAClosedTradeWhenOneOfItsExitsIsStillLive()
    {
        var book = new TradeBook(Table(1), capacity: 8);
        Enter(book, Side.Buy, 2, 100, parent: 1);
        book.OnExitSent(Slot(book, 1), ExitLeg.StopLoss, 71);
        book.OnExitSent(Slot(book, 1), ExitLeg.TakeProfit, 72);
        Exit(book, Side.Sell, 2, 95, trade: 1, ExitReason.StopLoss);
        book.OnExitEnded(Slot(book, 1), ExitLeg.StopLoss);
        Enter(book, Side.Buy, 1, 95, parent: 2);

        Assert.That(book.TryFind(1, out var slot));
        Assert.That(book[slot].Target.OrderId, Is.EqualTo(72));
        book.OnExitEnded(slot, ExitLeg.TakeProfit);
        book.OnExitEnded(slot, ExitLeg.TakeProfit);
        Assert.That(book.TryFind(1, out _), "until the next booking");
        Enter(book, Side.Buy, 1, 95, parent: 3);
        Assert.That(book.TryFind(1, out _), Is.False);
    }

    [Test]
    public void ShouldHaveRoomAgainWhenTradesHaveBeenLetGo()
    {
        var book = new TradeBook(Table(1), capacity: 2);
        Enter(book, Side.Buy, 1, 100, parent: 1);
        Enter(book, Side.Buy, 1, 100, parent: 2);
        Assert.That(book.HasRoom, Is.False);
        Enter(book, Side.Buy, 1, 100, parent: 3);
        Assert.That(book.MergedExecutions, Is.EqualTo(1));
        Assert.That(book.Position(0), Is.EqualTo(3));

        Exit(book, Side.Sell, 1, 100, trade: 1, ExitReason.TimeOut);
        Assert.That(book.HasRoom);
    }

    [Test]
    public void ShouldEndTheEntryWhenTheParentHasEnded()
    {
        var book = new TradeBook(Table(1));
        Enter(book, Side.Buy, 1, 100, parent: 1);
        Assert.That(book[Slot(book, 1)].IsEntryDone, Is.False);
        Assert.That(book.TryEndEntry(1, out var slot));
        Assert.That(book[slot].IsEntryDone);
        Assert.That(book.TryEndEntry(9, out _), Is.False);
    }

    [Test]
    public void ShouldKeepTheFirstReasonWhenATradeIsToBeClosedTwice()
    {
        var book = new TradeBook(Table(1));
        Enter(book, Side.Buy, 1, 100, parent: 1);
        book.RequestClose(Slot(book, 1), ExitReason.Manual);
        book.RequestClose(Slot(book, 1), ExitReason.Shutdown);
        book.SetLevels(Slot(book, 1), Price(90), Price(110));
        book.HoldExit(Slot(book, 1), ExitLeg.Close, 7);

        var trade = book[Slot(book, 1)];
        Assert.That(trade.CloseFor, Is.EqualTo(ExitReason.Manual));
        Assert.That((trade.StopPriceE9, trade.TargetPriceE9), Is.EqualTo((Price(90), Price(110))));
        Assert.That(trade.Close.HoldUntilNs, Is.EqualTo(7));
    }

    [Test]
    public void ShouldAllocateNothingWhenTradesComeAndGo()
    {
        var book = new TradeBook(Table(2), 64);
        Assert.That(AllocationMeter.FewestBytesOf(Round, warmUp: 2_000, measured: 2_000), Is.Zero);

        void Round(int i)
        {
            var side = i / 3 % 2 == 0 ? Side.Buy : Side.Sell;
            book.BookEntry(
                new TradeExecution(i % 2, side, 1 + i % 5, Price(100 + i % 9), FeeE6, StartNs + i),
                new TradeOrigin { ParentId = (ulong)i + 1, ExitReason = ExitReason.Reversal });
            book.OnPrice(i % 2, Price(90 + i % 20));
            foreach (var slot in book.Touched)
                book.OnExitSent(slot, ExitLeg.StopLoss, (ulong)i);
            book.BookExit(
                new TradeExecution(i % 2, side == Side.Buy ? Side.Sell : Side.Buy, 2, Price(99), FeeE6, StartNs + i),
                (ulong)i / 2,
                ExitReason.StopLoss);
            foreach (var slot in book.Touched)
                book.OnExitEnded(slot, ExitLeg.StopLoss);
        }
    }

    private static void Enter(TradeBook book, Side side, int quantity, double price, ulong parent) => book.BookEntry(
        new TradeExecution(0, side, quantity, Price(price), FeeE6, StartNs),
        new TradeOrigin { ParentId = parent, SignalId = parent, ExitReason = ExitReason.Reversal });

    private static int Exit(
        TradeBook book, Side side, int quantity, double price, ulong trade, ExitReason reason) =>
        book.BookExit(new TradeExecution(0, side, quantity, Price(price), FeeE6, StartNs), trade, reason);

    private static int Slot(TradeBook book, ulong trade)
    {
        Assert.That(book.TryFind(trade, out var slot));
        return slot;
    }

    private static List<Trade> Touched(TradeBook book)
    {
        var trades = new List<Trade>();
        foreach (var slot in book.Touched)
            trades.Add(book[slot]);
        return trades;
    }
}
