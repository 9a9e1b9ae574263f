using ExecutionPipeline.Messages.Events;

namespace ExecutionPipeline.MarketData.Sources;

/// <summary>What sources ask of the quotes of updates.</summary>
internal static class MarketQuotes
{
    /// <summary>An update without quote and trade.</summary>
    public static MarketUpdate Absent => new()
    {
        BidPriceE9 = MarketUpdate.NoPrice,
        AskPriceE9 = MarketUpdate.NoPrice,
        TradePriceE9 = MarketUpdate.NoPrice,
    };

    public static bool AreSame(in MarketUpdate a, in MarketUpdate b) =>
        a.BidPriceE9 == b.BidPriceE9 && a.BidQuantity == b.BidQuantity && a.BidOrders == b.BidOrders &&
        a.AskPriceE9 == b.AskPriceE9 && a.AskQuantity == b.AskQuantity && a.AskOrders == b.AskOrders;

    /// <summary>Takes over the quote of another update, and leaves the rest.</summary>
    public static void Copy(in MarketUpdate from, ref MarketUpdate to)
    {
        (to.BidPriceE9, to.BidQuantity, to.BidOrders) = (from.BidPriceE9, from.BidQuantity, from.BidOrders);
        (to.AskPriceE9, to.AskQuantity, to.AskOrders) = (from.AskPriceE9, from.AskQuantity, from.AskOrders);
    }

    /// <summary>
    /// Who traded by aggression, where it is not said: a price above the middle of the quote is a buyer's, one below it
    /// a seller's; at the middle or without a quote a price above the one before is a buyer's, one below it a seller's,
    /// and an equal one is the same side's as before (Lee and Ready, "Inferring trade direction from intraday data",
    /// Journal of Finance 46, 1991).
    /// </summary>
    /// <param name="priceE9">The trade's price.</param>
    /// <param name="quote">The quote before it.</param>
    /// <param name="lastE9">The price of the trade before; 0: there was none.</param>
    /// <param name="last">Whose the trade before was.</param>
    public static Side AggressorOf(long priceE9, in MarketUpdate quote, long lastE9, Side last)
    {
        if (quote is { BidQuantity: > 0, AskQuantity: > 0 })
        {
            // Twice the price overflows for no price that is passed on, which is at most 1e18.
            var fromMiddle = 2 * priceE9 - quote.BidPriceE9 - quote.AskPriceE9;
            if (fromMiddle != 0)
                return fromMiddle > 0 ? Side.Buy : Side.Sell;
        }

        if (lastE9 == 0 || priceE9 == lastE9)
            return last;

        return priceE9 > lastE9 ? Side.Buy : Side.Sell;
    }
}
