using ExecutionPipeline.Execution.Calendars;
using ExecutionPipeline.Messages.Events;

namespace ExecutionPipeline.Stages.Tests.Context;

/// <summary>
/// The market's figures worked out from the list of all updates each time they are asked: what the incremental
/// estimators are held against.
/// </summary>
/// <param name="calendar">us_equity or cme_equity.</param>
/// <param name="depthUpdates">Of the depth's average.</param>
/// <param name="atrPeriod">Bars.</param>
internal sealed class NaiveMarket(string calendar, int depthUpdates, int atrPeriod)
{
    private static readonly TimeOnly Usual = new(16, 0);

    private readonly List<double> _depths = [];
    private readonly List<(long Second, double Price)> _marks = [];
    private readonly List<(long Second, DateOnly Session, double Price, int Quantity)> _trades = [];
    private readonly List<(long Second, DateOnly Session)> _seen = [];
    private (double Bid, double Ask)? _quote;

    private bool IsChicago => calendar == "cme_equity";

    private HolidaySet Holidays => IsChicago ? HolidaySet.CmeEquity : HolidaySet.UsEquity;

    public double Mark => _marks.Count == 0 ? 0 : _marks[^1].Price;

    public double SpreadBps =>
        _quote is var (bid, ask) && ask > bid ? (ask - bid) / ((ask + bid) / 2) * 10_000 : 0;

    public void Add(long timeNs, in MarketUpdate update)
    {
        Pass(timeNs);
        var second = timeNs / StageRig.E9;
        var isTwoSided = update is { BidQuantity: > 0, AskQuantity: > 0 }
            && update.BidPriceE9 != MarketUpdate.NoPrice
            && update.AskPriceE9 != MarketUpdate.NoPrice;
        _quote = isTwoSided ? (update.BidPriceE9 * 1e-9, update.AskPriceE9 * 1e-9) : null;
        _depths.Add(update.BidQuantity + update.AskQuantity);
        if (update.TradeQuantity > 0)
            _trades.Add((second, SessionAt(timeNs), update.TradePriceE9 * 1e-9, update.TradeQuantity));

        var last = update.TradeQuantity > 0 ? update.TradePriceE9 * 1e-9 : Mark;
        var mark = _quote is var (bid, ask) ? (bid + ask) / 2 : last;
        if (mark != 0)
            _marks.Add((second, mark));
    }

    /// <summary>A look at the market without an update.</summary>
    public void Pass(long timeNs) => _seen.Add((timeNs / StageRig.E9, SessionAt(timeNs)));

    public double DepthRatio
    {
        get
        {
            if (_depths.Sum() == 0)
                return 1;

            var weight = 2.0 / (depthUpdates + 1);
            var weights = Enumerable.Range(0, _depths.Count).Select(i => Math.Pow(1 - weight, i)).Reverse().ToArray();
            var average = _depths.Zip(weights, static (depth, w) => depth * w).Sum() / weights.Sum();
            return _depths[^1] / average;
        }
    }

    public double Vwap(long timeNs)
    {
        var trades = OfSession(timeNs);
        var traded = trades.Sum(static t => t.Quantity);
        return traded == 0 ? 0 : trades.Sum(static t => t.Price * t.Quantity) / traded;
    }

    public double VolumeIntensity(long timeNs)
    {
        var now = timeNs / StageRig.E9;
        var trades = OfSession(timeNs);
        if (trades.Count == 0)
            return 1;

        var session = SessionAt(timeNs);
        var first = _seen.First(s => s.Session == session).Second;
        var minute = trades.Where(t => t.Second > now - 60).Sum(static t => t.Quantity);
        return minute / (trades.Sum(static t => t.Quantity) / Math.Max(1, (now - first + 1) / 60.0));
    }

    public double Volatility(long timeNs)
    {
        var now = timeNs / StageRig.E9;
        var sum = 0.0;
        for (var second = now - 60; second < now && _marks.Count > 0; second++)
        {
            var change = Math.Log(PriceAt(second) / PriceAt(second - 1));
            sum += change * change;
        }

        return Math.Sqrt(sum);
    }

    public double Atr(long timeNs)
    {
        var bars = _marks.GroupBy(static m => m.Second / 60).Where(b => b.Key < timeNs / StageRig.E9 / 60).ToList();
        var ranges = new List<double>();
        for (var i = 0; i < bars.Count; i++)
        {
            var prices = bars[i].Select(static m => m.Price).ToList();
            if (i > 0)
                prices.Add(bars[i - 1].Last().Price);
            ranges.Add(prices.Max() - prices.Min());
        }

        if (ranges.Count <= atrPeriod)
            return ranges.Count == 0 ? 0 : ranges.Average();

        return ranges.Skip(atrPeriod).Aggregate(
            ranges.Take(atrPeriod).Average(), (average, r) => (average * (atrPeriod - 1) + r) / atrPeriod);
    }

    public double SessionProgress(long timeNs)
    {
        var date = SessionAt(timeNs);
        var local = LocalAt(timeNs);
        var open = IsChicago ? date.AddDays(-1).ToDateTime(new TimeOnly(17, 0)) : date.ToDateTime(new TimeOnly(9, 30));
        var close = date.ToDateTime(HolidayRules.CloseOn(Holidays, date, Usual)!.Value);
        if (local >= close)
            return local < date.AddDays(1).ToDateTime(default) ? 1 : 0;

        return (local - open) / (close - open);
    }

    /// <summary>The date of the latest session that has opened.</summary>
    private DateOnly SessionAt(long timeNs)
    {
        var sinceOpen = LocalAt(timeNs) + TimeSpan.FromHours(IsChicago ? 24 - 17 : -9.5);
        var date = DateOnly.FromDateTime(sinceOpen);
        while (date.DayOfWeek is DayOfWeek.Saturday or DayOfWeek.Sunday
            || HolidayRules.CloseOn(Holidays, date, Usual) is null)
        {
            date = date.AddDays(-1);
        }

        return date;
    }

    private DateTime LocalAt(long timeNs) => TimeZoneInfo.ConvertTimeFromUtc(
        DateTime.UnixEpoch.AddTicks(timeNs / 100),
        TimeZoneInfo.FindSystemTimeZoneById(IsChicago ? "America/Chicago" : "America/New_York"));

    private List<(long Second, DateOnly Session, double Price, int Quantity)> OfSession(long timeNs)
    {
        var session = SessionAt(timeNs);
        return _trades.FindAll(t => t.Session == session);
    }

    /// <summary>The last price at the end of a second; the very first one before all.</summary>
    private double PriceAt(long second)
    {
        var seen = _marks.FindLastIndex(m => m.Second <= second);
        return _marks[Math.Max(0, seen)].Price;
    }
}
