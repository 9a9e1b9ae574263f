namespace ExecutionPipeline.Execution.Orders;

/// <summary>
/// Remembers the last executions' ids, so that a report that a venue sends twice is booked once. A stage that books
/// has its own: the same input gives the same answer in each.
/// </summary>
public sealed class ExecutionIdFilter
{
    /// <summary>Ids remembered where nothing else is set.</summary>
    public const int DefaultCapacity = 16_384;

    private readonly IdIndex _seen;
    private readonly ulong[] _order;
    private int _next;

    public ExecutionIdFilter(int capacity = DefaultCapacity)
    {
        _seen = new IdIndex(capacity);
        _order = new ulong[capacity];
    }

    /// <summary>Reports refused because their id had been seen.</summary>
    public long Duplicates { get; private set; }

    /// <summary>
    /// Whether the id is new; the oldest one is forgotten for it. Id 0 is no id and always new.
    /// </summary>
    public bool TryAdd(ulong executionId)
    {
        if (executionId == 0)
            return true;

        if (_seen.TryGet(executionId, out _))
        {
            Duplicates++;
            return false;
        }

        if (_seen.Count == _seen.Capacity)
            _seen.TryRemove(_order[_next]);
        _seen.TryAdd(executionId, 0);
        _order[_next] = executionId;
        _next = _next + 1 == _order.Length ? 0 : _next + 1;
        return true;
    }
}
