namespace ExecutionPipeline.Cli.Config;

/// <summary>What becomes of a key of the requirement documents.</summary>
/// <param name="Source">The key; a star at its end stands for everything below.</param>
/// <param name="Target">The key that takes its value; null: none does.</param>
/// <param name="Note">Why none does, or what is otherwise than in the document.</param>
/// <param name="Words">The words of the document and ours.</param>
internal sealed record ImportRule(
    string Source, string? Target, string Note = "", IReadOnlyDictionary<string, string>? Words = null)
{
    /// <summary>Whether it is for a key.</summary>
    public bool IsFor(string key) => Source.EndsWith('*')
        ? key.StartsWith(Source[..^1], StringComparison.Ordinal) || key == Source[..^2]
        : key == Source;
}

/// <summary>What becomes of each key of the documents' three files, and what holds where they disagree.</summary>
internal static class ImportRules
{
    private const string Training = "the models are trained elsewhere: xp models fit has its own options";
    private const string Thresholds =
        "health, rules and page judge by one table, where the documents have several: over the target is degraded, "
        + "over the KPI's bound critical";
    private const string Deployment = "containers and machine are described in deploy/, not in the configuration";
    private const string Broker = "there is no link to that broker: orders go to the venue that venue.kind names";
    private const string Secret =
        "a secret is written in no configuration, and this one has no use here: there is no link to that broker";

    /// <summary>The first one that fits holds.</summary>
    public static IReadOnlyList<ImportRule> All { get; } =
    [
        .. OfExecutionMarl(), .. OfDeployment(), .. OfExecutionHandler(),
    ];

    private static IEnumerable<ImportRule> OfExecutionMarl()
    {
        const string root = "execution_marl.";
        const string strategies = root + "execution_strategies.";
        return
        [
            new(root + "enabled", null, "a pipeline is enabled by being started"),
            new(root + "performance_targets.agent_inference_latency_us", "inference.slow_backend_us",
                "the mean time of a decision above which the models count as slow"),
            new(root + "performance_targets.*", null, Thresholds),
            new(root + "agents.position_sizing.risk_aversion", "inference.sizing_guard.kelly.risk_aversion"),
            new(root + "agents.position_sizing.kelly_multiplier", "inference.sizing_guard.kelly.multiplier"),
            new(root + "agents.risk_management.action_bounds.*", null,
                "the bounds are fixed: a stop of 0.5 to 3 ATR, a target of 1 to 5"),
            new(root + "agents.position_sizing.action_space_size", null,
                "the sizes are fixed: 0, 1, 2, 3 and 5 contracts, where the document reads the last as 4, too"),
            new(root + "agents.*", null, Training),
            new(root + "critic.*", null, Training),
            new(root + "training.*", null, Training),
            new(root + "rewards.*", null, Training + "; the weights repeat the maxima of the reward's formula"),
            new(root + "risk_limits.max_position_contracts", "limits.max_position"),
            new(root + "risk_limits.max_notional_usd", "limits.max_notional", "in the account's currency"),
            new(root + "risk_limits.daily_var_usd", "limits.max_daily_var", "in the account's currency"),
            new(root + "risk_limits.weekly_var_usd", "limits.max_weekly_var", "in the account's currency"),
            new(root + "risk_limits.max_daily_drawdown_pct", "limits.max_daily_drawdown", "a fraction"),
            new(root + "risk_limits.max_daily_drawdown", "limits.max_daily_drawdown"),
            new(root + "risk_limits.max_weekly_drawdown", "limits.max_weekly_drawdown"),
            new(root + "risk_limits.position_concentration_limit", "limits.max_position_share", "a share of equity"),
            new(strategies + "IMMEDIATE.max_slippage_bps", "execution.immediate.max_slippage_bps"),
            new(strategies + "TWAP_5MIN.duration_seconds", "execution.twap.duration_seconds"),
            new(strategies + "TWAP_5MIN.slice_count", "execution.twap.slice_count"),
            new(strategies + "TWAP_5MIN.target_participation_rate", "execution.twap.target_participation_rate"),
            new(strategies + "VWAP_AGGRESSIVE.aggression_factor", "execution.vwap.aggression_factor"),
            new(strategies + "VWAP_AGGRESSIVE.volume_match_tolerance", "execution.vwap.volume_match_tolerance"),
            new(strategies + "ICEBERG.display_size_pct", "execution.iceberg.display_size_pct", "a fraction"),
            new(strategies + "ICEBERG.replenish_threshold_pct", "execution.iceberg.replenish_threshold_pct",
                "a fraction of the order"),
            new(strategies + "IMMEDIATE.target_latency_us", null, "latency is measured, not configured"),
            new(root + "monitoring.health_check_interval_seconds", null,
                "health is evaluated each second, so that a fault is seen within the five that are asked for"),
            new(root + "monitoring.performance_window_minutes", null,
                "the window is chosen by each request: GET /metrics?timeframe="),
            new(root + "monitoring.*", null, Thresholds),
        ];
    }

