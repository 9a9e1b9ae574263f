namespace ExecutionPipeline.Execution.Limits;

/// <summary>When one circuit breaker opens, and for how long.</summary>
public sealed class BreakerLimit
{
    /// <summary>A value at or above it opens the breaker. No default; positive.</summary>
    public double Threshold { get; init; }

    /// <summary>Seconds from opening to the first try. No default; positive.</summary>
    public int RecoveryS { get; init; }
}
