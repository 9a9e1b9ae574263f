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

    /// <summary>Tile by tile; within a tile row by row.</summary>
    public required int Weights { get; init; }

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

/// <summary>
/// How a layer's columns are cut: into tiles of registers whose sums are kept at once, so that one input serves all of
/// them and as many additions are under way as it takes to hide the latency of one.
/// </summary>
internal static class DenseTiles
{
    /// <summary>Rows that a mask's word tells of.</summary>
    public const int MaskBits = 64;

    /// <summary>The next tile's registers, when so many are left.</summary>
    public static int WidthOf(int vectors) => vectors >= 8 ? 8 : vectors >= 4 ? 4 : vectors >= 2 ? 2 : 1;
}
