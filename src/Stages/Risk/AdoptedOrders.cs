using ExecutionPipeline.Execution.Orders;
using ExecutionPipeline.Execution.State;
using ExecutionPipeline.Messages.Events;

namespace ExecutionPipeline.Stages.Risk;

/// <summary>
/// What may still be executed of orders that only their venue knew. They have no parent, so each is reserved for by
/// itself, from when routing has told of it until it has ended. O(1) for each report; one thread.
/// </summary>
/// <param name="capacity">As many as routing can hold.</param>
internal sealed class AdoptedOrders(int capacity) : IStateful
{
    private readonly IdIndex _index = new(capacity);
    private readonly Entry[] _entries = new Entry[capacity];
    private readonly int[] _free = new int[capacity];
    private int _freeCount;
    private int _used;

    /// <summary>Reserves for an order.</summary>
    /// <param name="report">Routing's word of it.</param>
    /// <param name="left">Contracts that may still be executed.</param>
    /// <returns>Contracts reserved: 0 where there are none, or the order is known.</returns>
    public int Add(in ExecutionReport report, int left)
    {
        if (left <= 0 || _index.Count == _index.Capacity || _index.TryGet(report.OrderId, out _))
            return 0;

        var place = _freeCount > 0 ? _free[--_freeCount] : _used++;
        _index.TryAdd(report.OrderId, place);
        _entries[place] = new Entry(left, report.InstrumentIndex, report.Side);
        return left;
    }

    /// <summary>Whether a report is of such an order; takes off what is pending of it no more.</summary>
    /// <param name="report">Of an order.</param>
    /// <param name="resolution">What the report amounts to.</param>
    /// <param name="settled">Contracts of the report's instrument and side that are pending no more.</param>
    public bool TrySettle(in ExecutionReport report, in ExecutionResolution resolution, out int settled)
    {
        settled = 0;
        if (_index.Count == 0 || !_index.TryGet(report.OrderId, out var place))
            return false;

        ref var entry = ref _entries[place];
        if (resolution.IsRefused || entry.Instrument != report.InstrumentIndex || entry.Side != report.Side)
            return true;

        settled = resolution.Ended != 0 ? entry.Left : Math.Min(resolution.Booked, entry.Left);
        entry.Left -= settled;
        if (entry.Left == 0)
        {
            _index.TryRemove(report.OrderId);
            _free[_freeCount++] = place;
        }

        return true;
    }

    public void Transfer(StateStream state)
    {
        _index.Transfer(state);
        state.Array(_entries);
        state.Array(_free);
        state.Value(ref _freeCount);
        state.Value(ref _used);
    }

    private record struct Entry(int Left, int Instrument, Side Side);
}
