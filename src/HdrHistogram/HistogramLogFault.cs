namespace ExecutionPipeline.HdrHistogram;

/// <summary>A line of a log that could not be read.</summary>
/// <param name="LineNumber">The line, the first being 1.</param>
/// <param name="Reason">What is wrong with it.</param>
public sealed record HistogramLogFault(long LineNumber, string Reason)
{
    /// <inheritdoc/>
    public override string ToString() => $"line {LineNumber}: {Reason}";
}
