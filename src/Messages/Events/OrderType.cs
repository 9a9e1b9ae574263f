namespace ExecutionPipeline.Messages.Events;

/// <summary>The order types that a venue takes. The values are FIX tag 40's.</summary>
public enum OrderType : byte
{
    None = 0,
    Market = 1,
    Limit = 2,
    Stop = 3,
    StopLimit = 4,
}
