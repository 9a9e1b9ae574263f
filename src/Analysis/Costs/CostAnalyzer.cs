using ExecutionPipeline.Analysis.Market;
using ExecutionPipeline.Quant;

namespace ExecutionPipeline.Analysis.Costs;

/// <summary>
/// Measures what executions cost. Every part of the shortfall is the difference of the values of the same contracts at
/// two prices, and each part begins at the price where the one before ended. So they add up exactly, whatever rounding
/// does.
/// </summary>
/// <param name="impactAlpha">Of the square-root law in the estimate before the trade.</param>
public sealed class CostAnalyzer(double impactAlpha = 1.0)
{
    private const long SecondNs = 1_000_000_000;

    /// <summary>
    /// An order that ends so soon behind a close is of that session: word of the close takes its time, and a schedule
    /// is given up half a minute behind its end.
    /// </summary>
    private const long BehindCloseNs = 60 * SecondNs;

    /// <summary>A market that is closed for longer opens no more, as far as an order is concerned.</summary>
    private const int MaxClosedDays = 31;

    /// <summary>Which mark-out adverse selection is measured by.</summary>
    private const int AdverseSelectionIndex = 1;

    /// <summary>After how many seconds fills are looked at again.</summary>
    public static readonly IReadOnlyList<int> MarkOutSeconds = [1, 5, 30];

    /// <summary>What an order cost.</summary>
    /// <param name="order">Ended.</param>
    /// <param name="market">Of its instrument; null: only what the order itself says is known.</param>
    /// <exception cref="ArgumentException">The order contradicts itself; the message names it.</exception>
    public OrderCost Analyze(ExecutedOrder order, MarketSeries? market = null)
    {
        ArgumentNullException.ThrowIfNull(order);
        order.Validate();
        var arrivalE9 = ArrivalOf(order, market);
        var executed = order.Fills.Sum(static fill => fill.Quantity);
        var averageE9 = executed == 0
            ? 0
            : order.Fills.Sum(static fill => (double)fill.PriceE9 * fill.Quantity) / executed;
        var fills = order.Fills.Select(fill => CostOf(order, fill, arrivalE9, market));
        var open = Math.Max(0, order.Quantity - executed);
        var opportunity = new CostBreakdown
        {
            OpportunityE6 = Moved(order, order.DecisionPriceE9, EndOf(order, arrivalE9, market), open),
        };
        return new OrderCost
        {
            Order = order,
            Executed = executed,
            AveragePriceE9 = averageE9,
            Cost = fills.Aggregate(opportunity, static (sum, cost) => sum + cost),
            DecisionValueE6 = order.Instrument.ValueE6(order.DecisionPriceE9, order.Quantity),
            ArrivalBps = Against(arrivalE9),
            VwapBps = Against(market?.VwapE9(order.ArrivalTimeNs, order.EndTimeNs)),
            TwapBps = Against(market?.TwapE9(order.ArrivalTimeNs, order.EndTimeNs)),
            CloseBps = Against(CloseOf(order, market)),
            MarkOutsBps = [.. MarkOutSeconds.Select(seconds => MarkOut(order, market, seconds, fromMid: false))],
            AdverseSelectionBps = AdverseSelection(order, market),
            EstimateBps = EstimateOf(order, arrivalE9, market),
            FillsWithoutQuote = order.Fills.Count(fill => QuoteOf(fill, market) is null),
        };

        double? Against(double? priceE9) => executed == 0 || priceE9 is not > 0
            ? null
            : ExecutionReward.SlippageBps(priceE9.Value, averageE9, order.Sign);
    }

    /// <summary>Decision, arrival, mid, touch, price: the parts between them.</summary>
    private static CostBreakdown CostOf(ExecutedOrder order, OrderFill fill, long arrivalE9, MarketSeries? market)
    {
        // Without a quote all that the fill was worse than the arrival is timing.
        var (midE9, touchE9) = (fill.PriceE9, fill.PriceE9);
        if (QuoteOf(fill, market) is { } quote)
        {
            var halfE9 = quote.HalfSpreadE9;
            midE9 = quote.MidE9;
            touchE9 = midE9 + Math.Clamp(fill.PriceE9 - midE9, -halfE9, halfE9);
        }

        return new CostBreakdown(
            DelayE6: Moved(order, order.DecisionPriceE9, arrivalE9, fill.Quantity),
            SpreadE6: Moved(order, midE9, touchE9, fill.Quantity),
            ImpactE6: Moved(order, touchE9, fill.PriceE9, fill.Quantity),
            TimingE6: Moved(order, arrivalE9, midE9, fill.Quantity),
            OpportunityE6: 0,
            fill.FeesE6);
    }

