using System.Globalization;
using ExecutionPipeline.Execution.Limits;

namespace ExecutionPipeline.Pipeline.Options;

/// <summary>The values that a number of the configuration may have.</summary>
/// <param name="Least">The smallest; itself not allowed where <paramref name="IsAbove"/>.</param>
/// <param name="Most">The largest, allowed.</param>
/// <param name="Unit">What it counts, in words.</param>
/// <param name="IsAbove">Whether the value must be above <paramref name="Least"/>.</param>
public sealed record KeyRange(double Least, double Most, string Unit, bool IsAbove = false)
{
    private const double MaxMoney = 1e12;

    private const string OfDay =
        "of the day's peak equity, or as trading_day.drawdown_from says of its starting equity";

    /// <summary>Every key of the configuration that is a number; [] stands for each entry of a list.</summary>
    public static IReadOnlyDictionary<string, KeyRange> All { get; } = new Dictionary<string, KeyRange>
    {
        ["ring.size"] = Whole(64, 1 << 20, "events, a power of two"),
        ["ring.processors[]"] = Whole(0, 1_023, "the number of a processor"),
        ["streams.signal_stream"] = Whole(int.MinValue, int.MaxValue, "a stream id"),
        ["streams.market_stream"] = Whole(int.MinValue, int.MaxValue, "a stream id"),
        ["streams.command_stream"] = Whole(int.MinValue, int.MaxValue, "a stream id"),
        ["streams.outbound_stream"] = Whole(int.MinValue, int.MaxValue, "a stream id"),
        ["state.reconcile_timeout_ms"] = Whole(0, 3_600_000, "milliseconds; 0: as long as it takes"),
        ["journal.sync_interval_ms"] = Whole(1, 60_000, "milliseconds"),
        ["journal.slow_ms"] = Whole(1, 60_000, "milliseconds"),
        ["journal.segment_mb"] = Whole(1, 1_024, "MB"),
        ["journal.retain_mb"] = Whole(0, 1 << 30, "MB; 0: all"),
        ["journal.retain_hours"] = Whole(0, 876_000, "hours; 0: for ever"),
        ["venue.request_stream"] = Whole(int.MinValue, int.MaxValue, "a stream id"),
        ["venue.report_stream"] = Whole(int.MinValue, int.MaxValue, "a stream id"),
        ["venue.heartbeat_ms"] = Whole(1, 60_000, "milliseconds"),
        ["venue.heartbeat_timeout_ms"] = Whole(2, 600_000, "milliseconds"),
        ["venue.reconnect_first_ms"] = Whole(1, 60_000, "milliseconds"),
        ["venue.reconnect_max_ms"] = Whole(1, 600_000, "milliseconds"),
        ["account.starting_cash"] = Positive(MaxMoney, "in the account's currency"),
        ["account.rates.*"] = new(1e-6, 1_000, "in the account's currency"),
        ["limits.max_position"] = Whole(1, 1_000_000, "contracts"),
        ["limits.max_notional"] = Positive(MaxMoney, "in the account's currency"),
        ["limits.max_daily_var"] = Positive(MaxMoney, "in the account's currency"),
        ["limits.max_weekly_var"] = Positive(MaxMoney, "in the account's currency"),
        ["limits.volatility_decay"] = new(0, 0.999_999, "a weight", IsAbove: true),
        ["limits.var_confidence"] = new(0.5, 0.999_999, "a confidence", IsAbove: true),
        ["limits.max_shortfall"] = Share("of equity"),
        ["limits.shortfall_confidence"] = new(0.5, 0.999_999, "a confidence", IsAbove: true),
        ["limits.max_daily_drawdown"] = Share(OfDay),
        ["limits.max_weekly_drawdown"] = Share("of the week's starting equity"),
        ["limits.max_position_share"] = Share("of equity"),
        ["limits.max_sector_share"] = Share("of equity"),
        ["limits.max_margin_share"] = Share("of equity"),
        ["limits.max_correlation"] = new(0, 1, "a correlation"),
        ["limits.max_open_positions"] = Whole(1, 64, "instruments"),
        ["limits.max_daily_trades"] = Whole(1, int.MaxValue, "orders a day"),
        ["limits.max_orders_per_second"] = Whole(1, RiskLimits.MostOrders, "orders within a second"),
        ["limits.max_order_size"] = Whole(1, 1_000_000, "contracts"),
        ["limits.min_order_size"] = Whole(1, 1_000_000, "contracts"),
        ["limits.max_order_value"] = Positive(MaxMoney, "in the account's currency"),
        ["limits.price_collar"] = Share("of the signal's price"),
        ["limits.max_signal_age_ms"] = Whole(0, int.MaxValue, "milliseconds; 0: not checked"),
        ["limits.max_market_age_ms"] = Whole(0, int.MaxValue, "milliseconds; 0: not checked"),
        ["limits.signal_ids_remembered"] = Whole(1, 1 << 24, "signals"),
        ["limits.kill_switch.daily_loss_cap"] = Share(OfDay),
        ["limits.kill_switch.max_refusals"] = Whole(0, 65_536, "orders; 0: none"),
        ["limits.kill_switch.refusal_window_ms"] = Whole(1, 86_400_000, "milliseconds"),
        ["limits.breakers.market_volatility.threshold"] = Share("of the price within a minute"),
        ["limits.breakers.execution_failure.threshold"] = Share("of the latest orders"),
        ["limits.breakers.venue_unavailability.threshold"] = Share("of the latest orders"),
        ["limits.breakers.system_load.threshold"] = Share("of the latest signals"),
        ["limits.breakers.unanswered_order.threshold"] = Positive(604_800, "seconds"),
        ["limits.breakers.*.recovery_s"] = Whole(1, 86_400, "seconds"),
        ["limits.breakers.window_length"] = Whole(1, 65_536, "orders or signals"),
        ["limits.breakers.minimum_samples"] = Whole(1, 65_536, "orders or signals"),
        ["limits.breakers.late_signal_ms"] = Whole(1, 86_400_000, "milliseconds"),
        ["limits.breakers.probes"] = Whole(1, 65_536, "orders"),
        ["limits.breakers.throttled_orders_per_second"] = Whole(1, RiskLimits.MostOrders, "orders within a second"),
        ["limits.regimes.volatile_ratio"] = Positive(1_000, "times the usual volatility"),
        ["limits.regimes.crisis_ratio"] = Positive(1_000, "times the usual volatility"),
        ["limits.regimes.exit_share"] = Share("of what the regime was entered at"),
        ["limits.regimes.minutes_per_day"] = Whole(1, 1_440, "minutes"),
        ["limits.regimes.trend_minutes"] = Whole(2, 1_440, "minutes"),
        ["limits.regimes.trend_efficiency"] = Share("of the sum of changes"),
        ["limits.regimes.recovery_minutes"] = Whole(0, 1_440, "minutes"),
        ["limits.regimes.normal_multiplier"] = Share("of max_shortfall"),
        ["limits.regimes.volatile_multiplier"] = Share("of max_shortfall"),
        ["limits.regimes.crisis_multiplier"] = Share("of max_shortfall"),
        ["instruments[].id"] = Whole(1, uint.MaxValue, "an id"),
        ["instruments[].tick_size"] = new(1e-6, 1_000, "points, a multiple of 0.000001"),
        ["instruments[].multiplier"] = Whole(1, 1_000_000, "currency a point"),
        ["instruments[].margin_per_contract"] = new(0, 1e9, "in the instrument's currency"),
        ["instruments[].commission_per_contract"] = new(0, 1e6, "in the instrument's currency"),
        ["instruments[].exchange_fee_per_contract"] = new(0, 1e6, "in the instrument's currency"),
        ["instruments[].regulator_fee_per_contract"] = new(0, 1e6, "in the instrument's currency"),
        ["instruments[].average_daily_volume"] = Whole(1, 2_000_000_000, "contracts a day"),
        ["instruments[].volume_profile[]"] = new(0, 1e12, "contracts, or any other unit"),
        ["instruments[].daily_volatility"] = new(0, 10, "a fraction of the price", IsAbove: true),
        ["instruments[].max_price"] = Positive(1e9, "points"),
        ["instruments[].reference_price"] = new(0, 1e9, "points; 0: none is known"),
        ["instruments[].max_position"] = Whole(1, 1_000_000, "contracts"),
        ["correlations[].first"] = Whole(1, uint.MaxValue, "an instrument's id"),
        ["correlations[].second"] = Whole(1, uint.MaxValue, "an instrument's id"),
        ["correlations[].correlation"] = new(-1, 1, "a correlation"),
        ["return_history[].instrument"] = Whole(1, uint.MaxValue, "an instrument's id"),
        ["return_history[].daily_returns[]"] = new(-1, 10, "a return as a fraction"),
        ["context.depth_average_updates"] = Whole(1, 10_000_000, "updates"),
        ["context.default_atr_fraction"] = new(0, 0.999_999, "a fraction of the price", IsAbove: true),
        ["context.atr_period"] = Whole(1, 10_000, "bars of a minute"),
        ["context.execution_ids_remembered"] = Whole(1, 1 << 24, "executions"),
        ["inference.seed"] = Whole(0, long.MaxValue, "a seed"),
        ["inference.stop_deviation_atr"] = new(0, 2.5, "ATR"),
        ["inference.target_deviation_atr"] = new(0, 4, "ATR"),
        ["inference.urgency_multiplier"] = new(0.5, 2, "times the signal's urgency"),
        ["inference.contracts_per_unit"] = Whole(1, 100_000, "contracts"),
        ["inference.risk_tolerance"] = new(0.5, 2, "times the stop"),
        ["inference.deadline_us"] = Whole(0, int.MaxValue, "microseconds; 0: none"),
        ["inference.slow_backend_us"] = Whole(0, int.MaxValue, "microseconds; 0: never"),
        ["inference.retry_ms"] = Whole(1, 86_400_000, "milliseconds"),
        ["inference.canary.min_decisions"] = Whole(1, int.MaxValue, "decisions"),
        ["inference.canary.max_disagreement"] = new(0, 1, "a share of the decisions"),
        ["inference.canary.max_invalid"] = Whole(0, int.MaxValue, "answers"),
        ["inference.sizing_guard.max_fraction"] = Share("of equity"),
        ["inference.sizing_guard.max_contracts"] = Whole(1, 1_000_000, "contracts"),
        ["inference.sizing_guard.kelly.multiplier"] = Share("of the Kelly fraction"),
        ["inference.sizing_guard.kelly.risk_aversion"] = new(0, 1_000, "a weight"),
        ["inference.sizing_guard.kelly.payoff_ratio"] = Positive(100, "average win over average loss"),
        ["inference.sizing_guard.kelly.synergy_payoff_range"] = new(0, 100, "of the payoff ratio"),
        ["inference.sizing_guard.kelly.fees_bps"] = new(0, 1_000, "basis points"),
        ["inference.sizing_guard.kelly.stop_distance_min_bps"] = Positive(10_000, "basis points"),
        ["bracket.time_out_hours"] = new(0, 8_760, "hours; 0: never"),
        ["bracket.retry_ms"] = Whole(1, 60_000, "milliseconds"),
        ["bracket.max_attempts"] = Whole(1, 100, "orders"),
        ["execution.seed"] = Whole(0, long.MaxValue, "a seed"),
        ["execution.time_randomisation"] = new(0, 0.49, "a share of a slice's length"),
        ["execution.size_randomisation"] = new(0, 0.99, "a share of a slice"),
        ["execution.passive_share"] = new(0, 1, "a share of a slice's time"),
        ["execution.runaway_share"] = new(0, 1, "a share of the largest slippage; 1: never"),
        ["execution.*.max_slippage_bps"] = new(0, 10_000, "basis points; 0: no limit"),
        ["execution.*.duration_seconds"] = Whole(1, 86_400, "seconds"),
        ["execution.*.slice_count"] = Whole(1, 1_000, "slices"),
        ["execution.*.max_participation_rate"] = new(0, 1, "a share of the market's volume; 0: no limit"),
        ["execution.twap.target_participation_rate"] = new(0, 1, "a share of the market's volume; 0: no limit"),
        ["execution.vwap.aggression_factor"] = new(1, 100, "times the volume's share"),
        ["execution.vwap.volume_match_tolerance"] = new(0, 0.99, "a share of a slice"),
        ["execution.vwap.history_weight"] = new(0, 1, "a weight"),
        ["execution.iceberg.display_size_pct"] = Share("of the order"),
        ["execution.iceberg.replenish_threshold_pct"] = new(0, 1, "a share of the order"),
        ["execution.implementation_shortfall.least_risk_aversion"] = Positive(1, "for a unit of currency"),
        ["execution.implementation_shortfall.most_risk_aversion"] = Positive(1, "for a unit of currency"),
        ["execution.implementation_shortfall.minutes_per_day"] = Whole(1, 1_440, "minutes"),
        ["execution.adaptive.crisis_slice_count"] = Whole(1, 1_000, "slices"),
        ["routing.answer_timeout_ms"] = Whole(0, 3_600_000, "milliseconds; 0: not asked"),
        ["routing.answer_timeout_max_ms"] = Whole(0, 3_600_000, "milliseconds"),
        ["routing.audit_seconds"] = Whole(0, 86_400, "seconds; 0: never"),
        ["routing.venues[].fee"] = new(-1_000, 1_000, "in the account's currency a contract"),
        ["routing.venues[].latency_us"] = Whole(0, 10_000_000, "microseconds"),
        ["exchange.protection_ticks"] = Whole(0, 1_000, "ticks"),
        ["exchange.max_resting_orders"] = Whole(1, 1_048_576, "orders"),
        ["exchange.opening_call_minutes"] = Whole(0, 720, "minutes"),
        ["exchange.slippage.fixed_amount"] = new(0, 1_000, "points"),
        ["exchange.slippage.linear_rate"] = new(0, 1_000, "ticks a contract"),
        ["exchange.slippage.impact_factor"] = new(0, 1, "a share of the price"),
        ["control.port"] = Whole(0, 65_535, "a TCP port; 0: any that is free"),
        ["control.metrics_port"] = Whole(0, 65_535, "a TCP port; 0: any that is free"),
        ["control.answer_timeout_ms"] = Whole(1, 600_000, "milliseconds"),
        // They lie in one array, which takes 2 GB at most.
        ["control.kept_events"] = Whole(16, 8_000_000, "messages"),
        ["control.requests_per_second"] = Whole(0, 1_000_000, "requests; 0: any number"),
        ["control.request_burst"] = Whole(1, 1_000_000, "requests"),
        ["control.max_connections"] = Whole(8, 1_000_000, "connections"),
        ["control.resume_within_s"] = Whole(1, 86_400, "seconds"),
        ["control.audit_mb"] = Whole(1, 65_536, "MB"),
        ["control.audit_files"] = Whole(1, 1_000, "files"),
        ["control.kept_records"] = Whole(1, 1 << 24, "records of a kind"),
        ["control.kept_trades"] = Whole(1, 1 << 24, "trades"),
        ["control.alerts.critical_cooldown_s"] = Whole(1, 86_400, "seconds"),
        ["control.alerts.cooldown_s"] = Whole(1, 86_400, "seconds"),
        ["control.alerts.retry_max_s"] = Whole(1, 3_600, "seconds"),
    };

