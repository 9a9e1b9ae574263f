using ExecutionPipeline.Execution.State;

namespace ExecutionPipeline.Execution.Venues;

/// <summary>
/// The slots that end at a time, the earliest first and of equal times the one added first. An addition at the latest
/// time takes a constant time, all else one that grows with the logarithm. Nothing is allocated after the start.
/// </summary>
internal sealed class ExpiryHeap : IStateful
{
    private const int Absent = -1;

    private readonly Entry[] _entries;
    private readonly int[] _places;
    private int _count;
    private long _added;

    /// <param name="slots">One more than the highest slot.</param>
    public ExpiryHeap(int slots)
    {
        _entries = new Entry[slots];
        _places = new int[slots];
        Array.Fill(_places, Absent);
        NextNs = long.MaxValue;
    }

    /// <summary>The earliest time; the greatest that there is when the heap is empty.</summary>
    public long NextNs { get; private set; }

    /// <summary>The slot whose time is the earliest. The heap must not be empty.</summary>
    public int First => _entries[0].Slot;

    /// <summary>Adds a slot that is not in it.</summary>
    public void Add(int slot, long timeNs)
    {
        Rise(_count++, new Entry(timeNs, _added++, slot));
        NextNs = _entries[0].TimeNs;
    }

    /// <summary>Takes a slot out, if it is in it.</summary>
    public void Remove(int slot)
    {
        var place = _places[slot];
        if (place == Absent)
            return;

        _places[slot] = Absent;
        var last = _entries[--_count];
        if (place < _count)
            Settle(place, last);
        NextNs = _count == 0 ? long.MaxValue : _entries[0].TimeNs;
    }

    public void Transfer(StateStream state)
    {
        state.Array(_entries);
        state.Array(_places, Absent);
        state.Value(ref _count);
        state.Value(ref _added);
        NextNs = state.Next(NextNs);
    }

    private void Settle(int place, in Entry entry)
    {
        if (place > 0 && entry.IsBefore(_entries[(place - 1) / 2]))
            Rise(place, entry);
        else
            Sink(place, entry);
    }

    private void Rise(int place, in Entry entry)
    {
        while (place > 0 && entry.IsBefore(_entries[(place - 1) / 2]))
        {
            Put(place, _entries[(place - 1) / 2]);
            place = (place - 1) / 2;
        }

        Put(place, entry);
    }

    private void Sink(int place, in Entry entry)
    {
        for (var child = 2 * place + 1; child < _count; child = 2 * place + 1)
        {
            if (child + 1 < _count && _entries[child + 1].IsBefore(_entries[child]))
                child++;
            if (!_entries[child].IsBefore(entry))
                break;

            Put(place, _entries[child]);
            place = child;
        }

        Put(place, entry);
    }

    private void Put(int place, in Entry entry)
    {
        _entries[place] = entry;
        _places[entry.Slot] = place;
    }

    private readonly record struct Entry(long TimeNs, long Added, int Slot)
    {
        public bool IsBefore(in Entry other) =>
            TimeNs < other.TimeNs || (TimeNs == other.TimeNs && Added < other.Added);
    }
}
