using ExecutionPipeline.Execution.Trades;
using ExecutionPipeline.Messages.Events;
using static ExecutionPipeline.Execution.Tests.Samples;

namespace ExecutionPipeline.Execution.Tests.Trades;

[TestFixture]
public class TradeSummaryTests
{
    [TestCase(Side.Buy, 1)]
    [TestCase(Side.Sell, -1)]
    public void ShouldCarryEverythingWhenATradeHasClosed(Side side, int sign)
    {
        var table = Table(1);
        var book = new TradeBook(table);
        var origin = new TradeOrigin
        {
            SignalId = 77,
            ParentId = 1,
            Strategy = ExecutionStrategy.Iceberg,
            PlannedQuantity = 8,
            StopPriceE9 = Price(1_000 - sign * 10),
            ArrivalPriceE9 = Price(1_000),
            ArrivalNs = StartNs - 250_000_000,
        };
        book.BookEntry(new TradeExecution(0, side, 3, Price(1_000 + sign), 11, StartNs), origin);
        book.BookEntry(new TradeExecution(0, side, 1, Price(1_000 + sign), 4, StartNs + 1), origin);
        book.OnPrice(0, Price(1_000 + sign * 7));
        book.OnPrice(0, Price(1_000 - sign * 9));
        var slot = book.FirstOpen(0, side);
        book.BookExit(
            new TradeExecution(0, book[slot].ExitSide, 4, Price(1_000 - sign * 12), 15, StartNs + 9 * E9),
            book[slot].TradeId,
            ExitReason.StopLoss);

        var summary = new TradeSummary(book[slot], table[0]);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(summary.TradeId, Is.EqualTo(1));
            Assert.That(summary.SignalId, Is.EqualTo(77));
            Assert.That(summary.Side, Is.EqualTo(side));
            Assert.That(summary.Strategy, Is.EqualTo(ExecutionStrategy.Iceberg));
            Assert.That(summary.ExitReason, Is.EqualTo(ExitReason.StopLoss));
            Assert.That(summary.Quantity, Is.EqualTo(4));
            Assert.That(summary.EntryPriceE9, Is.EqualTo(Price(1_000 + sign)));
            Assert.That(summary.ExitPriceE9, Is.EqualTo(Price(1_000 - sign * 12)));
            Assert.That(summary.GrossPnlE6, Is.EqualTo(-4 * 13 * 50_000_000L));
            Assert.That((summary.EntryFeesE6, summary.ExitFeesE6), Is.EqualTo((15L, 15L)));
            Assert.That(summary.NetPnlE6, Is.EqualTo(summary.GrossPnlE6 - 30));
            Assert.That(summary.SlippageE6, Is.EqualTo(4 * 50_000_000L), "a point worse on each contract");
            Assert.That(summary.SlippageBps, Is.EqualTo(10).Within(1e-9));
            Assert.That(summary.ExitSlippageE6, Is.EqualTo(4 * 2 * 50_000_000L), "the stop gapped by two points");
            Assert.That(summary.FavourableE9, Is.EqualTo(6 * E9));
            Assert.That(summary.AdverseE9, Is.EqualTo(13 * E9), "its own exit counts");
            Assert.That(summary.DurationNs, Is.EqualTo(9 * E9));
            Assert.That(summary.FillRate, Is.EqualTo(0.5));
            Assert.That(summary.QualityScore, Is.EqualTo(0.4 * 0.5 + 0.4 * 0 + 0.2 * 0.75).Within(1e-9));
        }
    }

    [TestCase(1, 0, 0, 1)]
    [TestCase(1, -50, -1, 1)]
    [TestCase(0, 10, 2_000_000_000, 0)]
    [TestCase(0.5, 5, 500_000_000, 0.5)]
    [TestCase(3, 2.5, 0, 0.9)]
    public void ShouldBeBetweenZeroAndOneWhenScored(
        double fillRate, double slippageBps, long delayNs, double expected) =>
        Assert.That(TradeSummary.ScoreOf(fillRate, slippageBps, delayNs), Is.EqualTo(expected).Within(1e-12));

    [Test]
    public void ShouldHaveNoSlippageWhenNobodyKnowsTheArrivalPrice()
    {
        var table = Table(1);
        var book = new TradeBook(table);
        book.BookEntry(new TradeExecution(0, Side.Buy, 3, Price(1_000), 0, StartNs), default);
        var summary = new TradeSummary(book[book.FirstOpen(0, Side.Buy)], table[0]);
        Assert.That((summary.SlippageE6, summary.SlippageBps), Is.EqualTo((0L, 0.0)));
        Assert.That(summary.QualityScore, Is.EqualTo(1));
        Assert.That((summary.ExitPriceE9, summary.GrossPnlE6), Is.EqualTo((0L, 0L)));
    }

    [Test]
    public void ShouldTellCommissionFromFeesWhenTheInstrumentHasASchedule()
    {
        var table = Table(1);
        var book = new TradeBook(table);
        book.BookEntry(new TradeExecution(0, Side.Buy, 3, Price(1_000), 3 * 3_800_000, StartNs), default);
        var slot = book.FirstOpen(0, Side.Buy);
        book.BookExit(new TradeExecution(0, Side.Sell, 3, Price(1_000), 100, StartNs), 1, ExitReason.Manual);
        var summary = new TradeSummary(book[slot], table[0]);
        Assert.That(summary.EntryCommissionE6, Is.EqualTo(3 * 2_500_000));
        Assert.That(summary.EntryFeesE6 - summary.EntryCommissionE6, Is.EqualTo(3 * 1_300_000), "1.28 and 0.02");
        Assert.That(summary.ExitCommissionE6, Is.EqualTo(100), "never more than was charged");
    }
}
