using ExecutionPipeline.Execution.Algorithms;
using ExecutionPipeline.Messages.Events;

namespace ExecutionPipeline.Audit.Recording;

/// <summary>
/// The steps of an order's life: what was sent, what a venue said, how it ended, and that its signal came again.
/// </summary>
internal sealed class LifeDocuments(RecordedRun run, DocumentWriter writer)
{
    /// <summary>A signal that came again.</summary>
    public string WriteRepeat(in PipelineEvent e, long sequence)
    {
        ref readonly var signal = ref e.Payload.TradeQualified;
        Begin(e.Header.TimeNs, sequence, e.Header.InstrumentIndex);
        writer.Id("signal_id", signal.SignalId);
        writer.Time("signal_time", signal.SignalTimeNs);
        writer.Time("send_time", signal.SendTimeNs);
        return writer.End();
    }

    /// <summary>An order that left for a venue beside the event's own.</summary>
    public string WriteSent(in OrderState order, long timeNs, long sequence)
    {
        Begin(timeNs, sequence, order.InstrumentIndex);
        WriteOrder(in order);
        return writer.End();
    }

    /// <summary>What a venue said of an order, and the position then.</summary>
    public string WriteReport(in PipelineEvent e, long sequence)
    {
        ref readonly var report = ref e.Payload.ExecutionReport;
        ref readonly var resolution = ref e.Resolution;
        Begin(e.Header.TimeNs, sequence, e.Header.InstrumentIndex);
        WriteOrder(in e.Routing.Order);
        writer.BeginObject("report");
        writer.Whole("order_id", (long)report.OrderId);
        writer.Word("kind", report.Kind);
        writer.Whole("venue", report.Venue);
        writer.Id("execution_id", report.ExecutionId);
        writer.Time("venue_time", report.VenueTimeNs);
        writer.Word("disposition", e.Routing.Disposition);
        writer.Word("reject_reason", report.RejectReason);
        writer.Whole("last_quantity", report.LastQuantity);
        writer.Price("last_price", report.LastPriceE9);
        writer.Whole("booked_quantity", resolution.Booked);
        writer.Whole("inferred_quantity", resolution.Inferred);
        writer.Price("booked_price", resolution.PriceE9);
        writer.Money("fees", resolution.FeeE6);
        writer.EndObject();
        if (resolution.Booked != 0)
            WritePosition(in e.Portfolio);
        return writer.End();
    }

    /// <summary>A parent order that has ended.</summary>
    public string WriteParent(in ParentState parent, long timeNs, long sequence)
    {
        Begin(timeNs, sequence, parent.InstrumentIndex);
        writer.Whole("parent_id", (long)parent.ParentId);
        writer.Id("signal_id", parent.SignalId);
        writer.Word("purpose", parent.Purpose);
        writer.Word("side", parent.Side);
        writer.Text("strategy", StrategyNames.NameOf(parent.Strategy));
        writer.Word("end_reason", parent.EndReason);
        writer.Whole("quantity_requested", parent.Quantity);
        writer.Whole("quantity_filled", parent.Executed);
        writer.Whole("orders_sent", parent.Children);
        writer.Price("arrival_price", parent.ArrivalPriceE9);
        writer.Price("execution_price", parent.AveragePriceE9);
        writer.Number("slippage_bps", SlippageBps(in parent));
        writer.Time("start_time", parent.StartTimeNs);
        writer.Number("execution_time_ms", (timeNs - parent.StartTimeNs) * 1e-6);
        return writer.End();
    }

    /// <summary>A trade that was closed.</summary>
    public string WriteTrade(in ClosedTrade trade, long sequence)
    {
        Begin(trade.ExitTimeNs, sequence, trade.InstrumentIndex);
        writer.Whole("trade_id", (long)trade.TradeId);
        writer.Id("signal_id", trade.SignalId);
        writer.Id("order_id", trade.OrderId);
        writer.Word("side", trade.Side);
        writer.Text("strategy", StrategyNames.NameOf(trade.Strategy));
        writer.Whole("quantity", trade.Quantity);
        writer.Time("entry_time", trade.EntryTimeNs);
        writer.Time("exit_time", trade.ExitTimeNs);
        writer.Number("duration_seconds", (trade.ExitTimeNs - trade.EntryTimeNs) * 1e-9);
        writer.Price("entry_price", trade.EntryPriceE9);
        writer.Price("exit_price", trade.ExitPriceE9);
        writer.Price("arrival_price", trade.ArrivalPriceE9);
        writer.Word("exit_reason", trade.ExitReason);
        writer.Money("pnl_gross", trade.GrossPnlE6);
        writer.Money("fees", trade.FeesE6);
        writer.Money("pnl_net", trade.NetPnlE6);
        writer.Money("slippage", trade.SlippageE6);
        writer.Money("exit_slippage", trade.ExitSlippageE6);
        writer.Price("favourable_excursion", trade.FavourableE9);
        writer.Price("adverse_excursion", trade.AdverseE9);
        writer.Number("fill_rate", trade.FillRate);
        writer.Number("execution_quality", trade.QualityScore);
        return writer.End();
    }

    /// <summary>
    /// What the executions cost more than the arrival price, in basis points of it; positive is worse. NaN where there
    /// was no execution, or no such price.
    /// </summary>
    private static double SlippageBps(in ParentState parent)
    {
        if (parent.Executed == 0 || parent.ArrivalPriceE9 == 0)
            return double.NaN;

        var sign = parent.Side == Side.Buy ? 1 : -1;
        return sign * 1e4 * (parent.AveragePriceE9 - parent.ArrivalPriceE9) / parent.ArrivalPriceE9;
    }

    private void Begin(long timeNs, long sequence, int instrument)
    {
        writer.Begin();
        writer.Time("timestamp", timeNs);
        writer.Whole("sequence", sequence);
        writer.Whole("instrument_id", run.Ids[instrument]);
        writer.Text("symbol", run.SymbolOf(instrument));
    }

    private void WriteOrder(in OrderState order)
    {
        writer.Id("order_id", order.OrderId);
        writer.Id("signal_id", order.SignalId);
        writer.Word("purpose", order.Purpose);
        writer.Word("status", order.Status);
        writer.Word("previous_status", order.PreviousStatus);
        writer.Word("side", order.Side);
        writer.Word("type", order.Type);
        writer.Word("time_in_force", order.TimeInForce);
        writer.Text("strategy", StrategyNames.NameOf(order.Strategy));
        writer.Whole("quantity", order.Quantity);
        writer.Whole("quantity_filled", order.CumulativeQuantity);
        writer.Whole("quantity_left", order.LeavesQuantity);
        writer.Price("limit_price", order.LimitPriceE9);
        writer.Price("stop_price", order.StopPriceE9);
        writer.Price("target_price", order.TargetPriceE9);
        writer.Price("average_price", order.AveragePriceE9);
        writer.Price("arrival_price", order.ArrivalPriceE9);
    }

    private void WritePosition(in PortfolioSnapshot portfolio)
    {
        writer.BeginObject("position");
        writer.Whole("position", portfolio.Position);
        writer.Price("average_price", portfolio.AveragePriceE9);
        writer.Money("realized_pnl", portfolio.RealizedPnlE6);
        writer.Money("unrealized_pnl", portfolio.UnrealizedPnlE6);
        writer.Money("equity", portfolio.EquityE6);
        writer.Money("fees", portfolio.FeesE6);
        writer.EndObject();
    }
}
