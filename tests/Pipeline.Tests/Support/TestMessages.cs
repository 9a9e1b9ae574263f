using ExecutionPipeline.Messages.Events;
using ExecutionPipeline.Messages.Wire;
using ExecutionPipeline.Native;

namespace ExecutionPipeline.Pipeline.Tests.Support;

/// <summary>Well-formed messages, of now where no other time is given.</summary>
internal static class TestMessages
{
    public static byte[] Signal(
        ulong id, TradeAction action = TradeAction.Long, double confidence = 0.9, long? madeNs = null)
    {
        var now = madeNs ?? NanoClock.NowNs();
        var bytes = new byte[TradeQualifiedEncoder.EncodedLength];
        _ = new TradeQualifiedEncoder(bytes)
        {
            SignalId = id,
            InstrumentId = 1,
            Action = action,
            Confidence = confidence,
            SynergyStrength = 0.8,
            Urgency = 0.9,
            Price = 4800.25,
            SignalTimeNs = now,
            IntendedSendTimeNs = now,
            SendTimeNs = now,
        };
        return bytes;
    }

    /// <summary>A quote one tick wide and deep enough for what the tests trade.</summary>
    public static byte[] Quote(long? madeNs = null)
    {
        var now = madeNs ?? NanoClock.NowNs();
        var bytes = new byte[MarketUpdateEncoder.EncodedLength];
        _ = new MarketUpdateEncoder(bytes)
        {
            InstrumentId = 1,
            BidPriceE9 = 4_800_000_000_000,
            AskPriceE9 = 4_800_250_000_000,
            BidQuantity = 500,
            AskQuantity = 500,
            BidOrders = 20,
            AskOrders = 20,
            ExchangeTimeNs = now,
            SendTimeNs = now,
        };
        return bytes;
    }

    /// <summary>A command for all instruments.</summary>
    public static byte[] Command(CommandKind kind, ulong id = 1)
    {
        var bytes = new byte[CommandEncoder.EncodedLength];
        _ = new CommandEncoder(bytes) { CommandId = id, Kind = kind, Reason = 1, SendTimeNs = NanoClock.NowNs() };
        return bytes;
    }
}
