using System.Diagnostics.CodeAnalysis;
using System.Numerics;
using ExecutionPipeline.MarketData.Dbn;

namespace ExecutionPipeline.MarketData.Books;

/// <summary>An order in the book.</summary>
internal struct RestingOrder
{
    public ulong Id;
    public ulong Priority;
    public long PriceE9;
    public uint Quantity;

    /// <summary>Contracts of the quantity that a fill has told of and no cancel or modify has taken off yet.</summary>
    public uint Filled;

    /// <summary>Its level's index among its side's levels.</summary>
    public int Level;

    public MboSide Side;

    public readonly uint Remaining => Quantity - Filled;
}

/// <summary>
/// Resting orders by id. An order keeps its index as long as it rests. Ids are found by open addressing with linear
/// probing, and removal closes the gap, so that no tombstones pile up over a day. Growing is the only allocation.
/// </summary>
internal sealed class OrderTable
{
    public const int None = -1;

    private Entry[] _entries;
    private RestingOrder[] _orders;
    private int _mask;
    private int _free = None;
    private int _used;

    public OrderTable(int capacity)
    {
        _orders = new RestingOrder[capacity];
        Resize(BitOperations.RoundUpToPowerOf2((uint)capacity * 2));
    }

    public int Count { get; private set; }

    /// <summary>How many orders there is memory for; indexes are below it.</summary>
    public int Capacity => _orders.Length;

    /// <summary>The order at an index that <see cref="Find"/> or <see cref="Add"/> gave.</summary>
    public ref RestingOrder this[int index] => ref _orders[index];

    /// <summary>The index of an id's order, or <see cref="None"/>.</summary>
    public int Find(ulong id)
    {
        for (var slot = SlotOf(id); _entries[slot].Index != 0; slot = (slot + 1) & _mask)
        {
            if (_entries[slot].Id == id)
                return _entries[slot].Index - 1;
        }

        return None;
    }

    /// <summary>Adds an order whose id is not there, and returns its index.</summary>
    public int Add(in RestingOrder order)
    {
        // Half full at most, so that probes stay short.
        if (Count * 2 >= _entries.Length)
            Grow();

        var index = Take();
        _orders[index] = order;
        Enter(order.Id, index);
        Count++;
        return index;
    }

    /// <summary>Removes the order at an index.</summary>
    public void Remove(int index)
    {
        var gap = SlotOf(_orders[index].Id);
        while (_entries[gap].Index != index + 1)
            gap = (gap + 1) & _mask;

        for (var slot = (gap + 1) & _mask; _entries[slot].Index != 0; slot = (slot + 1) & _mask)
        {
            // An entry whose search does not pass the gap stays where it is; others move into the gap.
            var home = SlotOf(_entries[slot].Id);
            if (((slot - home) & _mask) < ((slot - gap) & _mask))
                continue;

            _entries[gap] = _entries[slot];
            gap = slot;
        }

        _entries[gap] = default;
        _orders[index].Level = _free;
        _free = index;
        Count--;
    }

    public void Clear()
    {
        Array.Clear(_entries);
        (Count, _used, _free) = (0, 0, None);
    }

    private int SlotOf(ulong id) => (int)(id * 0x9E3779B97F4A7C15 >> 32) & _mask;

    private int Take()
    {
        if (_free != None)
        {
            var index = _free;
            _free = _orders[index].Level;
            return index;
        }

        if (_used == _orders.Length)
            Array.Resize(ref _orders, _used * 2);

        return _used++;
    }

    private void Enter(ulong id, int index)
    {
        var slot = SlotOf(id);
        while (_entries[slot].Index != 0)
            slot = (slot + 1) & _mask;

        _entries[slot] = new Entry { Id = id, Index = index + 1 };
    }

    [MemberNotNull(nameof(_entries))]
    private void Resize(uint size)
    {
        _entries = new Entry[size];
        _mask = (int)size - 1;
    }

    private void Grow()
    {
        var old = _entries;
        Resize((uint)old.Length * 2);
        foreach (ref readonly var entry in old.AsSpan())
        {
            if (entry.Index != 0)
                Enter(entry.Id, entry.Index - 1);
        }
    }

    private struct Entry
    {
        public ulong Id;

        /// <summary>One more than the order's index; 0: no entry.</summary>
        public int Index;
    }
}
