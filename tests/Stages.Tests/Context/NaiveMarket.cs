using ExecutionPipeline.Messages.Events;

namespace ExecutionPipeline.Stages.Tests.Context;

/// <summary>
/// The market's figures worked out from the list of all updates each time they are asked: what the incremental
/// estimators are held against.
/// </summary>
internal sealed class NaiveMarket(int depthUpdates, int atrPeriod)
{
    private readonly List<(long Second, double Price, double Depth, double TradePrice, int Traded)> _updates = [];

    public void Add(long timeNs, in MarketUpdate update)
    {
        var mid = (update.BidPriceE9 * 1e-9 + update.AskPriceE9 * 1e-9) / 2;
        _updates.Add((
            timeNs / StageRig.E9,
            mid,
            update.BidQuantity + update.AskQuantity,
            update.TradePriceE9 * 1e-9,
            update.TradeQuantity));
    }

    public double DepthRatio
    {
        get
        {
            var weight = 2.0 / (depthUpdates + 1);
            var weights = Enumerable.Range(0, _updates.Count).Select(i => Math.Pow(1 - weight, i)).Reverse().ToArray();
            var average = _updates.Zip(weights, static (u, w) => u.Depth * w).Sum() / weights.Sum();
            return _updates[^1].Depth / average;
        }
    }

    public double Vwap
    {
        get
        {
            var traded = _updates.Sum(static u => u.Traded);
            return traded == 0 ? 0 : _updates.Sum(static u => u.TradePrice * u.Traded) / traded;
        }
    }

    public double VolumeIntensity(long now)
    {
        var day = _updates.Sum(static u => u.Traded);
        if (day == 0)
            return 1;

        var minute = _updates.Where(u => u.Second > now - 60).Sum(static u => u.Traded);
        var minutes = Math.Max(1, (now - _updates[0].Second + 1) / 60.0);
        return minute / (day / minutes);
    }

    public double Volatility(long now)
    {
        var sum = 0.0;
        for (var second = Math.Max(now - 60, _updates[0].Second); second < now; second++)
        {
            var change = Math.Log(PriceAt(second) / PriceAt(second - 1));
            sum += change * change;
        }

        return Math.Sqrt(sum);
    }

    public double Atr(long now)
    {
        var bars = _updates.GroupBy(static u => u.Second / 60).Where(b => b.Key < now / 60).ToList();
        var ranges = new List<double>();
        for (var i = 0; i < bars.Count; i++)
        {
            var prices = bars[i].Select(static u => u.Price).ToList();
            if (i > 0)
                prices.Add(bars[i - 1].Last().Price);
            ranges.Add(prices.Max() - prices.Min());
        }

        if (ranges.Count <= atrPeriod)
            return ranges.Count == 0 ? 0 : ranges.Average();

        return ranges.Skip(atrPeriod).Aggregate(
            ranges.Take(atrPeriod).Average(), (average, r) => (average * (atrPeriod - 1) + r) / atrPeriod);
    }

    /// <summary>The last price at the end of a second; the very first one before all.</summary>
    private double PriceAt(long second)
    {
        var seen = _updates.FindLastIndex(u => u.Second <= second);
        return _updates[Math.Max(0, seen)].Price;
    }
}
