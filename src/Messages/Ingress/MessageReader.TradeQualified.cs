using ExecutionPipeline.Messages.Events;
using ExecutionPipeline.Messages.Wire;

namespace ExecutionPipeline.Messages.Ingress;

/// <content>TRADE_QUALIFIED.</content>
public sealed partial class MessageReader
{
    private bool TryReadTradeQualified(
        ReadOnlySpan<byte> block, ref EventHeader header, ref EventPayload payload, ref Rejection rejection)
    {
        var message = new TradeQualifiedDecoder(block);
        ref var signal = ref payload.TradeQualified;
        header.Kind = EventKind.TradeQualified;
        header.CorrelationId = signal.SignalId = message.SignalId;
        return FieldCheck.IsId(signal.SignalId, RejectField.SignalId, ref rejection) &&
            TryReadInstrument(message.InstrumentId, ref header, ref rejection) &&
            TryReadSignal(message, ref signal, ref rejection) &&
            TryReadMarketContext(message, ref signal, ref rejection) &&
            TryReadPortfolioState(message, ref signal, ref rejection) &&
            TryReadTimes(message, ref signal, ref rejection);
    }

    private static bool TryReadSignal(TradeQualifiedDecoder message, ref TradeQualified signal, ref Rejection rejection)
    {
        signal.Action = message.Action;
        if (signal.Action > TradeAction.Short)
        {
            FieldCheck.Note(RejectReason.UnknownAction, RejectField.Action, (double)signal.Action, ref rejection);
            return false;
        }

        signal.Confidence = message.Confidence;
        signal.SynergyStrength = message.SynergyStrength;
        signal.Urgency = message.Urgency;
        return FieldCheck.IsWithin(signal.Confidence, 0, 1, RejectField.Confidence, ref rejection) &&
            FieldCheck.IsWithin(signal.SynergyStrength, 0, 1, RejectField.SynergyStrength, ref rejection) &&
            FieldCheck.IsWithin(signal.Urgency, 0, 1, RejectField.Urgency, ref rejection) &&
            PriceConversion.TryToE9(message.Price, RejectField.Price, out signal.PriceE9, ref rejection);
    }

    private static bool TryReadMarketContext(
        TradeQualifiedDecoder message, ref TradeQualified signal, ref Rejection rejection)
    {
        const double priceMax = FieldLimits.PriceMax, ratioMax = FieldLimits.RatioMax;
        signal.BidAskSpread = message.BidAskSpread;
        signal.BookDepth = message.BookDepth;
        signal.VolumeIntensity = message.VolumeIntensity;
        signal.Volatility = message.Volatility;
        signal.Atr = message.Atr;
        return FieldCheck.IsAbsentOrWithin(signal.BidAskSpread, 0, priceMax, RejectField.BidAskSpread, ref rejection) &&
            FieldCheck.IsAbsentOrWithin(signal.BookDepth, 0, ratioMax, RejectField.BookDepth, ref rejection) &&
            FieldCheck.IsAbsentOrWithin(
                signal.VolumeIntensity, 0, ratioMax, RejectField.VolumeIntensity, ref rejection) &&
            FieldCheck.IsAbsentOrWithin(signal.Volatility, 0, ratioMax, RejectField.Volatility, ref rejection) &&
            FieldCheck.IsAbsentOrWithin(signal.Atr, 0, priceMax, RejectField.Atr, ref rejection);
    }

    private static bool TryReadPortfolioState(
        TradeQualifiedDecoder message, ref TradeQualified signal, ref Rejection rejection)
    {
        const double moneyMax = FieldLimits.MoneyMax, positionMax = FieldLimits.PositionMax;
        signal.Position = message.Position;
        signal.AvailableMargin = message.AvailableMargin;
        signal.Equity = message.Equity;
        signal.UnrealizedPnl = message.UnrealizedPnl;
        signal.Drawdown = message.Drawdown;
        return FieldCheck.IsAbsentOrWithin(
                signal.Position, -positionMax, positionMax, RejectField.Position, ref rejection) &&
            FieldCheck.IsAbsentOrWithin(
                signal.AvailableMargin, 0, moneyMax, RejectField.AvailableMargin, ref rejection) &&
            FieldCheck.IsAbsentOrWithin(
                signal.Equity, FieldLimits.EquityMin, moneyMax, RejectField.Equity, ref rejection) &&
            FieldCheck.IsAbsentOrWithin(
                signal.UnrealizedPnl, -moneyMax, moneyMax, RejectField.UnrealizedPnl, ref rejection) &&
            FieldCheck.IsAbsentOrWithin(signal.Drawdown, 0, 1, RejectField.Drawdown, ref rejection);
    }

    private static bool TryReadTimes(TradeQualifiedDecoder message, ref TradeQualified signal, ref Rejection rejection)
    {
        signal.SignalTimeNs = message.SignalTimeNs;
        signal.IntendedSendTimeNs = message.IntendedSendTimeNs;
        signal.SendTimeNs = message.SendTimeNs;
        return FieldCheck.IsTime(signal.SignalTimeNs, RejectField.SignalTimeNs, ref rejection) &&
            FieldCheck.IsTime(signal.IntendedSendTimeNs, RejectField.IntendedSendTimeNs, ref rejection) &&
            FieldCheck.IsTime(signal.SendTimeNs, RejectField.SendTimeNs, ref rejection);
    }
}
