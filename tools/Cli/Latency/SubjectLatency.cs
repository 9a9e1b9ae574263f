using ExecutionPipeline.Cli.Reports;

namespace ExecutionPipeline.Cli.Latency;

/// <summary>What a subject takes for an event.</summary>
public sealed record SubjectLatency
{
    public required string Name { get; init; }

    public required LatencySummary LatencyNs { get; init; }

    public double AllocatedBytesPerEvent { get; init; }
}
