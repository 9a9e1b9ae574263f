using ExecutionPipeline.Messages.Events;

namespace ExecutionPipeline.Messages.Wire;

/// <summary>
/// COMMAND read in place. An operator's command. Times are nanoseconds since the Unix epoch, UTC. A field beyond
/// the block's end reads as null.
/// </summary>
public readonly ref struct CommandDecoder
{
    private readonly ReadOnlySpan<byte> _block;

    /// <summary>Takes the block of a message whose header has been checked.</summary>
    public CommandDecoder(ReadOnlySpan<byte> block) => _block = block;

    /// <summary>The sender's id of the command; not 0.</summary>
    public ulong CommandId => BlockReader.UInt64(_block, CommandLayout.CommandIdOffset);

    /// <summary>The configured id of the instrument; null for all of them.</summary>
    public uint InstrumentId => BlockReader.UInt32(_block, CommandLayout.InstrumentIdOffset);

    /// <summary>The operator's reason code, for the audit trail.</summary>
    public int Reason => BlockReader.Int32(_block, CommandLayout.ReasonOffset);

    /// <summary>When the command was sent.</summary>
    public long SendTimeNs => BlockReader.Int64(_block, CommandLayout.SendTimeNsOffset);

    /// <summary>What to do.</summary>
    public CommandKind Kind => (CommandKind)BlockReader.UInt8(_block, CommandLayout.KindOffset);

    /// <summary>Share of the signals for a canary, in basis points; 0 from a sender before version 3.</summary>
    public ushort CanaryShareBps => BlockReader.UInt16(_block, CommandLayout.CanaryShareBpsOffset);

    /// <summary>
    /// The first 4 bytes of the models' version, big-endian; 0 where none is named or the sender is before version 3.
    /// </summary>
    public uint ModelPrefix => BlockReader.UInt32(_block, CommandLayout.ModelPrefixOffset);

    /// <summary>Finds the block of a whole message. False when it is another message or cut short.</summary>
    public static bool TryWrap(ReadOnlySpan<byte> message, out CommandDecoder decoder)
    {
        var isFound = MessageHeader.TryGetBlock(message, CommandLayout.TemplateId, out var block);
        decoder = new CommandDecoder(block);
        return isFound;
    }
}
