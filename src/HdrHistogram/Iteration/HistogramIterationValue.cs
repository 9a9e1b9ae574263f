namespace ExecutionPipeline.HdrHistogram.Iteration;

/// <summary>One step of an iteration through a histogram. Steps are separate objects and may be kept.</summary>
public sealed class HistogramIterationValue
{
    /// <summary>The highest value that the step covers.</summary>
    public long ValueIteratedTo { get; internal init; }

    /// <summary>Where the step before this one ended; 0 for the first.</summary>
    public long ValueIteratedFrom { get; internal init; }

    /// <summary>The count of the slot in which the step ends.</summary>
    public long CountAtValueIteratedTo { get; internal init; }

    /// <summary>How many recorded values the step covers.</summary>
    public long CountAddedInThisIterationStep { get; internal init; }

    /// <summary>How many recorded values this step and those before it cover.</summary>
    public long TotalCountToThisValue { get; internal init; }

    /// <summary>The sum of the recorded values that this step and those before it cover.</summary>
    public long TotalValueToThisValue { get; internal init; }

    /// <summary>The share of recorded values that this step and those before it cover, in percent.</summary>
    public double Percentile { get; internal init; }

    /// <summary>The percentile that the step aimed at, in percent; at most <see cref="Percentile"/>.</summary>
    public double PercentileLevelIteratedTo { get; internal init; }

    /// <summary>Whether the step is the one that reaches 100 percent.</summary>
    public bool IsLastValue() => Math.Abs(PercentileLevelIteratedTo - 100.0) < double.Epsilon;

    /// <inheritdoc/>
    public override string ToString()
        => FormattableString.Invariant($"ValueIteratedTo:{ValueIteratedTo}, ValueIteratedFrom:{ValueIteratedFrom}, ")
        + FormattableString.Invariant($"CountAtValueIteratedTo:{CountAtValueIteratedTo}, ")
        + FormattableString.Invariant($"CountAddedInThisIterationStep:{CountAddedInThisIterationStep}, ")
        + FormattableString.Invariant($"TotalCountToThisValue:{TotalCountToThisValue}, ")
        + FormattableString.Invariant($"TotalValueToThisValue:{TotalValueToThisValue}, ")
        + FormattableString.Invariant($"Percentile:{Percentile}, ")
        + FormattableString.Invariant($"PercentileLevelIteratedTo:{PercentileLevelIteratedTo}");
}
