namespace ExecutionPipeline.Messages.Events;

/// <summary>An order's state, as an ORDER_STATUS_CHANGE reports it.</summary>
public enum OrderStatus : byte
{
    None = 0,

    /// <summary>Sent to the venue, not yet acknowledged.</summary>
    PendingNew = 1,
    New = 2,
    PartiallyFilled = 3,
    Filled = 4,
    PendingCancel = 5,
    Cancelled = 6,
    Rejected = 7,

    /// <summary>The unfilled rest of an immediate-or-cancel order, or a day order at the close.</summary>
    Expired = 8,
}
