namespace ExecutionPipeline.Messages.Events;

/// <summary>What a venue reports about an order (FIX tag 150, ExecType).</summary>
public enum ExecutionReportKind : byte
{
    None = 0,
    New = 1,
    Trade = 2,
    Cancelled = 3,
    Rejected = 4,
    Expired = 5,
    CancelRejected = 6,
}
