using ExecutionPipeline.Messages.Events;
using ExecutionPipeline.Messages.Wire;

namespace ExecutionPipeline.Cli.Engine;

/// <summary>Encodes TRADE_QUALIFIED messages, well-formed and malformed. Allocates nothing.</summary>
public sealed class SignalMessages(uint instrumentId, SignalMix mix)
{
    private const ushort UnknownTemplate = 999;
    private const byte UnknownAction = 77;
    private const ushort ShortBlockLength = 40;
    private const double TooConfident = 1.5;
    private const double Account = 1_000_000;
    private const double PriceUnit = 1e9;

    /// <summary>Writes the signal with an id at the start of the buffer. Returns the message's length.</summary>
    public int Write(Span<byte> buffer, ulong id, in MarketUpdate market, long intendedNs, long nowNs)
    {
        var signal = mix.SignalOf(id);
        var mid = market.BidPriceE9 + (market.AskPriceE9 - market.BidPriceE9) / 2;
        var encoder = new TradeQualifiedEncoder(buffer)
        {
            SignalId = id,
            InstrumentId = instrumentId,
            Action = signal.Action,
            Confidence = signal.Confidence,
            SynergyStrength = signal.SynergyStrength,
            Urgency = signal.Urgency,
            Price = mid / PriceUnit,
            SignalTimeNs = intendedNs,
            IntendedSendTimeNs = intendedNs,
            SendTimeNs = nowNs,
        };
        if (signal.HasMarketContext)
            WriteMarketContext(encoder, signal, market);
        if (signal.HasPortfolio)
            WritePortfolio(encoder, signal);
        return TradeQualifiedEncoder.EncodedLength;
    }

    /// <summary>
    /// Turns the well-formed signal at the start of the buffer into a malformed one. Returns the message's length.
    /// </summary>
    public static int Spoil(Span<byte> buffer, MalformedKind kind)
    {
        switch (kind)
        {
            case MalformedKind.WrongTemplate:
                WriteHeader(buffer, TradeQualifiedLayout.BlockLength, UnknownTemplate);
                break;
            case MalformedKind.ShortBlock:
                WriteHeader(buffer, ShortBlockLength, TradeQualifiedLayout.TemplateId);
                return MessageHeader.SizeBytes + ShortBlockLength;
            case MalformedKind.NanPrice:
                BitConverter.TryWriteBytes(Field(buffer, TradeQualifiedLayout.PriceOffset), double.NaN);
                break;
            case MalformedKind.ConfidenceOutOfRange:
                BitConverter.TryWriteBytes(Field(buffer, TradeQualifiedLayout.ConfidenceOffset), TooConfident);
                break;
            case MalformedKind.UnknownAction:
                Field(buffer, TradeQualifiedLayout.ActionOffset)[0] = UnknownAction;
                break;
        }

        return TradeQualifiedEncoder.EncodedLength;
    }

    private static void WriteMarketContext(
        TradeQualifiedEncoder encoder, in Signal signal, in MarketUpdate market)
    {
        encoder.BidAskSpread = (market.AskPriceE9 - market.BidPriceE9) / PriceUnit;
        encoder.BookDepth = signal.BookDepth;
        encoder.VolumeIntensity = signal.VolumeIntensity;
        encoder.Volatility = signal.Volatility;
        encoder.Atr = signal.Atr;
    }

    private static void WritePortfolio(TradeQualifiedEncoder encoder, in Signal signal)
    {
        encoder.Position = 0;
        encoder.Equity = Account;
        encoder.AvailableMargin = signal.FreeMargin * Account;
        encoder.UnrealizedPnl = signal.UnrealizedPnl * Account;
        encoder.Drawdown = Math.Max(0, -signal.UnrealizedPnl);
    }

    private static void WriteHeader(Span<byte> buffer, ushort blockLength, ushort templateId) =>
        new MessageHeader(blockLength, templateId, Schema.Id, Schema.Version).Write(buffer);

    private static Span<byte> Field(Span<byte> buffer, int offset) => buffer[(MessageHeader.SizeBytes + offset)..];
}

/// <summary>
/// Where malformed messages go among the measured signals: evenly spread, kinds in turn. Which and where follows from
/// the two numbers alone.
/// </summary>
public sealed class MalformedPlan(long signals, int perKind)
{
    private const int Kinds = (int)MalformedKind.UnknownAction + 1;

    /// <summary>Malformed messages in all.</summary>
    public long Total => (long)perKind * Kinds;

    /// <summary>
    /// How many malformed messages have been sent once the signal at an index has been; indices from 0.
    /// </summary>
    public long DueAfter(long signalIndex) =>
        signalIndex + 1 >= signals ? Total : (long)((Int128)Total * (signalIndex + 1) / signals);

    /// <summary>The kind of a malformed message; ordinals count from 0.</summary>
    public static MalformedKind KindOf(long ordinal) => (MalformedKind)(ordinal % Kinds);
}

/// <summary>Ways in which a message can be wrong.</summary>
public enum MalformedKind
{
    /// <summary>A template that the schema does not have.</summary>
    WrongTemplate,

    /// <summary>A block that is shorter than its template's fields.</summary>
    ShortBlock,

    /// <summary>A price that is no number.</summary>
    NanPrice,

    /// <summary>A confidence of 1.5.</summary>
    ConfidenceOutOfRange,

    /// <summary>An action that the schema does not have.</summary>
    UnknownAction,
}
