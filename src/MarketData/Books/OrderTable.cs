using System.Diagnostics.CodeAnalysis;
using System.Numerics;

namespace ExecutionPipeline.MarketData.Books;

/// <summary>
/// Resting orders by id: open addressing with linear probing, and removal that closes the gap, so that no tombstones
/// pile up over a day. Growing is the only allocation.
/// </summary>
internal sealed class OrderTable
{
    public const int None = -1;

    private Entry[] _entries;
    private int _mask;

    public OrderTable(int capacity) => Resize(BitOperations.RoundUpToPowerOf2((uint)capacity * 2));

    public int Count { get; private set; }

    /// <summary>The order at a slot that <see cref="Find"/> gave, until the next addition or removal.</summary>
    public ref RestingOrder this[int slot] => ref _entries[slot].Order;

    /// <summary>The slot of an id, or <see cref="None"/>.</summary>
    public int Find(ulong id)
    {
        for (var slot = SlotOf(id); _entries[slot].IsUsed; slot = (slot + 1) & _mask)
        {
            if (_entries[slot].Id == id)
                return slot;
        }

        return None;
    }

    /// <summary>Adds an order that is not there; its side must be set.</summary>
    public void Add(ulong id, in RestingOrder order)
    {
        // Half full at most, so that probes stay short.
        if (Count * 2 >= _entries.Length)
            Grow();

        var slot = SlotOf(id);
        while (_entries[slot].IsUsed)
            slot = (slot + 1) & _mask;

        _entries[slot] = new Entry { Id = id, Order = order };
        Count++;
    }

    /// <summary>Removes the order at a slot.</summary>
    public void Remove(int slot)
    {
        var gap = slot;
        for (slot = (slot + 1) & _mask; _entries[slot].IsUsed; slot = (slot + 1) & _mask)
        {
            // An entry whose search does not pass the gap stays where it is; others move into the gap.
            var home = SlotOf(_entries[slot].Id);
            if (((slot - home) & _mask) < ((slot - gap) & _mask))
                continue;

            _entries[gap] = _entries[slot];
            gap = slot;
        }

        _entries[gap] = default;
        Count--;
    }

    public void Clear()
    {
        Array.Clear(_entries);
        Count = 0;
    }

    private int SlotOf(ulong id) => (int)(id * 0x9E3779B97F4A7C15 >> 32) & _mask;

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
        Count = 0;
        foreach (ref readonly var entry in old.AsSpan())
        {
            if (entry.IsUsed)
                Add(entry.Id, in entry.Order);
        }
    }

    private struct Entry
    {
        public ulong Id;
        public RestingOrder Order;

        public readonly bool IsUsed => Order.Side != default;
    }
}
