using ExecutionPipeline.Execution.Algorithms;
using ExecutionPipeline.Messages.Events;
using ExecutionPipeline.Stages.Routing;

namespace ExecutionPipeline.Pipeline.Telemetry;

/// <summary>
/// How decisions were executed and trades were ended, by what routing tells in its action log. The thread that runs
/// the followers counts; others read when it has ended.
/// </summary>
/// <param name="actions">Of the routing stage.</param>
public sealed class ExecutionTally(ActionLog actions)
{
    private const double BasisPoints = 10_000;

    private readonly StrategyCounts[] _strategies = new StrategyCounts[StrategyNames.All.Count];
    private readonly long[] _exits = new long[Enum.GetValues<ExitReason>().Length];

    /// <summary>What was counted of a strategy.</summary>
    public StrategyCounts Of(ExecutionStrategy strategy) => _strategies[(int)strategy];

    /// <summary>Trades that ended so.</summary>
    public long Of(ExitReason reason) => _exits[(int)reason];

    /// <summary>Counts what an event led to. Before its actions are let go.</summary>
    public void OnEvent(ref readonly PipelineEvent e)
    {
        for (var i = 0; i < e.Routing.ActionCount; i++)
        {
            ref readonly var action = ref actions[e.Routing.FirstAction + i];
            if (action.Kind == RoutingActionKind.TradeClosed)
                _exits[(int)action.Trade.ExitReason]++;
            else if (action is { Kind: RoutingActionKind.ParentEnded, Parent.Purpose: OrderPurpose.Entry })
                Count(action.Parent);
        }
    }

    private void Count(in ParentState parent)
    {
        ref var counts = ref _strategies[(int)parent.Strategy];
        counts.Parents++;
        counts.Slices += parent.Children;
        counts.ContractsOrdered += parent.Quantity;
        counts.ContractsExecuted += parent.Executed;
        if (parent.Executed == 0 || parent.ArrivalPriceE9 <= 0)
            return;

        var sign = parent.Side == Side.Buy ? 1 : -1;
        counts.CostE9 += (Int128)sign * (parent.AveragePriceE9 - parent.ArrivalPriceE9) * parent.Executed;
        counts.ArrivalValueE9 += (Int128)parent.ArrivalPriceE9 * parent.Executed;
    }

    /// <summary>What was counted of the parent orders of a strategy that have ended.</summary>
    public struct StrategyCounts
    {
        public long Parents;

        /// <summary>Child orders that were sent for them.</summary>
        public long Slices;

        public long ContractsOrdered;
        public long ContractsExecuted;

        /// <summary>Price times contracts beyond the arrival price, in 1e-9; negative is better.</summary>
        public Int128 CostE9;

        /// <summary>Arrival price times contracts, in 1e-9.</summary>
        public Int128 ArrivalValueE9;

        /// <summary>
        /// What was executed cost so much more than at the arrival price, in basis points of it, fees left out; NaN
        /// where nothing was executed. Perold's implementation shortfall without the opportunity cost.
        /// </summary>
        public readonly double CostBps =>
            ArrivalValueE9 == 0 ? double.NaN : (double)CostE9 / (double)ArrivalValueE9 * BasisPoints;
    }
}
