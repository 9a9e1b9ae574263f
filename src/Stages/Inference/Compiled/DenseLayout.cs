namespace ExecutionPipeline.Stages.Inference.Compiled;

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
