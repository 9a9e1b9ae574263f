using ExecutionPipeline.Execution.Algorithms;
using ExecutionPipeline.Execution.Limits;
using ExecutionPipeline.Messages.Events;
using ExecutionPipeline.Stages.Inference;

namespace ExecutionPipeline.Audit.Recording;

/// <summary>
/// A decision as the regulations want it: what was known, what was said, what was checked, what was done.
/// </summary>
internal sealed class DecisionDocument(RecordedRun run, RiskChecks checks, DocumentWriter writer)
{
    private static readonly string[] FeatureKeys =
    [
        "decision_direction", "decision_confidence", "synergy_strength", "urgency_factor", "bid_ask_spread_bps",
        "order_book_depth", "recent_volume_intensity", "price_volatility_1min", "current_position",
        "available_margin", "unrealized_pnl_pct", "var_utilization", "max_position_pct", "time_since_signal",
        "market_session_pct",
    ];

    /// <summary>The names of the policies' inputs, in their order.</summary>
    public static IReadOnlyList<string> FeatureNames => FeatureKeys;

    public string Write(in PipelineEvent e, long sequence)
    {
        writer.Begin();
        writer.Text("execution_id", RecordedRun.ExecutionIdOf(e.Header.CorrelationId, sequence));
        writer.Time("timestamp", e.Header.TimeNs);
        writer.Text("regulatory_version", "1.0");
        writer.Whole("sequence", sequence);
        writer.Id("signal_id", e.Header.CorrelationId);
        writer.Whole("instrument_id", run.Ids[e.Header.InstrumentIndex]);
        writer.Text("symbol", run.SymbolOf(e.Header.InstrumentIndex));
        writer.Text("model_version", run.ModelVersionOf(in e.Decision));
        writer.Text("configuration_hash", run.ConfigurationHash);
        WriteInput(in e);
        WritePolicies(in e);
        WriteRisk(in e);
        WriteRouting(in e);
        WriteLatency(in e);
        return writer.End();
    }

    private void WriteInput(in PipelineEvent e)
    {
        ref readonly var signal = ref e.Payload.TradeQualified;
        writer.BeginObject("input_context");
        writer.BeginObject("tactical_decision");
        writer.Word("action", signal.Action);
        writer.Number("confidence", signal.Confidence);
        writer.Number("synergy_strength", signal.SynergyStrength);
        writer.Number("urgency", signal.Urgency);
        writer.Price("price", signal.PriceE9);
        writer.Time("signal_time", signal.SignalTimeNs);
        writer.EndObject();
        WriteFeatures(e.Features);
        writer.BeginObject("market_state");
        writer.Price("bid", e.Portfolio.BidPriceE9);
        writer.Price("ask", e.Portfolio.AskPriceE9);
        writer.Price("mark", e.Portfolio.MarkPriceE9);
        writer.Price("average_true_range", e.Portfolio.AtrE9);
        writer.Number("volatility_1min", e.Portfolio.Volatility);
        writer.Word("volatility_regime", e.Verdict.Volatility);
        writer.Word("market_regime", e.Verdict.Regime);
        writer.EndObject();
        WritePortfolio(in e.Portfolio);
        writer.BeginObject("risk_metrics");
        writer.Number("daily_var", e.Portfolio.DailyVar);
        writer.Number("daily_drawdown", e.Portfolio.DailyDrawdown);
        writer.Number("weekly_drawdown", e.Portfolio.WeeklyDrawdown);
        writer.EndObject();
        writer.EndObject();
    }

    private void WriteFeatures(ReadOnlySpan<float> features)
    {
        writer.BeginObject("features");
        for (var i = 0; i < FeatureKeys.Length; i++)
            writer.Number(FeatureKeys[i], features[i]);
        writer.EndObject();
    }

    private void WritePortfolio(in PortfolioSnapshot portfolio)
    {
        writer.BeginObject("portfolio_state");
        writer.Whole("position", portfolio.Position);
        writer.Price("average_price", portfolio.AveragePriceE9);
        writer.Money("equity", portfolio.EquityE6);
        writer.Money("available_margin", portfolio.AvailableMarginE6);
        writer.Money("realized_pnl", portfolio.RealizedPnlE6);
        writer.Money("unrealized_pnl", portfolio.UnrealizedPnlE6);
        writer.Money("gross_notional", portfolio.GrossNotionalE6);
        writer.Money("fees", portfolio.FeesE6);
        writer.Whole("open_positions", portfolio.OpenPositions);
        writer.EndObject();
    }

    private void WritePolicies(in PipelineEvent e)
    {
        ref readonly var decision = ref e.Decision;
        ReadOnlySpan<float> outputs = decision.Outputs;
        writer.BeginObject("ai_decisions");
        writer.Word("decided_by", decision.Source);
        writer.Flag("is_canary", decision.Canary != 0);
        writer.Word("lateness", decision.Lateness);
        var isAsked = RecordedRun.HasOutputs(in decision);
        if (isAsked)
        {
            WriteSizing(in decision, outputs.Slice(PolicyOutputs.SizeOffset, PolicyOutputs.SizeCount));
            WriteTiming(in decision, outputs.Slice(PolicyOutputs.StrategyOffset, PolicyOutputs.StrategyCount));
            writer.BeginObject("risk_management");
            writer.BeginList("parameters");
            writer.Value(outputs[PolicyOutputs.StopLossOffset]);
            writer.Value(outputs[PolicyOutputs.TakeProfitOffset]);
            writer.EndList();
            writer.Number("stop_loss_multiplier", decision.StopLossAtr);
            writer.Number("take_profit_multiplier", decision.TakeProfitAtr);
            writer.EndObject();
        }
        else
        {
            writer.None("position_sizing");
            writer.None("execution_timing");
            writer.None("risk_management");
        }

        writer.Word("side", decision.Side);
        writer.Whole("quantity", decision.Quantity);
        writer.BeginList("size_cuts");
        foreach (var cut in Words.BitsOf(e.Cuts))
            writer.Item(Words.KeyOf(cut));
        writer.EndList();
        writer.EndObject();
    }

