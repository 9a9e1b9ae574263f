using System.Numerics;
using ExecutionPipeline.Execution.State;

namespace ExecutionPipeline.Execution.Venues.Matching;

/// <summary>The queue of orders at one price: first in, first out.</summary>
internal struct PriceLevel
{
    /// <summary>The order that trades first, as an index into <see cref="OrderPool"/>; 0 when there is none.</summary>
    public int Head;

    /// <summary>The order that trades last.</summary>
    public int Tail;

    /// <summary>Contracts shown at this price.</summary>
    public long Quantity;
}

/// <summary>
/// The price levels of one side. A level is found by its price alone, and the next one that holds orders by a tree of
/// bits, 64 children a node, so that every step takes a constant time, whatever the book holds. Nothing is allocated
/// after the start.
/// </summary>
internal sealed class PriceLadder : IStateful
{
    /// <summary>The most levels that a ladder can have.</summary>
    public const int MaxLevels = 1 << 24;

    /// <summary>Stands for no level.</summary>
    public const int None = -1;

    private readonly bool _isHighestFirst;
    private readonly ulong[][] _bits;

    /// <param name="levels">How many prices there are.</param>
    /// <param name="isHighestFirst">Whether the best level is the highest (bids) or the lowest (offers).</param>
    public PriceLadder(int levels, bool isHighestFirst)
    {
        _isHighestFirst = isHighestFirst;
        Levels = new PriceLevel[levels];
        var rows = new List<ulong[]>();
        var width = levels;
        do
        {
            width = (width + 63) / 64;
            rows.Add(new ulong[width]);
        }
        while (width > 1);
        _bits = [.. rows];
        Best = None;
    }

    public PriceLevel[] Levels { get; }

    /// <summary>The index of the best level that holds orders, or <see cref="None"/>.</summary>
    public int Best { get; private set; }

    /// <summary>Notes that a level has got its first order.</summary>
    public void Occupy(int index)
    {
        if (Best == None || (_isHighestFirst ? index > Best : index < Best))
            Best = index;

        foreach (var row in _bits)
        {
            ref var word = ref row[index >> 6];
            var isMarked = word != 0;
            word |= 1UL << index;
            if (isMarked)
                return;

            index >>= 6;
        }
    }

    /// <summary>Notes that a level has lost its last order.</summary>
    public void Vacate(int index)
    {
        var child = index;
        foreach (var row in _bits)
        {
            ref var word = ref row[child >> 6];
            word &= ~(1UL << child);
            if (word != 0)
                break;

            child >>= 6;
        }

        if (index == Best)
            Best = After(index);
    }

    /// <summary>The index of the next worse level that holds orders, or <see cref="None"/>.</summary>
    public int After(int index) => _isHighestFirst ? Below(index) : Above(index);

    /// <summary>The highest occupied level below <paramref name="index"/>, or <see cref="None"/>.</summary>
    public int Below(int index)
    {
        for (var row = 0; row < _bits.Length; row++)
        {
            // Bits 0 to 62 of the mask lie below the index; at bit 0 nothing does.
            var word = _bits[row][index >> 6] & ((1UL << index) - 1);
            index >>= 6;
            if (word == 0)
                continue;

            index = index << 6 | BitOperations.Log2(word);
            while (row > 0)
                index = index << 6 | BitOperations.Log2(_bits[--row][index]);

            return index;
        }

        return None;
    }

    /// <summary>The lowest occupied level above <paramref name="index"/>, or <see cref="None"/>.</summary>
    public int Above(int index)
    {
        for (var row = 0; row < _bits.Length; row++)
        {
            // Shifted twice: a shift by 64 would shift by nothing.
            var word = _bits[row][index >> 6] & (ulong.MaxValue << index << 1);
            index >>= 6;
            if (word == 0)
                continue;

            index = index << 6 | BitOperations.TrailingZeroCount(word);
            while (row > 0)
                index = index << 6 | BitOperations.TrailingZeroCount(_bits[--row][index]);

            return index;
        }

        return None;
    }

    public void Transfer(StateStream state)
    {
        foreach (var row in _bits)
            state.Array(row);
        state.Array(Levels);
        Best = state.Next(Best);
    }
}
