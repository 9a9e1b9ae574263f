using ExecutionPipeline.Execution.State;
using ExecutionPipeline.Messages.Events;

namespace ExecutionPipeline.Execution.Orders;

/// <summary>
/// The parent orders that are worked, all memory taken at start. A parent is found by the remainder of its id, without
/// a search; the place that was freed last is taken first, so that the memory in use stays small and in the cache. A
/// list for each instrument joins those that have not ended. Everything is O(1); one thread.
/// </summary>
public sealed class ParentStore : IStateful
{
    /// <summary>No place.</summary>
    public const int None = -1;

    private readonly ParentOrder[] _parents;
    private readonly int[] _placeOf;
    private readonly int[] _next;
    private readonly int[] _previous;
    private readonly int[] _first;
    private int _firstFree;

    /// <param name="instruments">Number of instruments.</param>
    /// <param name="capacity">The most parents at a time.</param>
    public ParentStore(int instruments, int capacity = ExecutionLedger.OrderPlaces)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(instruments);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(capacity);
        _parents = new ParentOrder[capacity];
        _placeOf = new int[capacity];
        _next = new int[capacity];
        for (var place = 0; place < capacity; place++)
            _next[place] = place + 1 < capacity ? place + 1 : None;
        _previous = new int[capacity];
        _first = new int[instruments];
        Array.Fill(_first, None);
    }

    /// <summary>Parents that have not ended.</summary>
    public int Count { get; private set; }

    /// <summary>Of <see cref="Count"/>: those that were approved to close something that was held.</summary>
    public int Closing { get; private set; }

    public ref ParentOrder this[int place] => ref _parents[place];

    /// <summary>The first parent of an instrument that has not ended, newest first; -1 where there is none.</summary>
    public int First(int instrument) => _first[instrument];

    /// <summary>The one after it; -1 behind the last.</summary>
    public int Next(int place) => _next[place];

    /// <summary>Takes the place of a new parent, whose other fields it clears.</summary>
    /// <param name="parentId">Of the new parent.</param>
    /// <param name="instrument">Index.</param>
    /// <param name="toClose">Its <see cref="ParentOrder.ToClose"/>.</param>
    /// <returns>The place; -1 when an older parent of the same remainder is still worked.</returns>
    public int Add(ulong parentId, int instrument, int toClose = 0)
    {
        ref var known = ref _placeOf[RemainderOf(parentId)];
        if (_firstFree == None || (IsWorked(known) && RemainderOf(_parents[known].ParentId) == RemainderOf(parentId)))
            return None;

        var place = _firstFree;
        _firstFree = _next[place];
        known = place;
        ref var parent = ref _parents[place];
        parent = default;
        parent.ParentId = parentId;
        parent.InstrumentIndex = instrument;
        parent.ToClose = toClose;
        parent.IsClosingFirst = toClose > 0;
        parent.Status = ParentStatus.Working;
        parent.ChildSlot = None;
        _previous[place] = None;
        _next[place] = _first[instrument];
        if (_first[instrument] != None)
            _previous[_first[instrument]] = place;
        _first[instrument] = place;
        Count++;
        Closing += parent.IsClosingFirst ? 1 : 0;
        return place;
    }

    /// <summary>Finds a parent that has not ended.</summary>
    public bool TryFind(ulong parentId, out int place)
    {
        place = _placeOf[RemainderOf(parentId)];
        return parentId != 0 && _parents[place].ParentId == parentId && IsWorked(place);
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
        _next[place] = _firstFree;
        _firstFree = place;
        Count--;
        Closing -= parent.IsClosingFirst ? 1 : 0;
    }

    public void Transfer(StateStream state)
    {
        state.Array(_parents);
        state.Array(_placeOf);
        state.Links(_next);
        state.Array(_previous);
        state.Array(_first, None);
        state.Value(ref _firstFree);
        Count = state.Next(Count);
        Closing = state.Next(Closing);
    }

    private int RemainderOf(ulong parentId) => (int)(parentId % (ulong)_placeOf.Length);

    private bool IsWorked(int place) => _parents[place].Status is ParentStatus.Working or ParentStatus.Ending;
}
