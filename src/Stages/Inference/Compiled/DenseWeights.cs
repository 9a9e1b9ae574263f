using System.Runtime.CompilerServices;

namespace ExecutionPipeline.Stages.Inference.Compiled;

/// <summary>A linear layer's constants, row-major, with what is fused into it.</summary>
internal sealed record DenseWeights
{
    public required int Rows { get; init; }

    public required int Columns { get; init; }

    public required float[] Values { get; init; }

    public required float[] Bias { get; init; }

    /// <summary>What the input's mean is multiplied with; zeros unless the input is normalised.</summary>
    public required float[] ColumnSums { get; init; }

    public bool IsRectified { get; init; }

    /// <summary>Whether each of <see cref="Values"/> is a bfloat16 number.</summary>
    public bool AreBfloat16 => Array.TrueForAll(Values, Bfloat16.Holds);

    /// <summary>
    /// The same layer over an input that is still to be normalised. With u = (x - mean) * scale,
    /// (u gain + shift) W + b = scale * (x W' - mean * 1 W') + b', where W' = diag(gain) W and b' = shift W + b.
    /// </summary>
    public DenseWeights Normalize(ReadOnlySpan<float> gain, ReadOnlySpan<float> shift)
    {
        var values = new float[Values.Length];
        var bias = Array.ConvertAll(Bias, static value => (double)value);
        var sums = new double[Columns];
        for (var row = 0; row < Rows; row++)
        {
            for (var column = 0; column < Columns; column++)
            {
                var weight = Values[row * Columns + column];
                values[row * Columns + column] = gain[row] * weight;
                // Of the rounded products, so that what is subtracted is what was added.
                sums[column] += values[row * Columns + column];
                bias[column] += (double)shift[row] * weight;
            }
        }

        return this with
        {
            Values = values,
            Bias = Array.ConvertAll(bias, static value => (float)value),
            ColumnSums = Array.ConvertAll(sums, static value => (float)value),
        };
    }
}

/// <summary>
/// Where a linear layer's operands are, in floats or words of masks from the start of a plan's memory.
/// </summary>
internal readonly record struct DenseLayout
{
    /// <summary>The input's values; behind them, zeros up to a multiple of 16.</summary>
    public required int Input { get; init; }

    public required int InputCount { get; init; }

    /// <summary>A bit for each row of the input that may not be 0.</summary>
    public required int InputMask { get; init; }

    /// <summary>Columns, rounded up to whole registers of any width.</summary>
    public required int PaddedColumns { get; init; }

    /// <summary>Tile by tile; within a tile row by row, as <see cref="IWeights"/> says.</summary>
    public required int Weights { get; init; }

    /// <summary>Whether they are kept as <see cref="PairedBfloat16"/>.</summary>
    public required bool AreBfloat16 { get; init; }

    public required int Bias { get; init; }

    /// <summary>What the input's mean is multiplied with: the sum of each column's weights.</summary>
    public required int ColumnSums { get; init; }

    public required int Output { get; init; }

    /// <summary>A bit for each column that may not be 0: written when <see cref="IsRectified"/>.</summary>
    public required int OutputMask { get; init; }

    public required bool IsRectified { get; init; }

    /// <summary>Whether the input is taken relative to its mean, in units of its standard deviation.</summary>
    public required bool IsNormalized { get; init; }

    /// <summary>The input's mean and scale, as <see cref="MomentsStep"/> has them, if normalised.</summary>
    public required int Moments { get; init; }
}

/// <summary>How a layer's weights are kept: what a row of a tile takes, and how a register of it is read.</summary>
internal interface IWeights
{
    /// <summary>The floats of memory that so many weights take.</summary>
    static abstract int FloatsOf(int weights);

    /// <param name="row">Where the tile's row begins.</param>
    /// <param name="register">Which of the row's registers, from 0.</param>
    static abstract TLanes Load<TLanes>(ref float row, int register)
        where TLanes : struct, ILanes<TLanes>;
}

/// <summary>One weight a word, column by column.</summary>
internal readonly struct Float32Weights : IWeights
{
    public static int FloatsOf(int weights) => weights;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TLanes Load<TLanes>(ref float row, int register)
        where TLanes : struct, ILanes<TLanes> =>
        TLanes.Load(ref row, register * TLanes.Count);
}

/// <summary>
/// Two weights a word: the lower halves of a register's worth of words hold one register of columns, the upper halves
/// the next one. Half as much memory is read, and a shift or a mask makes float32 numbers of it.
/// </summary>
internal readonly struct PairedBfloat16 : IWeights
{
    public static int FloatsOf(int weights) => weights / 2;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TLanes Load<TLanes>(ref float row, int register)
        where TLanes : struct, ILanes<TLanes> =>
        register % 2 == 0
            ? TLanes.LoadLowHalves(ref row, register / 2 * TLanes.Count)
            : TLanes.LoadHighHalves(ref row, register / 2 * TLanes.Count);
}

/// <summary>
/// Numbers that are the upper half of a float32: its sign, its exponent and seven bits of its fraction.
/// </summary>
public static class Bfloat16
{
    internal const int Bits = 16;
    internal const uint HighHalf = 0xFFFF_0000;

    /// <summary>Whether a number is one.</summary>
    public static bool Holds(float value) => (BitConverter.SingleToUInt32Bits(value) & ~HighHalf) == 0;

    /// <summary>The nearest one; of two that are equally near, the even one.</summary>
    public static float Round(float value)
    {
        var bits = BitConverter.SingleToUInt32Bits(value);
        var toEven = (bits >> Bits) & 1;
        return float.IsNaN(value)
            ? float.NaN
            : BitConverter.UInt32BitsToSingle((bits + (HighHalf >> (Bits + 1)) + toEven) & HighHalf);
    }

    /// <summary>Two of them in a word.</summary>
    internal static float Pair(float low, float high) => BitConverter.UInt32BitsToSingle(
        (BitConverter.SingleToUInt32Bits(low) >> Bits) | (BitConverter.SingleToUInt32Bits(high) & HighHalf));
}
