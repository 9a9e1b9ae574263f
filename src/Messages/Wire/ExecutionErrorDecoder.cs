namespace ExecutionPipeline.Messages.Wire;

/// <summary>
/// EXECUTION_ERROR read in place. A message, an order or a decision was refused. Times are nanoseconds since the
/// Unix epoch, UTC. A field beyond the block's end reads as null.
/// </summary>
public readonly ref struct ExecutionErrorDecoder
{
    private readonly ReadOnlySpan<byte> _block;

    /// <summary>Takes the block of a message whose header has been checked.</summary>
    public ExecutionErrorDecoder(ReadOnlySpan<byte> block) => _block = block;

    /// <summary>The time of the event, or of the refused message's arrival.</summary>
    public long TimeNs => BlockReader.Int64(_block, ExecutionErrorLayout.TimeNsOffset);

    /// <summary>Signal, command or order id; null when it could not be read.</summary>
    public ulong CorrelationId => BlockReader.UInt64(_block, ExecutionErrorLayout.CorrelationIdOffset);

    /// <summary>The offending value; NaN when it is not a finite number or there is none.</summary>
    public double Value => BlockReader.Double(_block, ExecutionErrorLayout.ValueOffset);

    /// <summary>The configured id of the instrument; null when it could not be read.</summary>
    public uint InstrumentId => BlockReader.UInt32(_block, ExecutionErrorLayout.InstrumentIdOffset);

    /// <summary>The reason within the code: see ExecutionErrorCode.</summary>
    public uint Reason => BlockReader.UInt32(_block, ExecutionErrorLayout.ReasonOffset);

    /// <summary>The id of the offending field in the refused message's template; 0 when there is none.</summary>
    public ushort FieldId => BlockReader.UInt16(_block, ExecutionErrorLayout.FieldIdOffset);

    /// <summary>The refused message's template; 0 when it could not be read or there is none.</summary>
    public ushort TemplateId => BlockReader.UInt16(_block, ExecutionErrorLayout.TemplateIdOffset);

    /// <summary>Who refused it.</summary>
    public ExecutionErrorCode Code => (ExecutionErrorCode)BlockReader.UInt8(_block, ExecutionErrorLayout.CodeOffset);

    /// <summary>Finds the block of a whole message. False when it is another message or cut short.</summary>
    public static bool TryWrap(ReadOnlySpan<byte> message, out ExecutionErrorDecoder decoder)
    {
        var isFound = MessageHeader.TryGetBlock(message, ExecutionErrorLayout.TemplateId, out var block);
        decoder = new ExecutionErrorDecoder(block);
        return isFound;
    }
}
