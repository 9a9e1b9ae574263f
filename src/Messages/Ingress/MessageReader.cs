using System.Runtime.CompilerServices;
using ExecutionPipeline.Messages.Events;
using ExecutionPipeline.Messages.Wire;

namespace ExecutionPipeline.Messages.Ingress;

/// <summary>The messages that a stream carries.</summary>
[Flags]
public enum InboundMessages : byte
{
    /// <summary>None.</summary>
    None = 0,

    /// <summary>TRADE_QUALIFIED.</summary>
    Signals = 1 << TradeQualifiedLayout.TemplateId,

    /// <summary>MARKET_UPDATE.</summary>
    Market = 1 << MarketUpdateLayout.TemplateId,

    /// <summary>COMMAND.</summary>
    Commands = 1 << CommandLayout.TemplateId,

    /// <summary>Each of them.</summary>
    All = Signals | Market | Commands,
}

/// <summary>
/// The edge: reads a message in place, has each of its fields checked once, and fills a ring event's header and
/// payload, or says what was wrong. Neither path allocates or throws. What passes is finite and in range, so that no
/// stage needs to check again. A crossed market passes: whether to trade in one is for risk to say.
/// </summary>
public sealed class MessageReader
{
    /// <summary>The instrument index of a command that concerns all instruments.</summary>
    public const int AllInstruments = -2;

    private readonly InstrumentIds _instruments;
    private readonly EventCheck _check;

    public MessageReader(InstrumentIds instruments)
    {
        ArgumentNullException.ThrowIfNull(instruments);
        _instruments = instruments;
        _check = new EventCheck(instruments.Count);
    }

    /// <summary>
    /// Reads a whole message. True: header and payload are filled, every byte of them. False: they are undefined and
    /// the rejection says why, naming the first field that failed.
    /// </summary>
    /// <param name="message">Message header and block; what follows the block is a newer version's and is left.</param>
    /// <param name="carried">
    /// What the stream that it came on carries. Whoever may send signals may not therefore send commands.
    /// </param>
    /// <param name="timeNs">When ingress took the message in, nanoseconds since the Unix epoch, UTC.</param>
    /// <param name="header">The ring event's header.</param>
    /// <param name="payload">The ring event's payload.</param>
    /// <param name="rejection">Why the message was refused; all zero when it was not.</param>
    public bool TryRead(
        ReadOnlySpan<byte> message,
        InboundMessages carried,
        long timeNs,
        ref EventHeader header,
        ref EventPayload payload,
        out Rejection rejection)
    {
        rejection = default;
        if (!MessageHeader.TryRead(message, out var wire) || !HasWholeBlock(message.Length, in wire) ||
            ((int)carried >> wire.TemplateId & 1) == 0)
        {
            NoteHeader(message, in wire, ref rejection);
            return false;
        }

        header = default;
        header.TimeNs = timeNs;
        payload = default;
        var block = message.Slice(MessageHeader.SizeBytes, wire.BlockLength);
        var isAdmitted = wire.TemplateId switch
        {
            MarketUpdateLayout.TemplateId =>
                ReadMarketUpdate(block, ref header, ref payload.MarketUpdate, ref rejection),
            TradeQualifiedLayout.TemplateId =>
                ReadSignal(block, ref header, ref payload.TradeQualified, ref rejection),
            _ => ReadCommand(block, ref header, ref payload.Command, ref rejection),
        };
        if (!isAdmitted)
            NoteSender(block, wire.TemplateId, ref rejection);

        return isAdmitted;
    }

    private bool ReadSignal(
        ReadOnlySpan<byte> block, ref EventHeader header, ref TradeQualified signal, ref Rejection rejection)
    {
        var message = new TradeQualifiedDecoder(block);
        header.Kind = EventKind.TradeQualified;
        header.InstrumentIndex = _instruments.IndexOf(message.InstrumentId);
        header.CorrelationId = signal.SignalId = message.SignalId;
        signal.Action = message.Action;
        signal.LatencyWanted = message.IsLatencyWanted ? (byte)1 : (byte)0;
        signal.Confidence = message.Confidence;
        signal.SynergyStrength = message.SynergyStrength;
        signal.Urgency = message.Urgency;
        signal.PriceE9 = PriceConversion.ToE9(message.Price);
        signal.BidAskSpread = message.BidAskSpread;
        signal.BookDepth = message.BookDepth;
        signal.VolumeIntensity = message.VolumeIntensity;
        signal.Volatility = message.Volatility;
        signal.Atr = message.Atr;
        signal.Position = message.Position;
        signal.AvailableMargin = message.AvailableMargin;
        signal.Equity = message.Equity;
        signal.UnrealizedPnl = message.UnrealizedPnl;
        signal.Drawdown = message.Drawdown;
        signal.SignalTimeNs = message.SignalTimeNs;
        signal.IntendedSendTimeNs = message.IntendedSendTimeNs;
        signal.SendTimeNs = message.SendTimeNs;
        return _check.IsSignal(in header, in signal, ref rejection);
    }

    private bool ReadMarketUpdate(
        ReadOnlySpan<byte> block, ref EventHeader header, ref MarketUpdate update, ref Rejection rejection)
    {
        var message = new MarketUpdateDecoder(block);
        header.Kind = EventKind.MarketUpdate;
        header.InstrumentIndex = _instruments.IndexOf(message.InstrumentId);
        update.BidPriceE9 = message.BidPriceE9;
        update.AskPriceE9 = message.AskPriceE9;
        update.BidQuantity = message.BidQuantity;
        update.AskQuantity = message.AskQuantity;
        update.BidOrders = message.BidOrders;
        update.AskOrders = message.AskOrders;
        update.TradePriceE9 = message.TradePriceE9;
        update.TradeQuantity = message.TradeQuantity;
        update.Aggressor = message.Aggressor;
        update.ExchangeTimeNs = message.ExchangeTimeNs;
        update.SendTimeNs = message.SendTimeNs;
        return _check.IsMarketUpdate(in header, in update, ref rejection);
    }