    private static IEnumerable<ImportRule> OfDeployment()
    {
        const string root = "deployment.";
        return
        [
            new(root + "environment", null, Deployment),
            new(root + "infrastructure.cpu_cores_dedicated", null,
                "processors are named one by one: ring.processors, and [] pins no thread"),
            new(root + "infrastructure.*", null, Deployment),
            new(root + "containers.execution_engine.privileged", null,
                "single capabilities take the place of a privileged container"),
            new(root + "containers.*", null, Deployment),
            new(root + "monitoring.prometheus_port", "control.metrics_port"),
            new(root + "monitoring.*", null, "rules, dashboard and channels of alerts are described in deploy/"),
            new(root + "backup.*", null, Training),
            new(root + "security.audit_logging", null, "every event is audited where there is a journal: host.journal"),
            new(root + "security.access_control", null, "every key of the control plane has a role, always"),
            new(root + "security.broker_api_encryption", null, Broker),
            new(root + "security.*", null, Deployment),
        ];
    }

    private static IEnumerable<ImportRule> OfExecutionHandler()
    {
        const string root = "execution_handler.";
        const string slippage = root + "backtest_settings.slippage.";
        const string commission = root + "backtest_settings.commission.";
        return
        [
            new(root + "mode", null, "a mode is a command: xp run trades live, xp backtest plays data"),
            new(root + "live_settings.credentials.*", null, Secret),
            new(root + "live_settings.symbol", "instruments[0].symbol"),
            new(root + "live_settings.order_timeout", null,
                "how long an order works is its strategy's: execution.twap.duration_seconds and the like"),
            new(root + "live_settings.*", null, Broker),
            new(slippage + "type", "exchange.slippage.model", "impact is the square root's law",
                new Dictionary<string, string> { ["impact"] = "square_root" }),
            new(slippage + "fixed_amount", "exchange.slippage.fixed_amount",
                "in points: the document adds ticks as points"),
            new(slippage + "linear_rate", "exchange.slippage.linear_rate", "in ticks a contract"),
            new(slippage + "impact_factor", "exchange.slippage.impact_factor"),
            new(commission + "per_contract", "instruments[0].commission_per_contract"),
            new(commission + "exchange_fees", "instruments[0].exchange_fee_per_contract"),
            new(commission + "nfa_fees", "instruments[0].regulator_fee_per_contract"),
            new(root + "performance.max_execution_latency_ms", null, Thresholds),
            new(root + "performance.max_open_positions", "limits.max_open_positions"),
            new(root + "performance.position_timeout_hours", "bracket.time_out_hours"),
            new(root + "risk_controls.max_position_size", "limits.max_position"),
            new(root + "risk_controls.max_daily_trades", "limits.max_daily_trades"),
            new(root + "risk_controls.emergency_stop_enabled", null, "the kill switch cannot be switched off"),
        ];
    }
}
