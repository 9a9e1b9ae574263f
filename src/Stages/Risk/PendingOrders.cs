using ExecutionPipeline.Execution.Orders;
using ExecutionPipeline.Execution.State;
using ExecutionPipeline.Messages.Events;

namespace ExecutionPipeline.Stages.Risk;

/// <summary>
/// What may still be executed of each approved parent order, until it has ended: however it is worked, its whole
/// quantity is reserved. And how long a parent has been without any answer of a venue. A report takes off no more than
/// its own parent has left: one that comes twice, too late, or of an order that nobody sent cannot free what another
/// order is waiting for. O(1) for each report; one thread.
/// </summary>
/// <param name="places">
/// More than routing holds, for those that it has refused and nobody has heard of yet. As many as the ledger's: what is
/// not settled here is known there. A power of two.
/// </param>
internal sealed class PendingOrders(int places = ExecutionLedger.OrderPlaces) : IStateful
{
    private readonly Entry[] _entries = new Entry[ExecutionLedger.CheckedPlaces(places)];
    private int _count;
    private ulong _lastId;
    private ulong _firstUnanswered = 1;

    // Of the last ids that were left out. No state: whoever does not have it looks at each of them once.
    private ulong _firstSkipped;
    private ulong _lastSkipped;

    /// <summary>Whether there is no place for another order.</summary>
    public bool IsFull => _count == _entries.Length;

    /// <summary>Reserves what an approved parent order may execute. Not when it is full.</summary>
    /// <param name="instrument">Index.</param>
    /// <param name="signed">Contracts: bought, or sold as a negative number; not 0.</param>
    /// <param name="timeNs">Of the event.</param>
    /// <returns>The parent's id; ids grow, and none is given twice.</returns>
    public ulong Add(int instrument, int signed, long timeNs)
    {
        var id = NextId();
        EntryOf(id) = new Entry(id, timeNs, Math.Abs(signed), instrument, signed > 0 ? Side.Buy : Side.Sell);
        _count++;
        return id;
    }

    /// <summary>
    /// The id of a parent order for which nothing is reserved. The place of an id is its remainder: one that an old
    /// parent still holds is left out.
    /// </summary>
    public ulong NextId()
    {
        do
            _lastId++;
        while (OrderIds.ParentKeyOf(OrderIds.Of(_lastId, 0)) == 0 || (!IsFull && EntryOf(_lastId).Remaining != 0));

        return _lastId;
    }

    /// <summary>Leaves out so many ids, which may have been given to orders that are not known here.</summary>
    public void Skip(int ids)
    {
        if (_lastSkipped != _lastId)
            _firstSkipped = _lastId + 1;
        _lastSkipped = _lastId += (ulong)ids;
    }

    /// <summary>Takes off what a report says was executed or released.</summary>
    /// <param name="report">Of an order.</param>
    /// <param name="resolution">What the report amounts to. An order that has ended has nothing pending.</param>
    /// <param name="isFirst">Whether it is the parent's first answer.</param>
    /// <returns>Contracts of the report's instrument and side that are pending no more.</returns>
    public int Settle(in ExecutionReport report, in ExecutionResolution resolution, out bool isFirst)
    {
        isFirst = false;
        ref var entry = ref EntryOf(OrderIds.ParentKeyOf(report.OrderId));
        if (resolution.IsRefused
            || entry.OrderId == 0
            || !OrderIds.IsOf(report.OrderId, entry.OrderId)
            || entry.Instrument != report.InstrumentIndex
            || entry.Side != report.Side)
            return 0;

        isFirst = !entry.IsAnswered;
        entry.IsAnswered = true;
        var settled = report.IsOfParent ? entry.Remaining : Math.Min(resolution.Booked, entry.Remaining);
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
            // Nobody was given these, and there are too many to look at each.
            if (_firstUnanswered >= _firstSkipped && _firstUnanswered <= _lastSkipped)
            {
                _firstUnanswered = _lastSkipped;
                continue;
            }

            ref readonly var entry = ref EntryOf(_firstUnanswered);
            if (entry.OrderId != _firstUnanswered || entry.IsAnswered)
                continue;
            if (timeNs - entry.SentNs < deadlineNs)
                break;

            isFound = true;
        }

        return isFound;
    }

    public void Transfer(StateStream state)
    {
        state.Array(_entries);
        state.Value(ref _count);
        state.Value(ref _lastId);
        state.Value(ref _firstUnanswered);
        if (state.IsReading)
            (_firstSkipped, _lastSkipped) = (0, 0);
    }

    private ref Entry EntryOf(ulong id) => ref _entries[(int)id & (_entries.Length - 1)];

    private record struct Entry(ulong OrderId, long SentNs, int Remaining, int Instrument, Side Side)
    {
        public bool IsAnswered;
    }
}
