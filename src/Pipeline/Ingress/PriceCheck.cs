using System.Runtime.CompilerServices;
using ExecutionPipeline.Execution.Instruments;
using ExecutionPipeline.Messages.Events;
using ExecutionPipeline.Messages.Ingress;
using ExecutionPipeline.Messages.Wire;

namespace ExecutionPipeline.Pipeline.Ingress;

/// <summary>
/// The part of the edge that knows the instruments: market prices lie on ticks, and no price is beyond what the
/// instrument's money arithmetic is laid out for.
/// </summary>
internal sealed class PriceCheck(InstrumentTable instruments)
{
    private const double PriceUnit = 1e9;

    /// <summary>
    /// Whether the prices of an admitted message can be believed; else the rejection names the first.
    /// </summary>
    public bool IsBelievable(in EventHeader header, in EventPayload payload, out Rejection rejection)
    {
        rejection = default;
        if (header.Kind == EventKind.MarketUpdate)
        {
            var instrument = instruments[header.InstrumentIndex];
            ref readonly var update = ref payload.MarketUpdate;
            return IsMarketPrice(instrument, update.BidPriceE9, RejectField.BidPrice, ref rejection)
                && IsMarketPrice(instrument, update.AskPriceE9, RejectField.AskPrice, ref rejection)
                && IsMarketPrice(instrument, update.TradePriceE9, RejectField.TradePrice, ref rejection);
        }

        // A signal's price is often a mid price, between two ticks.
        if (header.Kind != EventKind.TradeQualified)
            return true;

        var priceE9 = payload.TradeQualified.PriceE9;
        var traded = instruments[header.InstrumentIndex];
        if (priceE9 <= traded.MaxPriceE9)
            return true;

        Refuse(traded, priceE9, RejectField.Price, header.CorrelationId, out rejection);
        return false;
    }

    private static bool IsMarketPrice(
        Instrument instrument, long priceE9, RejectField field, ref Rejection rejection)
    {
        if (priceE9 == MarketUpdate.NoPrice || instrument.IsPrice(priceE9))
            return true;

        Refuse(instrument, priceE9, field, WireNull.UInt64, out rejection);
        return false;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Refuse(
        Instrument instrument, long priceE9, RejectField field, ulong correlationId, out Rejection rejection) =>
        rejection = new Rejection
        {
            Reason = RejectReason.OutOfRange,
            Field = field,
            TemplateId = field == RejectField.Price ? TradeQualifiedLayout.TemplateId : MarketUpdateLayout.TemplateId,
            InstrumentId = instrument.Id,
            CorrelationId = correlationId,
            Value = priceE9 / PriceUnit,
        };
}
