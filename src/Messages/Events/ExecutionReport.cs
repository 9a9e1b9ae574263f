using System.Runtime.InteropServices;

namespace ExecutionPipeline.Messages.Events;

/// <summary>What a venue says of an order.</summary>
[StructLayout(LayoutKind.Explicit)]
public struct ExecutionReport
{
    [FieldOffset(0)] public ulong OrderId;

    /// <summary>The venue's own id of the execution, unique for a venue and day.</summary>
    [FieldOffset(8)] public ulong ExecutionId;

    [FieldOffset(16)] public ExecutionReportKind Kind;
    [FieldOffset(17)] public Side Side;
    [FieldOffset(18)] public VenueRejectReason RejectReason;

    /// <summary>The venue that speaks: execution ids are its own.</summary>
    [FieldOffset(19)] public byte Venue;

    [FieldOffset(20)] public int InstrumentIndex;

    /// <summary>Contracts of this execution; 0 but for a trade.</summary>
    [FieldOffset(24)] public int LastQuantity;

    /// <summary>Contracts executed so far.</summary>
    [FieldOffset(28)] public int CumulativeQuantity;

    /// <summary>Contracts still open for execution: 0 when the order has ended.</summary>
    [FieldOffset(32)] public int LeavesQuantity;

    /// <summary>Contracts that an end without execution (cancel, reject, expiry) took off the market.</summary>
    [FieldOffset(36)] public int ReleasedQuantity;

    /// <summary>Price of this execution in 1e-9; 0 but for a trade.</summary>
    [FieldOffset(40)] public long LastPriceE9;

    /// <summary>Fees of this execution in 1e-6 of the account's currency.</summary>
    [FieldOffset(48)] public long FeeE6;

    /// <summary>The venue's time; 0 where it tells none.</summary>
    [FieldOffset(56)] public long VenueTimeNs;

    /// <summary>Contracts ordered; 0 where it is not told, and follows from the other quantities.</summary>
    [FieldOffset(64)] public int OrderQuantity;
}
