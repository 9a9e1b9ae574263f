namespace ExecutionPipeline.Pipeline.Outbound;

/// <summary>The outbound messages.</summary>
public enum OutboundKind
{
    Decision,
    OrderStatusChange,
    PositionUpdate,
    TradeClosed,
    ExecutionError,
    RiskViolation,
    RiskState,
    CommandResult,
    ParentOrderEnded,
    ParentOrderState,

    /// <summary>A DECISION that repeats an earlier one.</summary>
    RepeatedDecision,

    /// <summary>Without a number.</summary>
    SignalLatency,
}

/// <summary>Names of the outbound messages.</summary>
public static class OutboundKinds
{
    private static readonly string[] Names =
    [
        "decision", "order_status_change", "position_update", "trade_closed", "execution_error", "risk_violation",
        "risk_state", "command_result", "parent_order_ended", "parent_order_state", "repeated_decision",
        "signal_latency",
    ];

    public static int Count => Names.Length;

    /// <summary>The kind's name in reports and metrics.</summary>
    public static string NameOf(OutboundKind kind) => Names[(int)kind];
}
