using ExecutionPipeline.Messages.Events;

namespace ExecutionPipeline.Messages.Wire;

/// <summary>
/// RISK_VIOLATION read in place. A limit that an order would break. Times are nanoseconds since the Unix epoch, UTC. A
/// field beyond the block's end reads as null.
/// </summary>
public readonly ref struct RiskViolationDecoder
{
    private readonly ReadOnlySpan<byte> _block;

    /// <summary>Takes the block of a message whose header has been checked.</summary>
    public RiskViolationDecoder(ReadOnlySpan<byte> block) => _block = block;

    /// <summary>The time of the event.</summary>
    public long TimeNs => BlockReader.Int64(_block, RiskViolationLayout.TimeNsOffset);

    /// <summary>The signal that the order was for.</summary>
    public ulong SignalId => BlockReader.UInt64(_block, RiskViolationLayout.SignalIdOffset);

    /// <summary>
    /// What the value may be at most, or at least where a size is too small; null where there is no number.
    /// </summary>
    public double Limit => BlockReader.Double(_block, RiskViolationLayout.LimitOffset);

    /// <summary>What it would be with the order as it was asked for; null where there is no number.</summary>
    public double Value => BlockReader.Double(_block, RiskViolationLayout.ValueOffset);

    /// <summary>The configured id of the instrument.</summary>
    public uint InstrumentId => BlockReader.UInt32(_block, RiskViolationLayout.InstrumentIdOffset);

    /// <summary>Which limit: one bit.</summary>
    public RiskViolations Violation => (RiskViolations)BlockReader.UInt32(_block, RiskViolationLayout.ViolationOffset);

    /// <summary>Contracts asked for.</summary>
    public int Quantity => BlockReader.Int32(_block, RiskViolationLayout.QuantityOffset);

    /// <summary>Contracts that passed in their place; 0 when the order was refused.</summary>
    public int ApprovedQuantity => BlockReader.Int32(_block, RiskViolationLayout.ApprovedQuantityOffset);

    /// <summary>Finds the block of a whole message. False when it is another message or cut short.</summary>
    public static bool TryWrap(ReadOnlySpan<byte> message, out RiskViolationDecoder decoder)
    {
        var isFound = MessageHeader.TryGetBlock(message, RiskViolationLayout.TemplateId, out var block);
        decoder = new RiskViolationDecoder(block);
        return isFound;
    }
}
