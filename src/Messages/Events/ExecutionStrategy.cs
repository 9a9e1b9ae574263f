namespace ExecutionPipeline.Messages.Events;

/// <summary>How a decision is to be executed. The values are the timing actor's action indices.</summary>
public enum ExecutionStrategy : byte
{
    Immediate = 0,
    Twap5Min = 1,
    VwapAggressive = 2,
    Iceberg = 3,
}
