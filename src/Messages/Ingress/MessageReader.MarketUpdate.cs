using ExecutionPipeline.Messages.Events;
using ExecutionPipeline.Messages.Wire;

namespace ExecutionPipeline.Messages.Ingress;

/// <content>MARKET_UPDATE.</content>
public sealed partial class MessageReader
{
    private bool TryReadMarketUpdate(
        ReadOnlySpan<byte> block, ref EventHeader header, ref EventPayload payload, ref Rejection rejection)
    {
        var message = new MarketUpdateDecoder(block);
        ref var update = ref payload.MarketUpdate;
        header.Kind = EventKind.MarketUpdate;
        update.ExchangeTimeNs = message.ExchangeTimeNs;
        update.SendTimeNs = message.SendTimeNs;
        return TryReadInstrument(message.InstrumentId, ref header, ref rejection) &&
            TryReadBid(message, ref update, ref rejection) &&
            TryReadAsk(message, ref update, ref rejection) &&
            TryReadTrade(message, ref update, ref rejection) &&
            FieldCheck.IsTime(update.ExchangeTimeNs, RejectField.ExchangeTimeNs, ref rejection) &&
            FieldCheck.IsTime(update.SendTimeNs, RejectField.SendTimeNs, ref rejection);
    }

    private static bool TryReadBid(MarketUpdateDecoder message, ref MarketUpdate update, ref Rejection rejection)
    {
        update.BidPriceE9 = message.BidPriceE9;
        update.BidQuantity = message.BidQuantity;
        update.BidOrders = message.BidOrders;
        return FieldCheck.IsLevel(
                update.BidPriceE9, update.BidQuantity, RejectField.BidPrice, RejectField.BidQuantity, ref rejection) &&
            FieldCheck.IsOrderCount(update.BidOrders, update.BidQuantity, RejectField.BidOrders, ref rejection);
    }

    private static bool TryReadAsk(MarketUpdateDecoder message, ref MarketUpdate update, ref Rejection rejection)
    {
        update.AskPriceE9 = message.AskPriceE9;
        update.AskQuantity = message.AskQuantity;
        update.AskOrders = message.AskOrders;
        return FieldCheck.IsLevel(
                update.AskPriceE9, update.AskQuantity, RejectField.AskPrice, RejectField.AskQuantity, ref rejection) &&
            FieldCheck.IsOrderCount(update.AskOrders, update.AskQuantity, RejectField.AskOrders, ref rejection);
    }

    private static bool TryReadTrade(MarketUpdateDecoder message, ref MarketUpdate update, ref Rejection rejection)
    {
        update.TradePriceE9 = message.TradePriceE9;
        update.TradeQuantity = message.TradeQuantity;
        update.Aggressor = message.Aggressor;
        return IsAggressor(in update, ref rejection) && FieldCheck.IsLevel(
            update.TradePriceE9,
            update.TradeQuantity,
            RejectField.TradePrice,
            RejectField.TradeQuantity,
            ref rejection);
    }

    private static bool IsAggressor(in MarketUpdate update, ref Rejection rejection)
    {
        if (update.Aggressor == Side.None || (update.Aggressor <= Side.Sell && update.TradeQuantity != 0))
            return true;

        if (update.Aggressor > Side.Sell)
            FieldCheck.Note(RejectReason.UnknownSide, RejectField.Aggressor, (double)update.Aggressor, ref rejection);
        else
            FieldCheck.Note(RejectReason.MissingQuantity, RejectField.TradeQuantity, 0, ref rejection);

        return false;
    }
}
