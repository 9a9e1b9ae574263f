using ExecutionPipeline.Execution.Orders;
using ExecutionPipeline.Messages.Events;

namespace ExecutionPipeline.Execution.Algorithms;

/// <summary>
/// IMMEDIATE: everything in one immediate-or-cancel order, with the parent's limit price where it has one, else at the
/// market. It ends with that order, whatever was executed.
/// </summary>
public sealed class ImmediateAlgorithm : ExecutionAlgorithm
{
    public override void Plan(ref ParentOrder parent, in MarketView market)
    {
        parent.Algorithm = AlgorithmKind.Immediate;
        parent.EndNs = parent.StartNs;
    }

    public override ChildTarget React(ref ParentOrder parent, in MarketView market, in ChildState child)
    {
        var isSent = parent.Slice != 0;
        if (isSent && !child.IsWorking)
            return Placement.Done;

        // What a venue has left of a split order is asked for anew once the child at the other has ended.
        if (!child.IsWorking)
            parent.Slice = 1;
        return new ChildTarget
        {
            Quantity = child.IsWorking ? child.Leaves : parent.Remaining,
            Type = parent.LimitPriceE9 == 0 ? OrderType.Market : OrderType.Limit,
            TimeInForce = TimeInForce.ImmediateOrCancel,
            LimitPriceE9 = parent.LimitPriceE9,
        };
    }
}
