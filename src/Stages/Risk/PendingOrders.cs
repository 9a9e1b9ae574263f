using ExecutionPipeline.Execution.Orders;
using ExecutionPipeline.Messages.Events;

namespace ExecutionPipeline.Stages.Risk;

/// <summary>
/// What may still be executed of each approved order, and how long an order has been without an answer. A report takes
/// off no more than its own order has left: one that comes twice, too late, or of an order that nobody sent cannot free
/// what another order is waiting for. O(1) for each order; one thread.
/// </summary>
internal sealed class PendingOrders
{
    /// <summary>
    /// More than routing holds, for those that it has refused and nobody has heard of yet. The same places as the
    /// ledger's: what is not settled here is known there.
    /// </summary>
    private const int Capacity = ExecutionLedger.OrderPlaces;

    private readonly Entry[] _entries = new Entry[Capacity];
    private int _count;
    private ulong _lastId;
    private ulong _firstUnanswered = 1;

    /// <summary>Whether there is no place for another order.</summary>
    public bool IsFull => _count == Capacity;

    /// <summary>Takes an approved order in. Not when it is full.</summary>
    /// <param name="instrument">Index.</param>
    /// <param name="signed">Contracts: bought, or sold as a negative number; not 0.</param>
    /// <param name="timeNs">Of the event.</param>
    /// <returns>The order's id; ids grow, and none is given twice.</returns>
    public ulong Add(int instrument, int signed, long timeNs)
    {
        // The place of an id is its remainder: one that an old order still holds is left out.
        do
            _lastId++;
        while (EntryOf(_lastId).Remaining != 0);

        EntryOf(_lastId) = new Entry(_lastId, timeNs, Math.Abs(signed), instrument, signed > 0 ? Side.Buy : Side.Sell);
        _count++;
        return _lastId;
    }

    /// <summary>Takes off what a report says was executed or released.</summary>
    /// <param name="report">Of an order.</param>
    /// <param name="resolution">What the report amounts to. An order that has ended has nothing pending.</param>
    /// <param name="isFirst">Whether it is the order's first answer.</param>
    /// <returns>Contracts of the report's instrument and side that are pending no more.</returns>
    public int Settle(in ExecutionReport report, in ExecutionResolution resolution, out bool isFirst)
    {
        isFirst = false;
        ref var entry = ref EntryOf(report.OrderId);
        if (resolution.IsRefused
            || entry.OrderId != report.OrderId
            || entry.Instrument != report.InstrumentIndex
            || entry.Side != report.Side)
            return 0;

        isFirst = !entry.IsAnswered;
        entry.IsAnswered = true;
        var settled = resolution.Ended != 0 ? entry.Remaining : Math.Min(resolution.Booked, entry.Remaining);
        entry.Remaining -= settled;
        if (settled > 0 && entry.Remaining == 0)
            _count--;
        return settled;
    }

    /// <summary>
    /// Whether orders have been without any answer for so long; each of them is told of once.
    /// </summary>
    public bool TryTakeOverdue(long timeNs, long deadlineNs)
    {
        var isFound = false;
        for (; _firstUnanswered <= _lastId; _firstUnanswered++)
        {
            ref readonly var entry = ref EntryOf(_firstUnanswered);
            if (entry.OrderId != _firstUnanswered || entry.IsAnswered)
                continue;
            if (timeNs - entry.SentNs < deadlineNs)
                break;

            isFound = true;
        }

        return isFound;
    }

    private ref Entry EntryOf(ulong id) => ref _entries[id % Capacity];

    private record struct Entry(ulong OrderId, long SentNs, int Remaining, int Instrument, Side Side)
    {
        public bool IsAnswered;
    }
}
