namespace ExecutionPipeline.Execution.Venues.Faults;

/// <summary>What goes wrong between a pipeline and a venue. Shares are in basis points; all default to 0.</summary>
public sealed class FaultOptions
{
    /// <summary>Of all draws: the same seed and events give the same faults. Default 1.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>Requests that are refused without a reason.</summary>
    public int RejectBps { get; init; }

    /// <summary>Requests that never reach the venue.</summary>
    public int DropRequestBps { get; init; }

    /// <summary>Requests that take up to <see cref="DelayMaxNs"/>; others overtake them.</summary>
    public int DelayRequestBps { get; init; }

    /// <summary>Reports that never come.</summary>
    public int DropReportBps { get; init; }

    /// <summary>Reports that take up to <see cref="DelayMaxNs"/>; others overtake them.</summary>
    public int DelayReportBps { get; init; }

    /// <summary>Reports that come twice, the second time up to <see cref="DelayMaxNs"/> later.</summary>
    public int DuplicateReportBps { get; init; }

    /// <summary>Reports that change places with the one after them.</summary>
    public int ReorderReportBps { get; init; }

    /// <summary>The longest delay, in nanoseconds. Default 50 ms.</summary>
    public long DelayMaxNs { get; init; } = 50_000_000;

    /// <summary>
    /// How long a connection holds, in nanoseconds: from half of it to one and a half times. Default 0: for ever.
    /// </summary>
    public long ConnectedNs { get; init; }

    /// <summary>
    /// Whether it is told that the connection is lost and that it has returned, and nothing that was lost comes anew.
    /// Default no: when the connection returns, what was lost is told of anew.
    /// </summary>
    public bool TellsConnection { get; init; }

    /// <summary>How many attempts to connect fail. Default half of them.</summary>
    public int FailedReconnectBps { get; init; } = 5_000;

    /// <summary>
    /// The wait before the first attempt to connect, in nanoseconds; it doubles with each that fails, and up to a
    /// quarter is added at random. Default 100 ms.
    /// </summary>
    public long ReconnectFirstNs { get; init; } = 100_000_000;

    /// <summary>The longest wait between two attempts, in nanoseconds, before what is added. Default 30 s.</summary>
    public long ReconnectMaxNs { get; init; } = 30_000_000_000;

    /// <summary>Messages that can be on their way at once; more are not delayed. Default 4,096.</summary>
    public int MessageCapacity { get; init; } = 4_096;

    /// <summary>Orders that can work at once; more are rejected. Default 16,384.</summary>
    public int OrderCapacity { get; init; } = 16_384;

    /// <exception cref="ArgumentException">An option is out of range; the message says what to set.</exception>
    public void Validate()
    {
        int[] shares =
        [
            RejectBps, DropRequestBps, DelayRequestBps, DropReportBps, DelayReportBps, DuplicateReportBps,
            ReorderReportBps, FailedReconnectBps,
        ];
        if (shares.Any(static share => share is < 0 or > 10_000))
            throw new ArgumentException("faults: set each share to 0 to 10,000 basis points.");
        if (ConnectedNs > 0 && FailedReconnectBps == 10_000)
            throw new ArgumentException("faults: set FailedReconnectBps below 10,000, or no connection ever returns.");
        if (DelayMaxNs < 0 || ConnectedNs < 0 || ReconnectFirstNs < 1 || ReconnectMaxNs < ReconnectFirstNs)
            throw new ArgumentException("faults: set times of 0 ns or more, and a longest wait beyond the first.");
        if (MessageCapacity is < 1 or > 1 << 24 || OrderCapacity is < 1 or > 1 << 24)
            throw new ArgumentException("faults: set both capacities to 1 to 16,777,216.");
    }
}

/// <summary>What has gone wrong so far.</summary>
public struct FaultCounts
{
    public long RequestsRejected;
    public long RequestsDropped;
    public long RequestsDelayed;
    public long ReportsDropped;
    public long ReportsDelayed;
    public long ReportsDuplicated;
    public long ReportsReordered;
    public long Disconnects;
    public long FailedReconnects;

    /// <summary>Orders that were told of anew when the connection had returned.</summary>
    public long Reconciled;
}
