using ExecutionPipeline.Execution.State;

namespace ExecutionPipeline.Execution.Orders;

/// <summary>
/// Remembers the last ids, so that a report that a venue sends twice is booked once, and a signal that comes twice is
/// traded once. A stage that needs one has its own: the same input gives the same answer in each.
/// </summary>
public sealed class RecentIds : IStateful
{
    /// <summary>Ids remembered where nothing else is set.</summary>
    public const int DefaultCapacity = 16_384;

    private readonly IdIndex _seen;
    private readonly ulong[] _order;
    private int _next;

    public RecentIds(int capacity = DefaultCapacity)
    {
        _seen = new IdIndex(capacity);
        _order = new ulong[capacity];
    }

    /// <summary>Refused because the id had been seen.</summary>
    public long Duplicates { get; private set; }

    /// <summary>
    /// Whether the id is new; the oldest one is forgotten for it. Id 0 is no id and always new.
    /// </summary>
    public bool TryAdd(ulong id)
    {
        if (id == 0)
            return true;

        if (_seen.TryGet(id, out _))
        {
            Duplicates++;
            return false;
        }

        if (_seen.Count == _seen.Capacity)
            _seen.TryRemove(_order[_next]);
        _seen.TryAdd(id, 0);
        _order[_next] = id;
        _next = _next + 1 == _order.Length ? 0 : _next + 1;
        return true;
    }

    public void Transfer(StateStream state)
    {
        _seen.Transfer(state);
        state.Array(_order);
        state.Value(ref _next);
        Duplicates = state.Next(Duplicates);
    }
}