    private bool ReadCommand(
        ReadOnlySpan<byte> block, ref EventHeader header, ref Command command, ref Rejection rejection)
    {
        var message = new CommandDecoder(block);
        header.InstrumentIndex = message.InstrumentId == WireNull.UInt32
            ? AllInstruments
            : _instruments.IndexOf(message.InstrumentId);
        header.CorrelationId = command.CommandId = message.CommandId;
        command.Kind = message.Kind;
        command.Reason = message.Reason;
        command.SendTimeNs = message.SendTimeNs;
        // A block of a version before has no number.
        command.OperatorId = message.OperatorId == WireNull.UInt32 ? 0 : message.OperatorId;
        var isOnModels = command.Kind is >= CommandKind.DeployModel and <= CommandKind.RollbackModel;
        header.Kind = isOnModels ? EventKind.Model : EventKind.Command;
        if (isOnModels)
        {
            command.ModelVersion = (ulong)message.ModelPrefix << 32;
            command.CanaryShareBps = message.CanaryShareBps;
        }
        else if (command.IsOnOrder)
        {
            command.ParentId = message.ParentId;
            command.Quantity = command.Kind == CommandKind.AmendOrder ? message.Quantity : 0;
        }

        return _check.IsCommand(in header, in command, ref rejection) && IsOfSender(in command, ref rejection);
    }

    /// <summary>What the pipeline's own commands need not have: an id, and a reason that is not negative.</summary>
    private static bool IsOfSender(in Command command, ref Rejection rejection)
    {
        if (command.Kind is >= CommandKind.JournalDegraded and <= CommandKind.Reconciled)
        {
            FieldCheck.Note(RejectReason.UnknownCommand, RejectField.Kind, (double)command.Kind, ref rejection);
            return false;
        }

        var leastReason = command.Kind is CommandKind.Resume or CommandKind.ResumeEntries ? 1 : 0;
        if (command.Reason >= leastReason)
            return FieldCheck.IsId(command.CommandId, RejectField.CommandId, ref rejection);

        FieldCheck.Note(RejectReason.OutOfRange, RejectField.Reason, command.Reason, ref rejection);
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
        MarketUpdateLayout.TemplateId => MarketUpdateLayout.LeastBlockLength,
        TradeQualifiedLayout.TemplateId => TradeQualifiedLayout.LeastBlockLength,
        CommandLayout.TemplateId => CommandLayout.LeastBlockLength,
        _ => int.MaxValue,
    };

    /// <summary>Notes what keeps the block from being read; a message without a header has an empty one here.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void NoteHeader(ReadOnlySpan<byte> message, in MessageHeader wire, ref Rejection rejection)
    {
        rejection.TemplateId = wire.TemplateId;
        rejection.InstrumentId = WireNull.UInt32;
        rejection.CorrelationId = WireNull.UInt64;
        var leastBlockLength = LeastBlockLength(wire.TemplateId);
        var (reason, field, value) = wire switch
        {
            _ when message.Length < MessageHeader.SizeBytes =>
                (RejectReason.TooShort, RejectField.None, message.Length),
            { SchemaId: not Schema.Id } => (RejectReason.WrongSchema, RejectField.SchemaId, wire.SchemaId),
            { Version: 0 } => (RejectReason.UnsupportedVersion, RejectField.Version, wire.Version),
            _ when leastBlockLength == int.MaxValue =>
                (RejectReason.UnknownTemplate, RejectField.TemplateId, wire.TemplateId),
            _ when wire.BlockLength < leastBlockLength =>
                (RejectReason.ShortBlock, RejectField.BlockLength, wire.BlockLength),
            _ when MessageHeader.SizeBytes + wire.BlockLength > message.Length =>
                (RejectReason.TruncatedMessage, RejectField.None, message.Length),
            _ => (RejectReason.WrongStream, RejectField.TemplateId, (int)wire.TemplateId),
        };
        FieldCheck.Note(reason, field, value, ref rejection);
        if (reason == RejectReason.WrongStream)
            NoteSender(message.Slice(MessageHeader.SizeBytes, wire.BlockLength), wire.TemplateId, ref rejection);
    }

    /// <summary>Notes what identifies the message to whoever sent it, and a price as it came.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void NoteSender(ReadOnlySpan<byte> block, ushort templateId, ref Rejection rejection)
    {
        rejection.TemplateId = templateId;
        switch (templateId)
        {
            case TradeQualifiedLayout.TemplateId:
                var signal = new TradeQualifiedDecoder(block);
                (rejection.InstrumentId, rejection.CorrelationId) = (signal.InstrumentId, signal.SignalId);
                if (rejection.Field == RejectField.Price)
                    FieldCheck.NoteNumber(signal.Price, RejectField.Price, ref rejection);
                break;
            case MarketUpdateLayout.TemplateId:
                rejection.InstrumentId = new MarketUpdateDecoder(block).InstrumentId;
                rejection.CorrelationId = WireNull.UInt64;
                break;
            default:
                var command = new CommandDecoder(block);
                (rejection.InstrumentId, rejection.CorrelationId) = (command.InstrumentId, command.CommandId);
                break;
        }

        if (rejection.Reason == RejectReason.UnknownInstrument)
            rejection.Value = rejection.InstrumentId;
    }
}
