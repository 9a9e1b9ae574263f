using System.Runtime.CompilerServices;
using ExecutionPipeline.Messages.Wire;

namespace ExecutionPipeline.Messages.Ingress;

/// <summary>
/// The configured instruments' ids and their indices. A look-up is one multiplication and one load: the constructor
/// searches for a multiplier that gives each id a slot of its own.
/// </summary>
public sealed class InstrumentIds
{
    public const int MaxCount = 64;

    /// <summary>What <see cref="IndexOf"/> answers for an id that is not configured.</summary>
    public const int Unknown = -1;

    // With 64 ids in 1,024 slots one multiplier in eight is free of collisions; a search of this length does not fail.
    private const int SlotBits = 10;
    private const int SearchLimit = 10_000;
    private const ulong EmptySlot = ulong.MaxValue;

    // Id in the upper half, index in the lower. An empty slot holds the null id and index -1, so that asking for the
    // null id needs no branch of its own.
    private readonly ulong[] _slots = new ulong[1 << SlotBits];
    private readonly uint[] _ids;
    private readonly uint _multiplier;

    /// <summary>Index i is that of <paramref name="ids"/>[i].</summary>
    /// <exception cref="ArgumentException">There are none, more than 64, the same twice, or the null id.</exception>
    public InstrumentIds(params ReadOnlySpan<uint> ids)
    {
        if (ids.Length is 0 or > MaxCount)
            throw new ArgumentException($"Configure 1 to {MaxCount} instruments; there are {ids.Length}.", nameof(ids));

        for (var i = 0; i < ids.Length; i++)
        {
            if (ids[i] == WireNull.UInt32)
                throw new ArgumentException($"Instrument id {ids[i]} means all on the wire; use another.", nameof(ids));
            if (ids[..i].Contains(ids[i]))
                throw new ArgumentException($"Instrument id {ids[i]} is configured twice.", nameof(ids));
        }

        _ids = ids.ToArray();
        _multiplier = FindMultiplier();
    }

    public int Count => _ids.Length;

    /// <summary>The id of an index.</summary>
    /// <exception cref="IndexOutOfRangeException">There is no such index.</exception>
    public uint this[int index] => _ids[index];

    /// <summary>The index of an id, or <see cref="Unknown"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int IndexOf(uint id)
    {
        var slot = _slots[SlotOf(id, _multiplier)];
        return (uint)(slot >> 32) == id ? (int)slot : Unknown;
    }

    private static int SlotOf(uint id, uint multiplier) => (int)(id * multiplier >> (32 - SlotBits));

    private uint FindMultiplier()
    {
        // Odd multipliers lose no bit of the id; the sequence is fixed so that every run looks ids up alike.
        var multiplier = 0x9E3779B1u;
        for (var attempt = 0; attempt < SearchLimit; attempt++)
        {
            if (TryFill(multiplier))
                return multiplier;

            multiplier = (multiplier * 0x85EBCA6Bu + 0xC2B2AE35u) | 1;
        }

        throw new InvalidOperationException($"No multiplier keeps these {_ids.Length} instrument ids apart.");
    }

    private bool TryFill(uint multiplier)
    {
        Array.Fill(_slots, EmptySlot);
        for (var index = 0; index < _ids.Length; index++)
        {
            ref var slot = ref _slots[SlotOf(_ids[index], multiplier)];
            if (slot != EmptySlot)
                return false;

            slot = (ulong)_ids[index] << 32 | (uint)index;
        }

        return true;
    }
}
