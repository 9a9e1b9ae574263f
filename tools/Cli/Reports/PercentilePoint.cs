namespace ExecutionPipeline.Cli.Reports;

/// <summary>A point of a percentile plot.</summary>
/// <param name="Percentile">[0, 100].</param>
/// <param name="ValueNs">The latency that this share of the events did not exceed.</param>
public readonly record struct PercentilePoint(double Percentile, long ValueNs);
