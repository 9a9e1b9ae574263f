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
}
