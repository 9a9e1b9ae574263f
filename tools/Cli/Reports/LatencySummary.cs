using System.Text.Json.Serialization;

namespace ExecutionPipeline.Cli.Reports;

/// <summary>One distribution of latencies, in nanoseconds.</summary>
public sealed record LatencySummary
{
    /// <summary>How many values there are.</summary>
    public long Count { get; init; }

    public double Mean { get; init; }

    public long P50 { get; init; }

    public long P90 { get; init; }

    public long P99 { get; init; }

    [JsonPropertyName("p99_9")]
    public long P999 { get; init; }

    [JsonPropertyName("p99_99")]
    public long P9999 { get; init; }

    public long Max { get; init; }
}
