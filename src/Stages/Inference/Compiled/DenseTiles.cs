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
    public static int WordsOf(int rows) => (rows + MaskBits - 1) / MaskBits;

    /// <summary>The next tile's registers, when so many are left.</summary>
    public static int WidthOf(int vectors) => vectors >= 8 ? 8 : vectors >= 4 ? 4 : vectors >= 2 ? 2 : 1;

    /// <summary>The first row that a word of a mask names, from the word's first on.</summary>
    public static nuint RowOf(ulong bits) => (nuint)BitOperations.TrailingZeroCount(bits);

    /// <summary>Adds every row that a word of a mask names.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void AddAll<TTile, TLanes>(
        ref TTile sums, ref float input, ref float weights, ulong bits)
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

    /// <summary>Hands on the sums.</summary>
    /// <param name="finish">To whom.</param>
    /// <param name="column">The tile's first.</param>
    void Finish(in DenseFinish<TLanes> finish, int column);
}

/// <summary>One register.</summary>
internal struct Tile1<TLanes, TWeights> : ITile<TLanes>
    where TLanes : struct, ILanes<TLanes>
    where TWeights : struct, IWeights
{
    private TLanes _0;

    public static int RowFloats => TWeights.FloatsOf(TLanes.Count);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Add(ref float input, ref float weights, nuint row)
    {
        var x = TLanes.Broadcast(Unsafe.Add(ref input, row));
        ref var w = ref Unsafe.Add(ref weights, row * (nuint)RowFloats);
        TLanes.Accumulate(ref _0, x, TWeights.Load<TLanes>(ref w, 0));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly void Finish(in DenseFinish<TLanes> finish, int column)
    {
        finish.Write(_0, column);
    }
}

/// <summary>Two registers.</summary>
internal struct Tile2<TLanes, TWeights> : ITile<TLanes>
    where TLanes : struct, ILanes<TLanes>
    where TWeights : struct, IWeights
{
    private TLanes _0, _1;

    public static int RowFloats => TWeights.FloatsOf(2 * TLanes.Count);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Add(ref float input, ref float weights, nuint row)
    {
        var x = TLanes.Broadcast(Unsafe.Add(ref input, row));
        ref var w = ref Unsafe.Add(ref weights, row * (nuint)RowFloats);
        TLanes.Accumulate(ref _0, x, TWeights.Load<TLanes>(ref w, 0));
        TLanes.Accumulate(ref _1, x, TWeights.Load<TLanes>(ref w, 1));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly void Finish(in DenseFinish<TLanes> finish, int column)
    {
        finish.Write(_0, column);
        finish.Write(_1, column + TLanes.Count);
    }
}

/// <summary>Four registers.</summary>
internal struct Tile4<TLanes, TWeights> : ITile<TLanes>
    where TLanes : struct, ILanes<TLanes>
    where TWeights : struct, IWeights
{
    private TLanes _0, _1, _2, _3;

    public static int RowFloats => TWeights.FloatsOf(4 * TLanes.Count);

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
    public readonly void Finish(in DenseFinish<TLanes> finish, int column)
    {
        finish.Write(_0, column);
        finish.Write(_1, column + TLanes.Count);
        finish.Write(_2, column + 2 * TLanes.Count);
        finish.Write(_3, column + 3 * TLanes.Count);
    }
}

/// <summary>Eight registers.</summary>
internal struct Tile8<TLanes, TWeights> : ITile<TLanes>
    where TLanes : struct, ILanes<TLanes>
    where TWeights : struct, IWeights
{
    private TLanes _0, _1, _2, _3, _4, _5, _6, _7;

    public static int RowFloats => TWeights.FloatsOf(8 * TLanes.Count);

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
    public readonly void Finish(in DenseFinish<TLanes> finish, int column)
    {
        finish.Write(_0, column);
        finish.Write(_1, column + TLanes.Count);
        finish.Write(_2, column + 2 * TLanes.Count);
        finish.Write(_3, column + 3 * TLanes.Count);
        finish.Write(_4, column + 4 * TLanes.Count);
        finish.Write(_5, column + 5 * TLanes.Count);
        finish.Write(_6, column + 6 * TLanes.Count);
        finish.Write(_7, column + 7 * TLanes.Count);
    }
}
