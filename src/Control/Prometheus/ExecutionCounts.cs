using System.Text;
using ExecutionPipeline.Control.Link;
using ExecutionPipeline.Execution.Algorithms;
using ExecutionPipeline.Messages.Wire;

namespace ExecutionPipeline.Control.Prometheus;

/// <summary>
/// What the outbound stream tells of executions, counted since this control plane began: parent orders by strategy,
/// side and outcome, their fill rates, sizes, slippage and impact.
/// </summary>
public sealed class ExecutionCounts
{
    private const double FilledAbove = 0.99;

    private readonly Lock _gate = new();
    private readonly SortedDictionary<string, long> _orders = new(StringComparer.Ordinal);
    private readonly MetricHistogram _fillRate = new(.90, .95, .98, .99, .995, .999, 1.0);
    private readonly MetricHistogram _slippage = new(.1, .5, 1, 2, 3, 5, 10, 20) { IsSigned = true };
    private readonly MetricHistogram _impact = new(.1, .5, 1, 2, 5, 10, 25) { IsSigned = true };
    private readonly MetricHistogram _size = new(1, 2, 3, 5, 8, 10, 15, 20);

    /// <summary>Counts the size of an approved order, where a message tells of one.</summary>
    public void TakeDecision(ReadOnlySpan<byte> message)
    {
        if (!DecisionDecoder.TryWrap(message, out var decision) || decision.IsRepeat
            || decision.Outcome is not (RoutingOutcome.OrderSent or RoutingOutcome.Scheduled))
            return;

        lock (_gate)
            _size.Observe(decision.ApprovedQuantity);
    }

    /// <summary>Counts an entry that has ended.</summary>
    public void Count(Entry entry)
    {
        ArgumentNullException.ThrowIfNull(entry);
        var status = entry.FillRate > FilledAbove ? "filled" : entry.FillRate > 0 ? "partial" : "rejected";
        var labels = $"strategy=\"{StrategyNames.NameOf(entry.Strategy)}\",side=\"{Json.NameOf(entry.Side)}\","
            + $"status=\"{status}\"";
        lock (_gate)
        {
            _orders[labels] = _orders.GetValueOrDefault(labels) + 1;
            _fillRate.Observe(entry.FillRate);
            if (entry.SlippageBps is { } slippage)
                _slippage.Observe(slippage);
            if (entry.ImpactBps is { } impact)
                _impact.Observe(impact);
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
            Histogram(
                text, "execution_market_impact_basis_points",
                "How far the mark moved against entries from arrival to end, in basis points.", _impact);
            Histogram(text, "execution_order_size_contracts", "Contracts of approved orders.", _size);
            MetricLines.Head(text, "execution_orders_total", "counter", "Entries that have ended, by outcome.");
            foreach (var (labels, count) in _orders)
                MetricLines.Line(text, "execution_orders_total", labels, count);
        }
    }

    private static void Histogram(StringBuilder text, string name, string help, MetricHistogram histogram)
    {
        MetricLines.Head(text, name, "histogram", help);
        histogram.Write(text, name);
        if (histogram.IsSigned)
            histogram.WriteParts(text, name);
    }
}
