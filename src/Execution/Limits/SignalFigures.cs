using ExecutionPipeline.Messages.Events;

namespace ExecutionPipeline.Execution.Limits;

/// <summary>What an order is judged by that follows from its signal and the market alone.</summary>
public static class SignalFigures
{
    /// <summary>
    /// Age when the signal was taken in, in nanoseconds; ahead of its time it is as old as it is early.
    /// </summary>
    public static long AgeNs(ref readonly PipelineEvent e) =>
        Math.Abs(e.Header.TimeNs - e.Payload.TradeQualified.SignalTimeNs);

    /// <summary>
    /// How far the far touch, or the mark where that is not quoted, is from the signal's price, as a fraction of that.
    /// </summary>
    public static double CollarDistance(ref readonly PipelineEvent e)
    {
        ref readonly var market = ref e.Portfolio;
        var farE9 = e.Decision.Side == Side.Buy ? market.AskPriceE9 : market.BidPriceE9;
        var priceE9 = farE9 == MarketUpdate.NoPrice ? market.MarkPriceE9 : farE9;
        double signalE9 = e.Payload.TradeQualified.PriceE9;
        return Math.Abs(priceE9 - signalE9) / signalE9;
    }

    /// <summary>Whether the best bid is above the best offer.</summary>
    public static bool IsCrossed(ref readonly PipelineEvent e) =>
        e.Portfolio.AskPriceE9 != MarketUpdate.NoPrice && e.Portfolio.BidPriceE9 > e.Portfolio.AskPriceE9;
}
