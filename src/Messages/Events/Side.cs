namespace ExecutionPipeline.Messages.Events;

/// <summary>The side of an order or trade. The values are FIX tag 54's.</summary>
public enum Side : byte
{
    None = 0,
    Buy = 1,
    Sell = 2,
}
