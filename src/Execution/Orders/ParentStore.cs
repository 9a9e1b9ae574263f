using ExecutionPipeline.Messages.Events;

namespace ExecutionPipeline.Execution.Orders;

/// <summary>
/// The parent orders that are worked, all memory taken at start. A parent's place is the remainder of its id, so it is
/// found without a search; a list for each instrument joins those that have not ended. Everything is O(1); one thread.
/// </summary>
public sealed class ParentStore
{
    /// <summary>No place.</summary>
    public const int None = -1;

    private readonly ParentOrder[] _parents;
    private readonly int[] _next;
    private readonly int[] _previous;
    private readonly int[] _first;

    /// <param name="instruments">Number of instruments.</param>
    /// <param name="capacity">The most parents at a time.</param>
    public ParentStore(int instruments, int capacity = ExecutionLedger.OrderPlaces)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(instruments);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(capacity);
        _parents = new ParentOrder[capacity];
        _next = new int[capacity];
        _previous = new int[capacity];
        _first = new int[instruments];
        Array.Fill(_first, None);
    }

    /// <summary>Parents that have not ended.</summary>
    public int Count { get; private set; }

    public ref ParentOrder this[int place] => ref _parents[place];

    /// <summary>The first parent of an instrument that has not ended, newest first; -1 where there is none.</summary>
    public int First(int instrument) => _first[instrument];

    /// <summary>The one after it; -1 behind the last.</summary>
    public int Next(int place) => _next[place];

    /// <summary>Takes the place of a new parent, whose fields it clears but for the id and the instrument.</summary>
    /// <returns>The place; -1 when an older parent holds it.</returns>
    public int Add(ulong parentId, int instrument)
    {
        var place = (int)(parentId % (ulong)_parents.Length);
        ref var parent = ref _parents[place];
        if (parent.Status is ParentStatus.Working or ParentStatus.Ending)
            return None;

        parent = default;
        parent.ParentId = parentId;
        parent.InstrumentIndex = instrument;
        parent.Status = ParentStatus.Working;
        parent.ChildSlot = None;
        _previous[place] = None;
        _next[place] = _first[instrument];
        if (_first[instrument] != None)
            _previous[_first[instrument]] = place;
        _first[instrument] = place;
        Count++;
        return place;
    }

    /// <summary>Finds a parent that has not ended.</summary>
    public bool TryFind(ulong parentId, out int place)
    {
        place = (int)(parentId % (ulong)_parents.Length);
        ref readonly var parent = ref _parents[place];
        return parentId != 0
            && parent.ParentId == parentId
            && parent.Status is ParentStatus.Working or ParentStatus.Ending;
    }

    /// <summary>Ends a parent: its place can be taken.</summary>
    public void End(int place)
    {
        ref var parent = ref _parents[place];
        parent.Status = ParentStatus.Ended;
        var next = _next[place];
        var previous = _previous[place];
        if (next != None)
            _previous[next] = previous;
        if (previous != None)
            _next[previous] = next;
        else
            _first[parent.InstrumentIndex] = next;
        Count--;
    }
}
