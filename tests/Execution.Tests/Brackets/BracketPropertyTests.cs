using ExecutionPipeline.Execution.Brackets;
using ExecutionPipeline.Execution.Trades;
using ExecutionPipeline.Messages.Events;
using static ExecutionPipeline.Execution.Tests.Samples;

namespace ExecutionPipeline.Execution.Tests.Brackets;

/// <summary>Brackets at a venue that answers late, twice and in any order.</summary>
[TestFixture]
public class BracketPropertyTests
{
    [Test]
    public void ShouldNeverExitMoreThanIsOpenAndEndFlatWhenAnswersAreLateTwiceAndOutOfOrder()
    {
        var random = TestSeed.NewRandom();
        var repaired = 0L;
        for (var round = 0; round < 150; round++)
        {
            var options = new BracketOptions
            {
                Activation = (BracketActivation)random.Next(2),
                TimeOutHours = random.Next(3) == 0 ? 0.001 : 0,
                RetryMs = random.Next(1, 50),
                MaxAttempts = random.Next(1, 4),
            };
            var run = new Run(random, new ExitDesk(options));
            run.Trade(600);
            run.Flatten();
            repaired += run.Repaired;
        }

        Assert.That(repaired, Is.Positive, "both exits were filled at times");
    }

    private sealed class Run(Random random, ExitDesk desk)
    {
        private readonly ErraticVenue _venue = new(random);
        private readonly List<(ulong Parent, Side Side, int Left, int Planned)> _entries = [];
        private ulong _lastParent;
        private int _entered;

        public long Repaired => desk.Book.ExcessQuantity;

        public void Trade(int steps)
        {
            for (var step = 0; step < steps; step++)
            {
                Step();
                Check();
            }
        }

        /// <summary>Everything is closed: positions flat, nothing working, nothing on the way.</summary>
        public void Flatten()
        {
            _venue.IsErratic = false;
            _entries.ForEach(entry => desk.EndEntry(entry.Parent));
            _entries.Clear();
            for (var pass = 0; pass < 1_000 && !IsFlat(); pass++)
            {
                foreach (var slot in OpenSlots())
                    desk.Close(desk.Book[slot].TradeId, ExitReason.Shutdown);
                _venue.Take(desk.TakeRequests());
                _venue.Work();
                if (_venue.TryDeliver(out var answer))
                    desk.Answer(answer);
                desk.Advance(10_000_000);
                Check();
            }

            Assert.That(IsFlat());
            Assert.That(desk.Orders.Where(static order => LegState.Of(order).IsLive), Is.Empty);
            Assert.That(_venue.Live, Is.Empty);
            Assert.That(_entered + _venue.Executed, Is.Zero, "what was entered was given back");
            foreach (var order in desk.Orders)
                Assert.That(order.CumulativeQuantity, Is.EqualTo(_venue.ExecutedOf(order.OrderId)));
        }

        private bool IsFlat() => desk.Book.OpenTrades == 0
            && desk.Book.Position(0) == 0
            && _venue.IsQuiet
            && desk.Requests.Count == 0
            && !_venue.Live.Any();

        private void Step()
        {
            switch (random.Next(12))
            {
                case 0:
                    Begin();
                    break;
                case 1 or 2 when _entries.Count > 0:
                    FillEntry(random.Next(_entries.Count));
                    break;
                case 3:
                    _venue.Trade();
                    break;
                case 4 when random.Next(20) == 0 && OpenSlots() is { Count: > 0 } open:
                    desk.Close(desk.Book[open[random.Next(open.Count)]].TradeId, ExitReason.Manual);
                    break;
                case 5:
                    desk.Advance(random.Next(1, 20_000_000));
                    break;
                case 6 or 7 or 8:
                    _venue.Work();
                    break;
                default:
                    if (_venue.TryDeliver(out var answer))
                        desk.Answer(answer);
                    break;
            }

            // Requests go out at once, and lie with the venue for a while.
            _venue.Take(desk.TakeRequests());
        }

        private void Begin()
        {
            var planned = random.Next(1, 12);
            _entries.Add((++_lastParent, random.Next(2) == 0 ? Side.Buy : Side.Sell, planned, planned));
        }

        private void FillEntry(int place)
        {
            var (parent, side, left, planned) = _entries[place];
            var isCancelled = desk.CancelledEntries.Contains(parent);
            var quantity = random.Next(1, left + 1);
            if (!isCancelled || random.Next(3) == 0)
            {
                var sign = side == Side.Buy ? 1 : -1;
                _entered += sign * quantity;
                left -= quantity;
                desk.Enter(
                    side, quantity, parent, planned, Price(100 - sign * 5), Price(100 + sign * 8), Price(100));
            }

            _entries[place] = (parent, side, left, planned);
            if (left > 0 && !isCancelled)
                return;

            desk.EndEntry(parent);
            _entries.RemoveAt(place);
        }

        private void Check()
        {
            var open = OpenSlots();
            Assert.That(desk.Book.Position(0), Is.EqualTo(desk.Booked));
            Assert.That(open.Sum(slot => desk.Book[slot].SignedOpenQuantity), Is.EqualTo(desk.Booked));
            foreach (var slot in open)
                Check(desk.Book[slot]);
        }

        private void Check(in Trade trade)
        {
            var stop = desk.StateOf(trade.Stop);
            var target = desk.StateOf(trade.Target);
            var close = desk.StateOf(trade.Close);
            if (IsSettled(stop, trade.Stop))
                Assert.That(stop.Leaves, Is.EqualTo(trade.OpenQuantity));
            if (IsSettled(target, trade.Target))
                Assert.That(target.Leaves, Is.EqualTo(trade.OpenQuantity));
            if (IsSettled(close, trade.Close))
                Assert.That(close.Leaves, Is.LessThanOrEqualTo(trade.OpenQuantity));
            if (close.IsLive)
                Assert.That(stop.IsLive || target.IsLive, Is.False, "a close stands alone");

            desk.Exits.Reconcile(trade, stop, target, close, desk.TimeNs, out var again);
            var isAsked = trade.IsEntryDone || again.CancelEntry == desk.CancelledEntries.Contains(trade.ParentId);
            Assert.That(
                again.Stop.Action == LegAction.None
                && again.Target.Action == LegAction.None
                && again.Close.Action == LegAction.None
                && (isAsked || !again.CancelEntry),
                "everything that is to be asked has been asked");
        }

        /// <summary>Whether no request of the exit is unanswered and none has to wait.</summary>
        private bool IsSettled(in LegState leg, in ExitOrder exit) =>
            leg.Phase == LegPhase.Working && desk.TimeNs >= exit.HoldUntilNs;

        private List<int> OpenSlots()
        {
            var slots = new List<int>();
            foreach (var side in (Side[])[Side.Buy, Side.Sell])
            {
                for (var slot = desk.Book.FirstOpen(0, side); slot >= 0; slot = desk.Book.NextOpen(slot))
                    slots.Add(slot);
            }

            return slots;
        }
    }
}
