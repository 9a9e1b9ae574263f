using ExecutionPipeline.Execution.Trades;
using ExecutionPipeline.Messages.Events;
using ExecutionPipeline.Quant;

namespace ExecutionPipeline.Analysis.Costs;

/// <summary>
/// What an order's execution cost. Slippage is in basis points of what it is measured against; positive is worse than
/// that. Null: the market's data do not say.
/// </summary>
public sealed record OrderCost
{
    public required ExecutedOrder Order { get; init; }

    /// <summary>Contracts executed.</summary>
    public required int Executed { get; init; }

    /// <summary>Average price, in 1e-9; 0 where nothing was executed.</summary>
    public required double AveragePriceE9 { get; init; }

    public required CostBreakdown Cost { get; init; }

    /// <summary>Value of the whole order at the decision's price, in 1e-6; what costs are shares of.</summary>
    public required long DecisionValueE6 { get; init; }

    /// <summary>Against the mid when it could first trade.</summary>
    public double? ArrivalBps { get; init; }

    /// <summary>Against the volume-weighted average of the market's trades while it was worked.</summary>
    public double? VwapBps { get; init; }

    /// <summary>Against the time-weighted average mid while it was worked.</summary>
    public double? TwapBps { get; init; }

    /// <summary>Against the last price of its session.</summary>
    public double? CloseBps { get; init; }

    /// <summary>
    /// How much better than the fills' prices the mid was after each of <see cref="CostAnalyzer.MarkOutSeconds"/>;
    /// negative: the market went against what was executed.
    /// </summary>
    public required IReadOnlyList<double?> MarkOutsBps { get; init; }

    /// <summary>How far the mid went against the fills within 5 s, at least 0.</summary>
    public double? AdverseSelectionBps { get; init; }

    /// <summary>Half the quoted spread at the arrival and the square-root law's impact.</summary>
    public required double EstimateBps { get; init; }

    /// <summary>Fills without a quote: of those, spread and impact count as timing.</summary>
    public required int FillsWithoutQuote { get; init; }

    /// <summary>Contracts that were not executed for a reason.</summary>
    public int NotExecuted(ParentEndReason reason) =>
        Order.EndReason == reason ? Math.Max(0, Order.Quantity - Executed) : 0;

    /// <summary>Contracts that were meant to be executed: those taken back on purpose are not.</summary>
    public int Meant => Order.Quantity - NotExecuted(ParentEndReason.Withdrawn);

    /// <summary>Executed over meant; 1 where all was taken back before anything was executed.</summary>
    public double FillRate => Meant == 0 ? 1 : (double)Executed / Meant;

    /// <summary>From the decision to the last fill, else to the end.</summary>
    public long DurationNs =>
        (Order.Fills.Count == 0 ? Order.EndTimeNs : Order.Fills[^1].TimeNs) - Order.DecisionTimeNs;

    /// <summary>Of the decision's value.</summary>
    public double TotalBps => BpsOf(Cost.TotalE6);

    /// <summary>Average price against the decision's.</summary>
    public double SlippageBps => Executed == 0
        ? 0
        : ExecutionReward.SlippageBps(Order.DecisionPriceE9, AveragePriceE9, Order.Sign);

    /// <summary>
    /// As a trade's, see <see cref="TradeSummary.ScoreOf"/>; 0 where nothing was executed.
    /// </summary>
    public double QualityScore => Executed == 0
        ? 0
        : TradeSummary.ScoreOf(FillRate, SlippageBps, Order.Fills[0].TimeNs - Order.DecisionTimeNs);

    /// <summary>A cost as basis points of the decision's value.</summary>
    public double BpsOf(long costE6) => (double)costE6 / DecisionValueE6 * 10_000;
}
