namespace ExecutionPipeline.Cli.Latency;

/// <summary>What `xp latency` measures.</summary>
public enum LatencyStages
{
    All,
    Context,
    Inference,
    Risk,
    Ring,
}