    /// <summary>The range of a key such as instruments[0].id; null: no number belongs there.</summary>
    public static KeyRange? Of(string path)
    {
        var names = path.Split('.').Select(static name => name.EndsWith(']') ? name[..name.IndexOf('[')] + "[]" : name);
        string[] parts = [.. names];
        var key = string.Join('.', parts);
        if (All.TryGetValue(key, out var range))
            return range;

        for (var i = 0; i < parts.Length; i++)
        {
            string[] pattern = [.. parts[..i], "*", .. parts[(i + 1)..]];
            if (All.TryGetValue(string.Join('.', pattern), out range))
                return range;
        }

        return null;
    }

    /// <summary>Whether the value may be had; what is not a number may not.</summary>
    public bool Has(double value) => (IsAbove ? value > Least : value >= Least) && value <= Most;

    /// <summary>Such as "above 0 and at most 1 (of equity)".</summary>
    public override string ToString() => IsAbove
        ? string.Create(CultureInfo.InvariantCulture, $"above {Least} and at most {Most} ({Unit})")
        : string.Create(CultureInfo.InvariantCulture, $"{Least} to {Most} ({Unit})");

    private static KeyRange Whole(long least, long most, string unit) => new(least, most, unit);

    private static KeyRange Positive(double most, string unit) => new(0, most, unit, IsAbove: true);

    private static KeyRange Share(string of) => new(0, 1, $"a share {of}", IsAbove: true);
}
