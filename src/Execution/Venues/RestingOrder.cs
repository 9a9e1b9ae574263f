using ExecutionPipeline.Messages.Events;

namespace ExecutionPipeline.Execution.Venues;

/// <summary>An order that rests at the simulated exchange.</summary>
internal struct RestingOrder
{
    public ulong OrderId;
    public Side Side;
    public TimeInForce TimeInForce;
    public long LimitPriceE9;
    public int Quantity;
    public int CumulativeQuantity;

    /// <summary>Contracts that stand before it at its price.</summary>
    public int QueueAhead;

    public readonly int LeavesQuantity => Quantity - CumulativeQuantity;
}
