using System.Runtime.InteropServices;

namespace ExecutionPipeline.Messages.Events;

/// <summary>
/// What the routing stage did: the order it sent for a decision, or the state of the order that an execution report
/// spoke of.
/// </summary>
[StructLayout(LayoutKind.Explicit, Size = SizeBytes)]
public struct RoutingResult
{
    public const int SizeBytes = 96;

    [FieldOffset(0)] public ulong OrderId;

    /// <summary>The signal that the order came from; 0 for an operator's.</summary>
    [FieldOffset(8)] public ulong SignalId;

    [FieldOffset(16)] public RoutingOutcome Outcome;
    [FieldOffset(17)] public OrderStatus Status;
    [FieldOffset(18)] public OrderStatus PreviousStatus;
    [FieldOffset(19)] public Side Side;
    [FieldOffset(20)] public OrderType Type;
    [FieldOffset(21)] public TimeInForce TimeInForce;
    [FieldOffset(22)] public ExecutionStrategy Strategy;
    [FieldOffset(23)] public VenueRejectReason RejectReason;
    [FieldOffset(24)] public int Quantity;
    [FieldOffset(28)] public int CumulativeQuantity;
    [FieldOffset(32)] public int LeavesQuantity;

    /// <summary>Orders at the venue after this event, over all instruments.</summary>
    [FieldOffset(36)] public int WorkingOrders;

    /// <summary>Limit price in 1e-9; 0 for a market order.</summary>
    [FieldOffset(40)] public long LimitPriceE9;

    /// <summary>Average price of the executions so far in 1e-9; 0 before the first.</summary>
    [FieldOffset(48)] public long AveragePriceE9;

    /// <summary>Planned stop-loss level in 1e-9; 0 when there is none.</summary>
    [FieldOffset(56)] public long StopPriceE9;

    /// <summary>Planned take-profit level in 1e-9; 0 when there is none.</summary>
    [FieldOffset(64)] public long TargetPriceE9;

    /// <summary>The price the decision was made at, in 1e-9: what slippage is counted from.</summary>
    [FieldOffset(72)] public long ArrivalPriceE9;

    /// <summary>What the event's execution report amounts to; none where it is no report.</summary>
    [FieldOffset(80)] public ReportDisposition Disposition;

    /// <summary>Cancellations that a command's event sent.</summary>
    [FieldOffset(84)] public int CancelsSent;
}
