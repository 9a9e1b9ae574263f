using ExecutionPipeline.Messages.Events;
using ExecutionPipeline.Messages.Wire;

namespace ExecutionPipeline.Messages.Tests;

/// <summary>Valid messages, each field with a value of its own.</summary>
internal static class SampleMessages
{
    public const uint InstrumentId = 4242;
    public const long TimeNs = 1_700_000_000_000_000_000;

    public static byte[] TradeQualified()
    {
        var buffer = new byte[TradeQualifiedEncoder.EncodedLength];
        _ = new TradeQualifiedEncoder(buffer)
        {
            SignalId = 77,
            InstrumentId = InstrumentId,
            Action = TradeAction.Short,
            IsLatencyWanted = true,
            Confidence = 0.75,
            SynergyStrength = 0.5,
            Urgency = 0.25,
            Price = 4812.25,
            BidAskSpread = 0.5,
            BookDepth = 1.25,
            VolumeIntensity = 1.5,
            Volatility = 0.001,
            Atr = 2.75,
            Position = -3,
            AvailableMargin = 1_000_000,
            Equity = 2_000_000,
            UnrealizedPnl = -1234.5,
            Drawdown = 0.01,
            SignalTimeNs = TimeNs + 1,
            IntendedSendTimeNs = TimeNs + 2,
            SendTimeNs = TimeNs + 3,
        };
        return buffer;
    }

    public static byte[] MarketUpdate()
    {
        var buffer = new byte[MarketUpdateEncoder.EncodedLength];
        _ = new MarketUpdateEncoder(buffer)
        {
            InstrumentId = InstrumentId,
            Aggressor = Side.Sell,
            BidPriceE9 = 4812_250_000_000,
            AskPriceE9 = 4812_500_000_000,
            BidQuantity = 11,
            AskQuantity = 12,
            BidOrders = 3,
            AskOrders = 4,
            TradePriceE9 = 4812_250_000_001,
            TradeQuantity = 5,
            ExchangeTimeNs = TimeNs + 4,
            SendTimeNs = TimeNs + 5,
        };
        return buffer;
    }

    /// <summary>A command of any kind, with every field set, whether the kind reads it or not.</summary>
    public static byte[] Command()
    {
        var buffer = new byte[CommandEncoder.EncodedLength];
        _ = new CommandEncoder(buffer)
        {
            CommandId = 88,
            InstrumentId = InstrumentId,
            Reason = 9,
            SendTimeNs = TimeNs + 6,
            Kind = CommandKind.CloseAll,
            CanaryShareBps = 500,
            ModelPrefix = 0xFEDC_BA98,
            ParentId = 31,
            Quantity = 6,
            OperatorId = 7,
        };
        return buffer;
    }
}
