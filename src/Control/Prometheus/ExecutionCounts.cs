using System.Text;
using ExecutionPipeline.Execution.Algorithms;
using ExecutionPipeline.Messages.Wire;

namespace ExecutionPipeline.Control.Prometheus;

/// <summary>
/// What the outbound stream tells of executions, counted since this control plane began: parent orders by strategy,
/// side and outcome, their fill rates, sizes and slippage.
/// </summary>
public sealed class ExecutionCounts
{
    private const double FilledAbove = 0.99;
    private const double BasisPoints = 10_000;

    private readonly Lock _gate = new();
    private readonly SortedDictionary<string, long> _orders = new(StringComparer.Ordinal);
    private readonly MetricHistogram _fillRate = new(.90, .95, .98, .99, .995, .999, 1.0);
    private readonly MetricHistogram _slippage = new(.1, .5, 1, 2, 3, 5, 10, 20);
    private readonly MetricHistogram _size = new(1, 2, 3, 5, 8, 10, 15, 20);

    /// <summary>Counts what a message tells.</summary>
    public void Take(ReadOnlySpan<byte> message)
    {
        if (DecisionDecoder.TryWrap(message, out var decision))
        {
            if (!decision.IsRepeat && decision.Outcome is RoutingOutcome.OrderSent or RoutingOutcome.Scheduled)
            {
                lock (_gate)
                    _size.Observe(decision.ApprovedQuantity);
            }
        }
        else if (ParentOrderEndedDecoder.TryWrap(message, out var parent) && parent.Purpose == OrderPurpose.Entry)
        {
            Count(parent);
        }
    }

    /// <summary>Writes the metrics.</summary>
    public void Write(StringBuilder text)
    {
        lock (_gate)
        {
            Histogram(text, "execution_fill_rate", "Contracts executed over contracts ordered.", _fillRate);
            Histogram(
                text, "execution_slippage_basis_points",
                "What entries cost beyond the arrival price, in basis points of it; negative is better.", _slippage);
            Histogram(text, "execution_order_size_contracts", "Contracts of approved orders.", _size);
            MetricLines.Head(text, "execution_orders_total", "counter", "Entries that have ended, by outcome.");
            foreach (var (labels, count) in _orders)
                MetricLines.Line(text, "execution_orders_total", labels, count);
        }
    }

    /// <summary>
    /// What an execution cost beyond the arrival price in basis points of it, negative where it was better; null: there
    /// is nothing to tell it from.
    /// </summary>
    internal static double? SlippageBps(ParentOrderEndedDecoder parent)
    {
        if (parent.Executed == 0 || parent.ArrivalPriceE9 <= 0)
            return null;

        var sign = parent.Side == Side.Buy ? 1 : -1;
        return sign * ((double)parent.AveragePriceE9 - parent.ArrivalPriceE9) / parent.ArrivalPriceE9 * BasisPoints;
    }

    private static void Histogram(StringBuilder text, string name, string help, MetricHistogram histogram)
    {
        MetricLines.Head(text, name, "histogram", help);
        histogram.Write(text, name);
    }

    private void Count(ParentOrderEndedDecoder parent)
    {
        var rate = parent.Quantity == 0 ? 0 : (double)parent.Executed / parent.Quantity;
        var status = rate > FilledAbove ? "filled" : rate > 0 ? "partial" : "rejected";
        var labels = $"strategy=\"{StrategyNames.NameOf(parent.Strategy)}\",side=\"{Json.NameOf(parent.Side)}\","
            + $"status=\"{status}\"";
        lock (_gate)
        {
            _orders[labels] = _orders.GetValueOrDefault(labels) + 1;
            _fillRate.Observe(rate);
            if (SlippageBps(parent) is { } slippage)
                _slippage.Observe(slippage);
        }
    }
}
