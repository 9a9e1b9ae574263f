using System.Numerics;
using ExecutionPipeline.Execution.Instruments;
using ExecutionPipeline.Execution.Trades;
using ExecutionPipeline.Messages.Events;
using static ExecutionPipeline.Execution.Tests.Samples;

namespace ExecutionPipeline.Execution.Tests.Trades;

/// <summary>The book beside lists and integers of any size, over random executions.</summary>
[TestFixture]
public class TradeBookPropertyTests
{
    private const int Instruments = 3;

    [Test]
    public void ShouldAgreeWithTheNaiveBookWhenExecutionsAreRandom()
    {
        var random = TestSeed.NewRandom();
        for (var round = 0; round < 50; round++)
            new Twins(random, capacity: 512).Run(2_000);
    }

    [TestCase(1)]
    [TestCase(7)]
    public void ShouldConserveThePositionWhenThereIsNoRoomForMoreTrades(int capacity)
    {
        var random = TestSeed.NewRandom();
        var table = TableWithCurrency();
        var book = new TradeBook(table, capacity);
        var positions = new int[Instruments];
        for (var i = 0; i < 20_000; i++)
        {
            var execution = Random(random, i);
            positions[execution.InstrumentIndex] +=
                execution.Side == Side.Buy ? execution.Quantity : -execution.Quantity;
            if (random.Next(3) == 0)
                book.BookExit(execution, (ulong)random.Next(1, i + 2), ExitReason.StopLoss);
            else
                book.BookEntry(execution, new TradeOrigin { ParentId = (ulong)i + 1, SignalId = (ulong)i + 1 });

            foreach (var slot in book.Touched)
            {
                // Closed trades that wait for the end of an exit order take room as well.
                if (random.Next(2) == 0 && book[slot].OpenQuantity > 0)
                    book.OnExitSent(slot, ExitLeg.StopLoss, (ulong)i);
            }

            for (var instrument = 0; instrument < Instruments; instrument++)
            {
                Assert.That(book.Position(instrument), Is.EqualTo(positions[instrument]));
                Assert.That(OpenSlots(book, instrument).Sum(s => book[s].SignedOpenQuantity),
                    Is.EqualTo(positions[instrument]));
            }
        }

        Assert.That(book.MergedExecutions, Is.Positive);
        Assert.That(book.OpenTrades, Is.LessThanOrEqualTo(capacity + 2 * Instruments));
    }

    private static InstrumentTable TableWithCurrency() => new(
        [
            new InstrumentOptions { Id = 1, Symbol = "A" },
            new InstrumentOptions { Id = 2, Symbol = "B", Multiplier = 7 },
            new InstrumentOptions { Id = 3, Symbol = "C", Multiplier = 3, Currency = "EUR" },
        ],
        rates: new CurrencyRates("USD", new Dictionary<string, decimal> { ["EUR"] = 1.083217m }));

    private static TradeExecution Random(Random random, int step)
    {
        var quantity = random.Next(1, 12);
        return new TradeExecution(
            random.Next(Instruments),
            random.Next(2) == 0 ? Side.Buy : Side.Sell,
            quantity,
            Price(4_000 + random.Next(-400, 400) * 0.25),
            quantity * 3_800_000L + random.Next(-5, 6),
            StartNs + step);
    }

    private static List<int> OpenSlots(TradeBook book, int instrument)
    {
        var slots = new List<int>();
        foreach (var side in (Side[])[Side.Buy, Side.Sell])
        {
            for (var slot = book.FirstOpen(instrument, side); slot >= 0; slot = book.NextOpen(slot))
                slots.Add(slot);
        }

        return slots;
    }

    /// <summary>Both books under the same executions.</summary>
    private sealed class Twins(Random random, int capacity)
    {
        private readonly InstrumentTable _table = TableWithCurrency();
        private readonly TradeBook _book = new(TableWithCurrency(), capacity);
        private readonly NaiveTradeBook _naive = new(TableWithCurrency());
        private readonly Dictionary<ulong, Trade> _closed = [];
        private readonly List<(ulong Parent, int Instrument, Side Side)> _parents = [];

        public void Run(int steps)
        {
            for (var step = 0; step < steps; step++)
            {
                Step(step);
                if (step % 50 == 0)
                    AssertAllSame();
            }

            AssertAllSame();
            AssertCashAddsUp();
        }

        private void Step(int step)
        {
            var execution = Random(random, step);
            switch (random.Next(8))
            {
                case 0 or 1 or 2:
                    _book.OnPrice(execution.InstrumentIndex, execution.PriceE9);
                    _naive.OnPrice(execution.InstrumentIndex, execution.PriceE9);
                    return;
                case 3 or 4 when _naive.All.Count > 0:
                    BookExit(execution);
                    break;
                case 5 when _naive.Open.Count > 0:
                    var origin = new TradeOrigin { ExitReason = ExitReason.Manual };
                    _book.BookEntry(execution, origin);
                    _naive.BookEntry(execution, origin);
                    break;
                default:
                    BookEntry(execution);
                    break;
            }

            Assert.That(_book.Touched.Length, Is.Positive);
            foreach (var slot in _book.Touched)
            {
                if (_book[slot].OpenQuantity == 0)
                    _closed.Add(_book[slot].TradeId, _book[slot]);
            }
        }

