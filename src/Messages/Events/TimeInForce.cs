namespace ExecutionPipeline.Messages.Events;

/// <summary>How long an order stands. The values are FIX tag 59's.</summary>
public enum TimeInForce : byte
{
    Day = 0,
    GoodTillCancel = 1,
    ImmediateOrCancel = 3,
    FillOrKill = 4,
}
