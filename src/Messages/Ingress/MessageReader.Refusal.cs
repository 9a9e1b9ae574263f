using System.Runtime.CompilerServices;
using ExecutionPipeline.Messages.Events;
using ExecutionPipeline.Messages.Wire;

namespace ExecutionPipeline.Messages.Ingress;

/// <content>What is done only for messages that are refused.</content>
public sealed partial class MessageReader
{
    /// <summary>Notes what keeps the block from being read; a message without a header has an empty one here.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void NoteHeader(int messageLength, in MessageHeader wire, ref Rejection rejection)
    {
        rejection.TemplateId = wire.TemplateId;
        rejection.InstrumentId = WireNull.UInt32;
        rejection.CorrelationId = WireNull.UInt64;
        var leastBlockLength = LeastBlockLength(wire.TemplateId);
        var (reason, field, value) = wire switch
        {
            _ when messageLength < MessageHeader.SizeBytes => (RejectReason.TooShort, RejectField.None, messageLength),
            { SchemaId: not Schema.Id } => (RejectReason.WrongSchema, RejectField.SchemaId, wire.SchemaId),
            { Version: 0 } => (RejectReason.UnsupportedVersion, RejectField.Version, wire.Version),
            _ when leastBlockLength == int.MaxValue =>
                (RejectReason.UnknownTemplate, RejectField.TemplateId, wire.TemplateId),
            _ when wire.BlockLength < leastBlockLength =>
                (RejectReason.ShortBlock, RejectField.BlockLength, wire.BlockLength),
            _ => (RejectReason.TruncatedMessage, RejectField.None, messageLength),
        };
        FieldCheck.Note(reason, field, value, ref rejection);
    }

    /// <summary>Notes what identifies the message to whoever sent it.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void NoteSender(ReadOnlySpan<byte> block, ushort templateId, ref Rejection rejection)
    {
        rejection.TemplateId = templateId;
        (rejection.InstrumentId, rejection.CorrelationId) = templateId switch
        {
            TradeQualifiedLayout.TemplateId => Identify(new TradeQualifiedDecoder(block)),
            MarketUpdateLayout.TemplateId => (new MarketUpdateDecoder(block).InstrumentId, WireNull.UInt64),
            _ => Identify(new CommandDecoder(block)),
        };
    }

    private static (uint InstrumentId, ulong CorrelationId) Identify(TradeQualifiedDecoder message) =>
        (message.InstrumentId, message.SignalId);

    private static (uint InstrumentId, ulong CorrelationId) Identify(CommandDecoder message) =>
        (message.InstrumentId, message.CommandId);
}
