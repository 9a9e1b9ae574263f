using ExecutionPipeline.Messages.Events;

namespace ExecutionPipeline.Messages.Wire;

/// <summary>
/// COMMAND written in place. Units are those of <see cref="CommandDecoder"/>. A field that is not set is 0, or null
/// where it is optional, whatever the buffer held before.
/// </summary>
public readonly ref struct CommandEncoder
{
    /// <summary>Bytes of the whole message, header included.</summary>
    public const int EncodedLength = MessageHeader.SizeBytes + CommandLayout.BlockLength;

    private readonly Span<byte> _block;

    /// <summary>Writes the header and an empty block to the buffer's start.</summary>
    /// <exception cref="ArgumentException">The buffer is shorter than the message.</exception>
    public CommandEncoder(Span<byte> buffer)
    {
        _block = MessageHeader.Begin(buffer, CommandLayout.TemplateId, CommandLayout.BlockLength);
        BlockWriter.Write(_block, CommandLayout.InstrumentIdOffset, WireNull.UInt32);
    }

    public ulong CommandId { set => BlockWriter.Write(_block, CommandLayout.CommandIdOffset, value); }

    public uint InstrumentId { set => BlockWriter.Write(_block, CommandLayout.InstrumentIdOffset, value); }

    public int Reason { set => BlockWriter.Write(_block, CommandLayout.ReasonOffset, value); }

    public long SendTimeNs { set => BlockWriter.Write(_block, CommandLayout.SendTimeNsOffset, value); }

    public ushort CanaryShareBps { set => BlockWriter.Write(_block, CommandLayout.CanaryShareBpsOffset, value); }

    public uint ModelPrefix { set => BlockWriter.Write(_block, CommandLayout.ModelPrefixOffset, value); }

    public CommandKind Kind { set => BlockWriter.Write(_block, CommandLayout.KindOffset, (byte)value); }
}
