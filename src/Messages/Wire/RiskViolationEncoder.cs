using ExecutionPipeline.Messages.Events;

namespace ExecutionPipeline.Messages.Wire;

/// <summary>
/// RISK_VIOLATION written in place. Units are those of <see cref="RiskViolationDecoder"/>. A field that is not set is
/// 0, or null where it is optional, whatever the buffer held before.
/// </summary>
public readonly ref struct RiskViolationEncoder
{
    /// <summary>Bytes of the whole message, header included.</summary>
    public const int EncodedLength = MessageHeader.SizeBytes + RiskViolationLayout.BlockLength;

    private readonly Span<byte> _block;

    /// <summary>Writes the header and an empty block to the buffer's start.</summary>
    /// <exception cref="ArgumentException">The buffer is shorter than the message.</exception>
    public RiskViolationEncoder(Span<byte> buffer)
    {
        _block = MessageHeader.Begin(buffer, RiskViolationLayout.TemplateId, RiskViolationLayout.BlockLength);
        BlockWriter.Write(_block, RiskViolationLayout.LimitOffset, WireNull.Double);
        BlockWriter.Write(_block, RiskViolationLayout.ValueOffset, WireNull.Double);
    }

    public long TimeNs { set => BlockWriter.Write(_block, RiskViolationLayout.TimeNsOffset, value); }

    public ulong SignalId { set => BlockWriter.Write(_block, RiskViolationLayout.SignalIdOffset, value); }

    public double Limit { set => BlockWriter.Write(_block, RiskViolationLayout.LimitOffset, value); }

    public double Value { set => BlockWriter.Write(_block, RiskViolationLayout.ValueOffset, value); }

    public uint InstrumentId { set => BlockWriter.Write(_block, RiskViolationLayout.InstrumentIdOffset, value); }

    public RiskViolations Violation
    {
        set => BlockWriter.Write(_block, RiskViolationLayout.ViolationOffset, (uint)value);
    }

    public int Quantity { set => BlockWriter.Write(_block, RiskViolationLayout.QuantityOffset, value); }

    public int ApprovedQuantity { set => BlockWriter.Write(_block, RiskViolationLayout.ApprovedQuantityOffset, value); }
}
