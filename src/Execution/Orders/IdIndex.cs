using System.Numerics;
using ExecutionPipeline.Execution.State;

namespace ExecutionPipeline.Execution.Orders;

/// <summary>
/// Finds a slot by a 64-bit id: open addressing with linear probing, all memory taken at start. Removal closes the
/// gap, so lookups never slow down with use. Ids that follow one another lie side by side, so that a counter's next
/// three are in the cache line that its last one was found in.
/// </summary>
public sealed class IdIndex : IStateful
{
    /// <summary>Neighbours in one cache line of 64 bytes, as a power of two.</summary>
    private const int LineBits = 2;
    private const ulong InLine = (1 << LineBits) - 1;

    private readonly Entry[] _entries;
    private readonly int _mask;
    private readonly int _shift;

    /// <param name="capacity">The most ids at a time; the table is twice as large at least.</param>
    public IdIndex(int capacity)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(capacity);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(capacity, 1 << 28);
        var size = Math.Max(1 << LineBits + 1, (int)BitOperations.RoundUpToPowerOf2((uint)capacity * 2));
        Capacity = capacity;
        _entries = new Entry[size];
        _mask = size - 1;
        _shift = 64 - BitOperations.Log2((uint)size) + LineBits;
    }

    public int Capacity { get; }

    public int Count { get; private set; }

    /// <summary>Adds an id with its slot; false when it is there already or the index is full.</summary>
    public bool TryAdd(ulong id, int slot)
    {
        var place = Locate(id);
        if (_entries[place].IsTaken || Count == Capacity)
            return false;

        _entries[place] = new Entry(id, slot + 1L);
        Count++;
        return true;
    }

    public bool TryGet(ulong id, out int slot)
    {
        slot = (int)_entries[Locate(id)].SlotPlusOne - 1;
        return slot >= 0;
    }

    public bool TryRemove(ulong id)
    {
        var gap = Locate(id);
        if (!_entries[gap].IsTaken)
            return false;

        Count--;
        for (var next = (gap + 1) & _mask; _entries[next].IsTaken; next = (next + 1) & _mask)
        {
            // An entry may move into the gap unless its home lies behind the gap on its way.
            if (((next - Home(_entries[next].Id)) & _mask) < ((next - gap) & _mask))
                continue;

            _entries[gap] = _entries[next];
            gap = next;
        }

        _entries[gap] = default;
        return true;
    }

    public void Transfer(StateStream state)
    {
        state.Array(_entries);
        Count = state.Next(Count);
    }

    /// <summary>Where the id is, or the free place where it would go. The table is never full, so it ends.</summary>
    private int Locate(ulong id)
    {
        var place = Home(id);
        while (_entries[place].IsTaken && _entries[place].Id != id)
            place = (place + 1) & _mask;
        return place;
    }

    /// <summary>
    /// Fibonacci hashing spreads the lines of a counter's ids. One behind the other they would make one long run of
    /// taken places, and removing the oldest would walk all of it.
    /// </summary>
    private int Home(ulong id) =>
        (int)((id >> LineBits) * 0x9E3779B97F4A7C15UL >> _shift << LineBits | (id & InLine));

    /// <summary>
    /// Id and slot together, so that a look touches one cache line. All 0 while it is free, as memory comes.
    /// </summary>
    /// <param name="Id">Of whatever it is.</param>
    /// <param name="SlotPlusOne">0 while it is free.</param>
    private readonly record struct Entry(ulong Id, long SlotPlusOne)
    {
        public bool IsTaken => SlotPlusOne != 0;
    }
}