        private void BookEntry(TradeExecution execution)
        {
            if (_parents.Count == 0 || random.Next(3) > 0)
                _parents.Add(((ulong)_parents.Count + 1, execution.InstrumentIndex, execution.Side));

            var (parent, instrument, side) = _parents[random.Next(Math.Max(0, _parents.Count - 5), _parents.Count)];
            execution = execution with { InstrumentIndex = instrument, Side = side };
            var origin = new TradeOrigin
            {
                ParentId = parent,
                SignalId = parent + 1_000_000,
                ExitReason = ExitReason.Reversal,
            };
            _book.BookEntry(execution, origin);
            _naive.BookEntry(execution, origin);
        }

        private void BookExit(TradeExecution execution)
        {
            var isAny = _naive.Open.Count == 0 || random.Next(4) == 0;
            var trades = isAny ? _naive.All : _naive.Open;
            var trade = trades[random.Next(trades.Count)];
            execution = execution with
            {
                InstrumentIndex = trade.Instrument,
                Side = trade.Side == Side.Buy ? Side.Sell : Side.Buy,
            };
            var reason = random.Next(2) == 0 ? ExitReason.StopLoss : ExitReason.TakeProfit;
            Assert.That(
                _book.BookExit(execution, trade.Id, reason), Is.EqualTo(_naive.BookExit(execution, trade.Id, reason)));
        }

        private void AssertAllSame()
        {
            Assert.That(_book.OpenTrades, Is.EqualTo(_naive.Open.Count));
            foreach (var expected in _naive.All)
            {
                var isOpen = expected.OpenQuantity > 0;
                var actual = isOpen && _book.TryFind(expected.Id, out var slot) ? _book[slot] : _closed[expected.Id];
                AssertSame(actual, expected);
            }

            for (var i = 0; i < Instruments; i++)
                Assert.That((BigInteger)_book.Position(i), Is.EqualTo(_naive.Position(i)));
        }

        private static void AssertSame(in Trade actual, NaiveTrade expected)
        {
            // One comparison of all, as there are a hundred thousand trades to compare.
            var isSame = actual.TradeId == expected.Id
                && actual.ParentId == expected.ParentId
                && actual.RepairOf == expected.RepairOf
                && actual.Side == expected.Side
                && actual.EntryQuantity == expected.EntryQuantity
                && actual.ExitQuantity == expected.ExitQuantity
                && actual.OpenQuantity >= 0
                && actual.EntrySumE9 == (Int128)expected.EntrySumE9
                && actual.ExitSumE9 == (Int128)expected.ExitSumE9
                && actual.EntryValueE6 == expected.EntryValueE6
                && actual.ExitValueE6 == expected.ExitValueE6
                && actual.EntryFeesE6 == expected.EntryFeesE6
                && actual.ExitFeesE6 == expected.ExitFeesE6
                && actual.ExitReason == expected.ExitReason
                && actual.FirstEntryNs == expected.FirstEntryNs
                && actual.LastExitNs == expected.LastExitNs;
            Assert.That(isSame, $"trade {expected.Id}");
            if (actual.OpenQuantity > 0)
                return;

            Assert.That((actual.HighE9, actual.LowE9), Is.EqualTo((expected.HighE9, expected.LowE9)));
            var grossE6 = expected.Sign * (expected.ExitValueE6 - expected.EntryValueE6);
            Assert.That((BigInteger)actual.GrossPnlE6, Is.EqualTo(grossE6));
        }

        /// <summary>Closed trades' gross profit, and what open trades have paid, are all the cash there is.</summary>
        private void AssertCashAddsUp()
        {
            BigInteger paid = 0;
            BigInteger fees = 0;
            foreach (var trade in _closed.Values)
            {
                var summary = new TradeSummary(trade, _table[trade.InstrumentIndex]);
                paid -= summary.GrossPnlE6;
                fees += summary.FeesE6;
            }

            for (var i = 0; i < Instruments; i++)
            {
                foreach (var slot in OpenSlots(_book, i))
                {
                    var trade = _book[slot];
                    paid += trade.Sign * (trade.EntryValueE6 - trade.ExitValueE6);
                    fees += trade.EntryFeesE6 + trade.ExitFeesE6;
                }
            }

            Assert.That(paid, Is.EqualTo(_naive.PaidE6));
            Assert.That(fees, Is.EqualTo(_naive.FeesE6));
        }
    }
}