    /// <summary>What it costs that a price is another one.</summary>
    private static long Moved(ExecutedOrder order, long fromE9, long toE9, int quantity) =>
        order.Sign * (order.Instrument.ValueE6(toE9, quantity) - order.Instrument.ValueE6(fromE9, quantity));

    /// <summary>The fill's own, where that is one: of a crossed market it has no half spread.</summary>
    private static Quote? QuoteOf(OrderFill fill, MarketSeries? market) =>
        fill.BidPriceE9 > 0 && fill.BidPriceE9 <= fill.AskPriceE9
            ? new Quote(fill.TimeNs, fill.BidPriceE9, fill.AskPriceE9)
            : market?.QuoteBefore(fill.TimeNs);

    private static long ArrivalOf(ExecutedOrder order, MarketSeries? market) => order.ArrivalPriceE9 > 0
        ? order.ArrivalPriceE9
        : market?.QuoteAt(order.ArrivalTimeNs)?.MidE9 ?? order.DecisionPriceE9;

    private static long EndOf(ExecutedOrder order, long arrivalE9, MarketSeries? market)
    {
        if (order.EndPriceE9 > 0)
            return order.EndPriceE9;

        return market?.QuoteAt(order.EndTimeNs)?.MidE9 ?? (order.Fills.Count > 0 ? order.Fills[^1].PriceE9 : arrivalE9);
    }

    /// <summary>
    /// The last price of the session that the order ended in, or just behind, else of the one that opens next, as far
    /// as the data go.
    /// </summary>
    private static double? CloseOf(ExecutedOrder order, MarketSeries? market)
    {
        if (market is null)
            return null;

        var calendar = order.Instrument.Calendar;
        var earliestNs = Math.Max(order.EndTimeNs - BehindCloseNs, order.ArrivalTimeNs);
        var latest = calendar.LatestDateAt(order.EndTimeNs);
        // By day, an overnight session is that of the day before the latest date.
        for (var days = -1; days < MaxClosedDays; days++)
        {
            if (calendar.TryGetSession(latest.AddDays(days), out _, out var closeNs) && closeNs >= earliestNs)
                return market.LastPriceE9(closeNs);
        }

        return market.LastPriceE9(market.EndNs);
    }

    /// <summary>Weighted by quantity over the fills that the data reach beyond; null: over none.</summary>
    private static double? MarkOut(ExecutedOrder order, MarketSeries? market, int seconds, bool fromMid)
    {
        var (sum, weight) = (0.0, 0L);
        foreach (var fill in order.Fills)
        {
            var fromE9 = fromMid ? QuoteOf(fill, market)?.MidE9 : fill.PriceE9;
            if (fromE9 is null || market?.MidWithinE9(fill.TimeNs + seconds * SecondNs) is not { } laterE9)
                continue;

            sum += ExecutionReward.SlippageBps(fromE9.Value, laterE9, order.Sign) * fill.Quantity;
            weight += fill.Quantity;
        }

        return weight == 0 ? null : sum / weight;
    }

    private static double? AdverseSelection(ExecutedOrder order, MarketSeries? market) =>
        MarkOut(order, market, MarkOutSeconds[AdverseSelectionIndex], fromMid: true) is { } moved
            ? Math.Max(0, -moved)
            : null;

    private double EstimateOf(ExecutedOrder order, long arrivalE9, MarketSeries? market)
    {
        var halfE9 = market?.QuoteAt(order.ArrivalTimeNs)?.HalfSpreadE9 ?? order.Instrument.TickSizeE9 / 2;
        var volatility = order.Volatility > 0 ? order.Volatility : order.Instrument.DailyVolatility;
        // Before the trade nobody knows how long it will take: the impact is the one that has developed in full.
        var impactBps = SquareRootImpact.Bps(
            order.Quantity, order.Instrument.AverageDailyVolume, volatility, double.PositiveInfinity, impactAlpha);
        return (double)halfE9 / arrivalE9 * 10_000 + impactBps;
    }
}
