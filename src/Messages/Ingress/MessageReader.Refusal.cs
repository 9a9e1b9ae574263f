using System.Runtime.CompilerServices;
using ExecutionPipeline.Messages.Wire;

namespace ExecutionPipeline.Messages.Ingress;

/// <content>What is done only for messages that are refused.</content>
public sealed partial class MessageReader
{
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static bool RefuseTooShort(int messageLength, ref Rejection rejection)
    {
        rejection.InstrumentId = WireNull.UInt32;
        rejection.CorrelationId = WireNull.UInt64;
        return FieldCheck.Refuse(RejectReason.TooShort, RejectField.None, messageLength, ref rejection);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static bool RefuseHeader(int messageLength, in MessageHeader wire, ref Rejection rejection)
    {
        rejection.TemplateId = wire.TemplateId;
        rejection.InstrumentId = WireNull.UInt32;
        rejection.CorrelationId = WireNull.UInt64;
        var leastBlockLength = LeastBlockLength(wire.TemplateId);
        var (reason, field, value) = wire switch
        {
            { SchemaId: not Schema.Id } => (RejectReason.WrongSchema, RejectField.SchemaId, wire.SchemaId),
            { Version: 0 } => (RejectReason.UnsupportedVersion, RejectField.Version, wire.Version),
            _ when leastBlockLength == int.MaxValue =>
                (RejectReason.UnknownTemplate, RejectField.TemplateId, wire.TemplateId),
            _ when wire.BlockLength < leastBlockLength =>
                (RejectReason.ShortBlock, RejectField.BlockLength, wire.BlockLength),
            _ => (RejectReason.TruncatedMessage, RejectField.None, messageLength),
        };
        return FieldCheck.Refuse(reason, field, value, ref rejection);
    }

    /// <summary>Adds what identifies the message to whoever sent it. False, always.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static bool CompleteRejection(ReadOnlySpan<byte> block, ushort templateId, ref Rejection rejection)
    {
        rejection.TemplateId = templateId;
        (rejection.InstrumentId, rejection.CorrelationId) = templateId switch
        {
            TradeQualifiedLayout.TemplateId => Identify(new TradeQualifiedDecoder(block)),
            MarketUpdateLayout.TemplateId => (new MarketUpdateDecoder(block).InstrumentId, WireNull.UInt64),
            _ => Identify(new CommandDecoder(block)),
        };
        return false;
    }

    private static (uint InstrumentId, ulong CorrelationId) Identify(TradeQualifiedDecoder message) =>
        (message.InstrumentId, message.SignalId);

    private static (uint InstrumentId, ulong CorrelationId) Identify(CommandDecoder message) =>
        (message.InstrumentId, message.CommandId);
}
