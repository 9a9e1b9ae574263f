namespace ExecutionPipeline.Messages.Events;

/// <summary>How volatile the market is against what is usual.</summary>
public enum VolatilityRegime : byte
{
    Normal = 0,
    Volatile = 1,
    Crisis = 2,
}
