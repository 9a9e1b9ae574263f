namespace ExecutionPipeline.Messages.Wire;

/// <summary>
/// EXECUTION_ERROR written in place. Units are those of <see cref="ExecutionErrorDecoder"/>. A field that is not
/// set is 0, or null where it is optional, whatever the buffer held before.
/// </summary>
public readonly ref struct ExecutionErrorEncoder
{
    /// <summary>Bytes of the whole message, header included.</summary>
    public const int EncodedLength = MessageHeader.SizeBytes + ExecutionErrorLayout.BlockLength;

    private readonly Span<byte> _block;

    /// <summary>Writes the header and an empty block to the buffer's start.</summary>
    /// <exception cref="ArgumentException">The buffer is shorter than the message.</exception>
    public ExecutionErrorEncoder(Span<byte> buffer)
    {
        _block = MessageHeader.Begin(buffer, ExecutionErrorLayout.TemplateId, ExecutionErrorLayout.BlockLength);
        BlockWriter.Write(_block, ExecutionErrorLayout.CorrelationIdOffset, WireNull.UInt64);
        BlockWriter.Write(_block, ExecutionErrorLayout.ValueOffset, WireNull.Double);
        BlockWriter.Write(_block, ExecutionErrorLayout.InstrumentIdOffset, WireNull.UInt32);
    }

    public long TimeNs { set => BlockWriter.Write(_block, ExecutionErrorLayout.TimeNsOffset, value); }

    public ulong CorrelationId { set => BlockWriter.Write(_block, ExecutionErrorLayout.CorrelationIdOffset, value); }

    public double Value { set => BlockWriter.Write(_block, ExecutionErrorLayout.ValueOffset, value); }

    public uint InstrumentId { set => BlockWriter.Write(_block, ExecutionErrorLayout.InstrumentIdOffset, value); }

    public uint Reason { set => BlockWriter.Write(_block, ExecutionErrorLayout.ReasonOffset, value); }

    public ushort FieldId { set => BlockWriter.Write(_block, ExecutionErrorLayout.FieldIdOffset, value); }

    public ushort TemplateId { set => BlockWriter.Write(_block, ExecutionErrorLayout.TemplateIdOffset, value); }

    public ExecutionErrorCode Code { set => BlockWriter.Write(_block, ExecutionErrorLayout.CodeOffset, (byte)value); }
}
