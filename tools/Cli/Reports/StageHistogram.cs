namespace ExecutionPipeline.Cli.Reports;

/// <summary>The latencies of one stage.</summary>
/// <param name="Name">As the JSON names it: "end_to_end", "inference", "platform_hiccup" and so on.</param>
/// <param name="Histogram">Nanoseconds.</param>
public sealed record StageHistogram(string Name, HistogramBase Histogram);
