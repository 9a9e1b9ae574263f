using ExecutionPipeline.Messages.Events;
using ExecutionPipeline.Quant;

namespace ExecutionPipeline.Analysis.Costs;

/// <summary>The costs of several orders together. Averages are weighted by value where nothing else is said.</summary>
public sealed record CostSummary
{
    /// <summary>What the orders have in common.</summary>
    public required string Key { get; init; }

    public required int Orders { get; init; }

    public required int Fills { get; init; }

    /// <summary>Contracts.</summary>
    public required long Ordered { get; init; }

    /// <summary>Contracts.</summary>
    public required long Executed { get; init; }

    /// <summary>Contracts that were taken back on purpose.</summary>
    public required long Withdrawn { get; init; }

    /// <summary>Contracts given up since they would have cost more than the largest slippage.</summary>
    public required long TooDear { get; init; }

    /// <summary>Contracts whose time was over.</summary>
    public required long Expired { get; init; }

    /// <summary>Contracts that the venue or a check refused.</summary>
    public required long Refused { get; init; }

    public required CostBreakdown Cost { get; init; }

    /// <summary>In 1e-6 of the account's currency.</summary>
    public required long DecisionValueE6 { get; init; }

    /// <summary>Executed over what was ordered and not taken back on purpose.</summary>
    public double FillRate => Ordered == Withdrawn ? 0 : (double)Executed / (Ordered - Withdrawn);

    public double TotalBps => BpsOf(Cost.TotalE6);

    /// <summary>Mean of the orders' costs in basis points, each order counting the same.</summary>
    public required double MeanBps { get; init; }

    /// <summary>
    /// Half the width of that mean's 95 % interval, by Student's t distribution; null for fewer than two orders.
    /// </summary>
    public double? Interval95Bps { get; init; }

    public double? ArrivalBps { get; init; }

    public double? VwapBps { get; init; }

    public double? TwapBps { get; init; }

    public double? CloseBps { get; init; }

    public required IReadOnlyList<double?> MarkOutsBps { get; init; }

    public double? AdverseSelectionBps { get; init; }

    public required double EstimateBps { get; init; }

    /// <summary>Mean, each order counting the same.</summary>
    public required double QualityScore { get; init; }

    public double BpsOf(long costE6) => DecisionValueE6 == 0 ? 0 : (double)costE6 / DecisionValueE6 * 10_000;

    /// <summary>Sums orders up.</summary>
    /// <param name="key">What they have in common.</param>
    /// <param name="orders">At least one.</param>
    public static CostSummary Of(string key, IReadOnlyList<OrderCost> orders)
    {
        var mean = MeanInterval.Of([.. orders.Select(static order => order.TotalBps)]);
        return new CostSummary
        {
            Key = key,
            Orders = orders.Count,
            Fills = orders.Sum(static order => order.Order.Fills.Count),
            Ordered = orders.Sum(static order => (long)order.Order.Quantity),
            Executed = orders.Sum(static order => (long)order.Executed),
            Withdrawn = orders.Sum(static order => (long)order.NotExecuted(ParentEndReason.Withdrawn)),
            TooDear = orders.Sum(static order => (long)order.NotExecuted(ParentEndReason.TooDear)),
            Expired = orders.Sum(static order => (long)order.NotExecuted(ParentEndReason.Expired)),
            Refused = orders.Sum(static order => (long)order.NotExecuted(ParentEndReason.Refused)),
            Cost = orders.Aggregate(default(CostBreakdown), static (sum, order) => sum + order.Cost),
            DecisionValueE6 = orders.Sum(static order => order.DecisionValueE6),
            MeanBps = mean.Mean,
            Interval95Bps = orders.Count < 2 ? null : mean.HalfWidth,
            ArrivalBps = ByExecuted(orders, static order => order.ArrivalBps),
            VwapBps = ByExecuted(orders, static order => order.VwapBps),
            TwapBps = ByExecuted(orders, static order => order.TwapBps),
            CloseBps = ByExecuted(orders, static order => order.CloseBps),
            MarkOutsBps = [.. Enumerable.Range(0, CostAnalyzer.MarkOutSeconds.Count)
                .Select(i => ByExecuted(orders, order => order.MarkOutsBps[i]))],
            AdverseSelectionBps = ByExecuted(orders, static order => order.AdverseSelectionBps),
            EstimateBps = orders.Sum(static order => order.EstimateBps * order.DecisionValueE6)
                / orders.Sum(static order => (double)order.DecisionValueE6),
            QualityScore = orders.Average(static order => order.QualityScore),
        };
    }

    /// <summary>A summary for each value of something, in the order of their keys.</summary>
    public static IReadOnlyList<CostSummary> By(IEnumerable<OrderCost> orders, Func<OrderCost, string> keyOf) =>
    [
        .. orders.GroupBy(keyOf, StringComparer.Ordinal)
            .OrderBy(static group => group.Key, StringComparer.Ordinal)
            .Select(static group => Of(group.Key, [.. group])),
    ];

    /// <summary>Weighted by the value that was executed; null: known of no order.</summary>
    private static double? ByExecuted(IEnumerable<OrderCost> orders, Func<OrderCost, double?> figureOf)
    {
        var (sum, weight) = (0.0, 0.0);
        foreach (var order in orders)
        {
            if (figureOf(order) is not { } figure)
                continue;

            var value = (double)order.DecisionValueE6 * order.Executed / order.Order.Quantity;
            sum += figure * value;
            weight += value;
        }

        return weight > 0 ? sum / weight : null;
    }
}
