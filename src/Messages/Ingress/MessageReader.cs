using ExecutionPipeline.Messages.Events;
using ExecutionPipeline.Messages.Wire;

namespace ExecutionPipeline.Messages.Ingress;

/// <summary>
/// The edge: reads a message in place, checks each of its fields once, and fills a ring event's header and payload, or
/// says what was wrong. Neither path allocates or throws. What passes is finite and in range, so that no stage needs
/// to check again. A crossed market passes: whether to trade in one is for risk to say.
/// </summary>
public sealed partial class MessageReader
{
    /// <summary>The instrument index of a command that concerns all instruments.</summary>
    public const int AllInstruments = -1;

    private readonly InstrumentIds _instruments;

    public MessageReader(InstrumentIds instruments)
    {
        ArgumentNullException.ThrowIfNull(instruments);
        _instruments = instruments;
    }

    /// <summary>
    /// Reads a whole message. True: header and payload are filled, every byte of them. False: they are undefined and
    /// the rejection says why, naming the first field that failed.
    /// </summary>
    /// <param name="message">Message header and block; what follows the block is a newer version's and is left.</param>
    /// <param name="timeNs">When ingress took the message in, nanoseconds since the Unix epoch, UTC.</param>
    /// <param name="header">The ring event's header.</param>
    /// <param name="payload">The ring event's payload.</param>
    /// <param name="rejection">Why the message was refused; all zero when it was not.</param>
    public bool TryRead(
        ReadOnlySpan<byte> message,
        long timeNs,
        ref EventHeader header,
        ref EventPayload payload,
        out Rejection rejection)
    {
        rejection = default;
        if (!MessageHeader.TryRead(message, out var wire) || !HasWholeBlock(message.Length, in wire))
        {
            NoteHeader(message.Length, in wire, ref rejection);
            return false;
        }

        header = default;
        header.TimeNs = timeNs;
        payload = default;
        var block = message.Slice(MessageHeader.SizeBytes, wire.BlockLength);
        var isRead = wire.TemplateId switch
        {
            MarketUpdateLayout.TemplateId => TryReadMarketUpdate(block, ref header, ref payload, ref rejection),
            TradeQualifiedLayout.TemplateId => TryReadTradeQualified(block, ref header, ref payload, ref rejection),
            _ => TryReadCommand(block, ref header, ref payload, ref rejection),
        };
        if (!isRead)
            NoteSender(block, wire.TemplateId, ref rejection);

        return isRead;
    }

    private bool TryReadInstrument(uint id, ref EventHeader header, ref Rejection rejection)
    {
        header.InstrumentIndex = _instruments.IndexOf(id);
        if (header.InstrumentIndex >= 0)
            return true;

        FieldCheck.Note(RejectReason.UnknownInstrument, RejectField.InstrumentId, id, ref rejection);
        return false;
    }

    private static bool HasWholeBlock(int messageLength, in MessageHeader wire) =>
        wire.SchemaId == Schema.Id &&
        wire.Version != 0 &&
        wire.BlockLength >= LeastBlockLength(wire.TemplateId) &&
        MessageHeader.SizeBytes + wire.BlockLength <= messageLength;

    /// <summary>The first version's block length; one that no block has for a template that is not taken in.</summary>
    private static int LeastBlockLength(ushort templateId) => templateId switch
    {
        MarketUpdateLayout.TemplateId => MarketUpdateLayout.BlockLength,
        TradeQualifiedLayout.TemplateId => TradeQualifiedLayout.BlockLength,
        CommandLayout.TemplateId => CommandLayout.BlockLength,
        _ => int.MaxValue,
    };
}