    private void WriteSizing(in Decision decision, ReadOnlySpan<float> probabilities)
    {
        writer.BeginObject("position_sizing");
        writer.BeginObject("probability_distribution");
        for (var i = 0; i < probabilities.Length; i++)
            writer.Number(RecordedRun.ContractsKey(i), probabilities[i]);
        writer.EndObject();
        writer.Whole("selected_action", decision.SizeAction);
        writer.Whole("contracts", SizeActions.ContractsOf(decision.SizeAction));
        writer.Number("probability", probabilities[decision.SizeAction]);
        writer.Number("confidence", MaxOf(probabilities));
        writer.EndObject();
    }

    private void WriteTiming(in Decision decision, ReadOnlySpan<float> probabilities)
    {
        writer.BeginObject("execution_timing");
        writer.BeginObject("probability_distribution");
        for (var i = 0; i < probabilities.Length; i++)
            writer.Number(StrategyNames.NameOf((ExecutionStrategy)i), probabilities[i]);
        writer.EndObject();
        writer.Text("selected_action", StrategyNames.NameOf(decision.Strategy));
        writer.Number("confidence", MaxOf(probabilities));
        writer.EndObject();
    }

    private static float MaxOf(ReadOnlySpan<float> values)
    {
        var max = values[0];
        foreach (var value in values)
            max = Math.Max(max, value);
        return max;
    }

    private void WriteRisk(in PipelineEvent e)
    {
        ref readonly var verdict = ref e.Verdict;
        writer.BeginObject("risk_validation");
        writer.Flag("is_judged", RiskChecks.IsJudged(in e));
        writer.Whole("approved_quantity", verdict.ApprovedQuantity);
        writer.Flag("is_reducing", verdict.Reducing != 0);
        writer.Flag("kill_switch", verdict.KillSwitch != 0);
        writer.BeginList("pre_trade_checks");
        if (RiskChecks.IsJudged(in e))
        {
            foreach (var check in checks.Of(e))
                WriteCheck(in check);
        }

        writer.EndList();
        writer.BeginObject("position_limits");
        writer.Whole("projected_position", verdict.ProjectedPosition);
        writer.Whole("max_position", checks.Limits.MaxPosition);
        writer.Money("projected_notional", verdict.ProjectedNotionalE6);
        writer.Number("max_notional", (double)checks.Limits.MaxNotional);
        writer.Money("projected_margin", verdict.ProjectedMarginE6);
        writer.EndObject();
        writer.BeginObject("var_validation");
        writer.Number("projected_daily_var", verdict.ProjectedVar);
        writer.Number("max_daily_var", checks.Limits.MaxDailyVar);
        writer.Number("projected_weekly_var", ViolationFigures.WeeklyOf(verdict.ProjectedVar));
        writer.Number("max_weekly_var", checks.Limits.MaxWeeklyVar);
        writer.EndObject();
        writer.BeginList("violations");
        foreach (var violation in Words.BitsOf(verdict.Violations))
            writer.Item(Words.KeyOf(violation));
        writer.EndList();
        writer.EndObject();
    }

    private void WriteCheck(in RiskCheck check)
    {
        writer.BeginObject();
        writer.Word("check", check.Check);
        writer.Number("limit", check.Limit);
        writer.Number("value", check.Value);
        if (check.IsApplied)
            writer.Flag("passed", check.IsPassed);
        else
            writer.None("passed");
        writer.EndObject();
    }

    private void WriteRouting(in PipelineEvent e)
    {
        ref readonly var order = ref e.Routing.Order;
        var isSent = e.Routing.Outcome == RoutingOutcome.OrderSent;
        writer.BeginObject("routing");
        writer.Word("outcome", e.Routing.Outcome);
        writer.Text("strategy", StrategyNames.NameOf(isSent ? order.Strategy : e.Decision.Strategy));
        writer.Id("parent_id", e.Verdict.ParentId);
        writer.Id("order_id", isSent ? order.OrderId : 0);
        writer.Whole("order_quantity", isSent ? order.Quantity : 0);
        writer.Price("limit_price", isSent ? order.LimitPriceE9 : 0);
        writer.Price("stop_price", isSent ? order.StopPriceE9 : 0);
        writer.Price("target_price", isSent ? order.TargetPriceE9 : 0);
        writer.Price("arrival_price", isSent ? order.ArrivalPriceE9 : 0);
        writer.EndObject();
    }

    /// <summary>
    /// What the journal knows. It has no times of the single stages, and a replay's are not the run's.
    /// </summary>
    private void WriteLatency(in PipelineEvent e)
    {
        ref readonly var signal = ref e.Payload.TradeQualified;
        writer.BeginObject("latency_us");
        writer.Number("signal_to_intended_send", Us(signal.IntendedSendTimeNs - signal.SignalTimeNs));
        writer.Number("intended_send_to_send", Us(signal.SendTimeNs - signal.IntendedSendTimeNs));
        writer.Number("send_to_pipeline", Us(e.Header.TimeNs - signal.SendTimeNs));
        writer.None("context_building");
        writer.None("agent_inference");
        writer.None("order_validation");
        writer.None("order_execution");
        writer.EndObject();
    }

    private static double Us(long ns) => ns * 1e-3;
}
