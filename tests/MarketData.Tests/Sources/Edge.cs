using ExecutionPipeline.Messages.Events;
using ExecutionPipeline.Messages.Ingress;
using ExecutionPipeline.Messages.Wire;

namespace ExecutionPipeline.MarketData.Tests.Sources;

/// <summary>The pipeline's own edge, to ask whether it would let an update pass.</summary>
internal sealed class Edge
{
    private readonly MessageReader _reader = new(new InstrumentIds(1));
    private readonly byte[] _buffer = new byte[MarketUpdateEncoder.EncodedLength];
    private PipelineEvent _event;

    public RejectReason Ask(in MarketUpdate update)
    {
        _ = new MarketUpdateEncoder(_buffer)
        {
            InstrumentId = 1,
            Aggressor = update.Aggressor,
            BidPriceE9 = update.BidPriceE9,
            AskPriceE9 = update.AskPriceE9,
            BidQuantity = update.BidQuantity,
            AskQuantity = update.AskQuantity,
            BidOrders = update.BidOrders,
            AskOrders = update.AskOrders,
            TradePriceE9 = update.TradePriceE9,
            TradeQuantity = update.TradeQuantity,
            ExchangeTimeNs = update.ExchangeTimeNs,
            SendTimeNs = update.SendTimeNs,
        };
        return _reader.TryRead(
            _buffer, InboundMessages.Market, 1, ref _event.Header, ref _event.Payload, out var rejection)
            ? RejectReason.None
            : rejection.Reason;
    }
}
