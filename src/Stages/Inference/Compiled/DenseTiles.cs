using System.Numerics;
using System.Runtime.CompilerServices;

namespace ExecutionPipeline.Stages.Inference.Compiled;

/// <summary>
/// How a layer's columns are cut: into tiles of registers whose sums are kept at once, so that one input serves all of
/// them and as many additions are under way as it takes to hide the latency of one.
/// </summary>
internal static class DenseTiles
{
    /// <summary>Rows that a mask's word tells of.</summary>
    public const int MaskBits = 64;

    /// <summary>A mask's words.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int WordsOf(int rows) => (rows + MaskBits - 1) / MaskBits;

    /// <summary>The next tile's registers, when so many are left.</summary>
    public static int WidthOf(int vectors) => vectors >= 8 ? 8 : vectors >= 4 ? 4 : vectors >= 2 ? 2 : 1;

    /// <summary>The first row that a word of a mask names, from the word's first on.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static nuint RowOf(ulong bits) => (nuint)BitOperations.TrailingZeroCount(bits);

    /// <summary>Adds every row that a word of a mask names.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void AddAll<TTile, TLanes>(ref TTile sums, ref float input, ref float weights, ulong bits)
        where TTile : struct, ITile<TLanes>
        where TLanes : struct, ILanes<TLanes>
    {
        for (; bits != 0; bits &= bits - 1) sums.Add(ref input, ref weights, RowOf(bits));
    }
}

/// <summary>The sums of a tile's columns.</summary>
internal interface ITile<TLanes>
    where TLanes : struct, ILanes<TLanes>
{
    /// <summary>The floats that a row of weights takes.</summary>
    static abstract int RowFloats { get; }

    /// <summary>Adds a row's input times its weights.</summary>
    void Add(ref float input, ref float weights, nuint row);

    /// <summary>Writes the sums.</summary>
    void Store(ref float output);
}

/// <summary>One register.</summary>
internal struct Tile1<TLanes, TWeights> : ITile<TLanes>
    where TLanes : struct, ILanes<TLanes>
    where TWeights : struct, IWeights
{
    private TLanes _0;

    public static int RowFloats
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => TWeights.FloatsOf(TLanes.Count);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Add(ref float input, ref float weights, nuint row)
    {
        var x = TLanes.Broadcast(Unsafe.Add(ref input, row));
        ref var w = ref Unsafe.Add(ref weights, row * (nuint)RowFloats);
        TLanes.Accumulate(ref _0, x, TWeights.Load<TLanes>(ref w, 0));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly void Store(ref float output)
    {
        _0.Store(ref output, 0);
    }
}

/// <summary>Two registers.</summary>
internal struct Tile2<TLanes, TWeights> : ITile<TLanes>
    where TLanes : struct, ILanes<TLanes>
    where TWeights : struct, IWeights
{
    private TLanes _0, _1;

    public static int RowFloats
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => TWeights.FloatsOf(2 * TLanes.Count);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Add(ref float input, ref float weights, nuint row)
    {
        var x = TLanes.Broadcast(Unsafe.Add(ref input, row));
        ref var w = ref Unsafe.Add(ref weights, row * (nuint)RowFloats);
        TLanes.Accumulate(ref _0, x, TWeights.Load<TLanes>(ref w, 0));
        TLanes.Accumulate(ref _1, x, TWeights.Load<TLanes>(ref w, 1));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly void Store(ref float output)
    {
        _0.Store(ref output, 0);
        _1.Store(ref output, TLanes.Count);
    }
}

/// <summary>Four registers.</summary>
internal struct Tile4<TLanes, TWeights> : ITile<TLanes>
    where TLanes : struct, ILanes<TLanes>
    where TWeights : struct, IWeights
{
    private TLanes _0, _1, _2, _3;

    public static int RowFloats
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => TWeights.FloatsOf(4 * TLanes.Count);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Add(ref float input, ref float weights, nuint row)
    {
        var x = TLanes.Broadcast(Unsafe.Add(ref input, row));
        ref var w = ref Unsafe.Add(ref weights, row * (nuint)RowFloats);
        TLanes.Accumulate(ref _0, x, TWeights.Load<TLanes>(ref w, 0));
        TLanes.Accumulate(ref _1, x, TWeights.Load<TLanes>(ref w, 1));
        TLanes.Accumulate(ref _2, x, TWeights.Load<TLanes>(ref w, 2));
        TLanes.Accumulate(ref _3, x, TWeights.Load<TLanes>(ref w, 3));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly void Store(ref float output)
    {
        _0.Store(ref output, 0);
        _1.Store(ref output, TLanes.Count);
        _2.Store(ref output, 2 * TLanes.Count);
        _3.Store(ref output, 3 * TLanes.Count);
    }
}

/// <summary>Eight registers.</summary>
internal struct Tile8<TLanes, TWeights> : ITile<TLanes>
    where TLanes : struct, ILanes<TLanes>
    where TWeights : struct, IWeights
{
    private TLanes _0, _1, _2, _3, _4, _5, _6, _7;

    public static int RowFloats
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => TWeights.FloatsOf(8 * TLanes.Count);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Add(ref float input, ref float weights, nuint row)
    {
        var x = TLanes.Broadcast(Unsafe.Add(ref input, row));
        ref var w = ref Unsafe.Add(ref weights, row * (nuint)RowFloats);
        TLanes.Accumulate(ref _0, x, TWeights.Load<TLanes>(ref w, 0));
        TLanes.Accumulate(ref _1, x, TWeights.Load<TLanes>(ref w, 1));
        TLanes.Accumulate(ref _2, x, TWeights.Load<TLanes>(ref w, 2));
        TLanes.Accumulate(ref _3, x, TWeights.Load<TLanes>(ref w, 3));
        TLanes.Accumulate(ref _4, x, TWeights.Load<TLanes>(ref w, 4));
        TLanes.Accumulate(ref _5, x, TWeights.Load<TLanes>(ref w, 5));
        TLanes.Accumulate(ref _6, x, TWeights.Load<TLanes>(ref w, 6));
        TLanes.Accumulate(ref _7, x, TWeights.Load<TLanes>(ref w, 7));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly void Store(ref float output)
    {
        _0.Store(ref output, 0);
        _1.Store(ref output, TLanes.Count);
        _2.Store(ref output, 2 * TLanes.Count);
        _3.Store(ref output, 3 * TLanes.Count);
        _4.Store(ref output, 4 * TLanes.Count);
        _5.Store(ref output, 5 * TLanes.Count);
        _6.Store(ref output, 6 * TLanes.Count);
        _7.Store(ref output, 7 * TLanes.Count);
    }
}
