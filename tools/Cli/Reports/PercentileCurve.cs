namespace ExecutionPipeline.Cli.Reports;

/// <summary>A line of the percentile plot.</summary>
/// <param name="Name">The stage, as the JSON names it: "end_to_end" and so on.</param>
/// <param name="Points">Ascending in percentile.</param>
public sealed record PercentileCurve(string Name, IReadOnlyList<PercentilePoint> Points);
