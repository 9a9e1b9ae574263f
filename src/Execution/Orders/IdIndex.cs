using System.Numerics;

namespace ExecutionPipeline.Execution.Orders;

/// <summary>
/// Finds a slot by a 64-bit id: open addressing with linear probing, all memory taken at start. Removal closes the
/// gap, so lookups never slow down with use.
/// </summary>
public sealed class IdIndex
{
    private const int Free = -1;

    private readonly ulong[] _ids;
    private readonly int[] _slots;
    private readonly int _mask;
    private readonly int _shift;

    /// <param name="capacity">The most ids at a time; the table is twice as large at least.</param>
    public IdIndex(int capacity)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(capacity);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(capacity, 1 << 28);
        var size = (int)BitOperations.RoundUpToPowerOf2((uint)capacity * 2);
        Capacity = capacity;
        _ids = new ulong[size];
        _slots = new int[size];
        _mask = size - 1;
        _shift = 64 - BitOperations.Log2((uint)size);
        Array.Fill(_slots, Free);
    }

    public int Capacity { get; }

    public int Count { get; private set; }

    /// <summary>Adds an id with its slot; false when it is there already or the index is full.</summary>
    public bool TryAdd(ulong id, int slot)
    {
        var place = Locate(id);
        if (_slots[place] != Free || Count == Capacity)
            return false;

        _ids[place] = id;
        _slots[place] = slot;
        Count++;
        return true;
    }

    public bool TryGet(ulong id, out int slot)
    {
        slot = _slots[Locate(id)];
        return slot != Free;
    }

    public bool TryRemove(ulong id)
    {
        var gap = Locate(id);
        if (_slots[gap] == Free)
            return false;

        Count--;
        for (var next = (gap + 1) & _mask; _slots[next] != Free; next = (next + 1) & _mask)
        {
            // An entry may move into the gap unless its home lies behind the gap on its way.
            if (((next - Home(_ids[next])) & _mask) < ((next - gap) & _mask))
                continue;

            _ids[gap] = _ids[next];
            _slots[gap] = _slots[next];
            gap = next;
        }

        _slots[gap] = Free;
        return true;
    }

    /// <summary>Where the id is, or the free place where it would go. The table is never full, so it ends.</summary>
    private int Locate(ulong id)
    {
        var place = Home(id);
        while (_slots[place] != Free && _ids[place] != id)
            place = (place + 1) & _mask;
        return place;
    }

    /// <summary>Fibonacci hashing: spreads the consecutive ids of a counter.</summary>
    private int Home(ulong id) => (int)((id * 0x9E3779B97F4A7C15UL) >> _shift);
}
