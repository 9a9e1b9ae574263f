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
