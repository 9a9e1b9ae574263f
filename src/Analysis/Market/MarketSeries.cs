using ExecutionPipeline.Messages.Events;

namespace ExecutionPipeline.Analysis.Market;

/// <summary>The best bid and offer at a time. Prices in 1e-9.</summary>
public readonly record struct Quote(long TimeNs, long BidPriceE9, long AskPriceE9)
{
    public long MidE9 => (BidPriceE9 + AskPriceE9) / 2;

    public long HalfSpreadE9 => (AskPriceE9 - BidPriceE9) / 2;
}

/// <summary>
/// What an instrument's market did: quotes and trades in order of time, and what benchmarks are made of. A question
/// costs a binary search. Prices in 1e-9, times in nanoseconds since the Unix epoch, UTC.
/// </summary>
public sealed class MarketSeries
{
    private readonly List<Quote> _quotes = [];

    /// <summary>Of each quote: the sum over those before it of mid times the time that it stood.</summary>
    private readonly List<Int128> _midTime = [];

    private readonly List<long> _tradeTimes = [];
    private readonly List<long> _tradePrices = [];

    /// <summary>Up to each trade, itself included.</summary>
    private readonly List<long> _volume = [];

    private readonly List<Int128> _value = [];
    private long _lastNs = long.MinValue;

    /// <summary>When the last quote or trade was; mark-outs beyond are not known.</summary>
    public long EndNs => _lastNs;

    public IReadOnlyList<Quote> Quotes => _quotes;

    /// <summary>Takes one update in; a side that is missing, or a crossed market, is no quote.</summary>
    /// <exception cref="ArgumentException">It is older than the one before.</exception>
    public void Add(in MarketUpdate update, long timeNs)
    {
        if (update.BidPriceE9 != MarketUpdate.NoPrice && update.AskPriceE9 != MarketUpdate.NoPrice)
            AddQuote(timeNs, update.BidPriceE9, update.AskPriceE9);
        if (update.TradePriceE9 != MarketUpdate.NoPrice && update.TradeQuantity > 0)
            AddTrade(timeNs, update.TradePriceE9, update.TradeQuantity);
    }

    /// <inheritdoc cref="Add"/>
    public void AddQuote(long timeNs, long bidPriceE9, long askPriceE9)
    {
        Advance(timeNs);
        if (bidPriceE9 <= 0 || bidPriceE9 >= askPriceE9)
            return;

        var standing = _quotes.Count == 0
            ? 0
            : _midTime[^1] + (Int128)_quotes[^1].MidE9 * (timeNs - _quotes[^1].TimeNs);
        _midTime.Add(standing);
        _quotes.Add(new Quote(timeNs, bidPriceE9, askPriceE9));
    }

    /// <inheritdoc cref="Add"/>
    public void AddTrade(long timeNs, long priceE9, int quantity)
    {
        Advance(timeNs);
        var (volume, value) = _volume.Count == 0 ? (0L, (Int128)0) : (_volume[^1], _value[^1]);
        _tradeTimes.Add(timeNs);
        _tradePrices.Add(priceE9);
        _volume.Add(volume + quantity);
        _value.Add(value + (Int128)priceE9 * quantity);
    }

    /// <summary>The quote that stands at a time; null before the first.</summary>
    public Quote? QuoteAt(long timeNs)
    {
        var next = CountUpTo(_quotes.Count, i => _quotes[i].TimeNs <= timeNs);
        return next == 0 ? null : _quotes[next - 1];
    }

    /// <summary>The quote that stood when the event of a time came; null before the first.</summary>
    public Quote? QuoteBefore(long timeNs) => QuoteAt(timeNs - 1);

    /// <summary>The mid at a time; null before the first quote and after the end.</summary>
    public long? MidWithinE9(long timeNs) => timeNs > _lastNs ? null : QuoteAt(timeNs)?.MidE9;

    /// <summary>Average price of the trades between two times, weighted by quantity; null: there is none.</summary>
    public double? VwapE9(long fromNs, long toNs)
    {
        var first = CountUpTo(_tradeTimes.Count, i => _tradeTimes[i] < fromNs);
        var end = CountUpTo(_tradeTimes.Count, i => _tradeTimes[i] <= toNs);
        if (end <= first)
            return null;

        var (volume, value) = first == 0 ? (0L, (Int128)0) : (_volume[first - 1], _value[first - 1]);
        return (double)(_value[end - 1] - value) / (_volume[end - 1] - volume);
    }

    /// <summary>Average mid from one time to another, weighted by time; null: there was no quote.</summary>
    public double? TwapE9(long fromNs, long toNs)
    {
        if (_quotes.Count == 0 || toNs < _quotes[0].TimeNs)
            return null;

        fromNs = Math.Max(fromNs, _quotes[0].TimeNs);
        if (toNs <= fromNs)
            return QuoteAt(fromNs)!.Value.MidE9;

        return (double)(MidTimeTo(toNs) - MidTimeTo(fromNs)) / (toNs - fromNs);
    }

    /// <summary>The last trade up to a time, else the last mid; null: there is neither.</summary>
    public long? LastPriceE9(long timeNs)
    {
        var end = CountUpTo(_tradeTimes.Count, i => _tradeTimes[i] <= timeNs);
        return end == 0 ? QuoteAt(timeNs)?.MidE9 : _tradePrices[end - 1];
    }

    private void Advance(long timeNs)
    {
        if (timeNs < _lastNs)
            throw new ArgumentException($"The market's time goes back from {_lastNs} to {timeNs}.");
        _lastNs = timeNs;
    }

    private Int128 MidTimeTo(long timeNs)
    {
        var place = CountUpTo(_quotes.Count, i => _quotes[i].TimeNs <= timeNs) - 1;
        return _midTime[place] + (Int128)_quotes[place].MidE9 * (timeNs - _quotes[place].TimeNs);
    }

    /// <summary>How many there are at the beginning for which something holds.</summary>
    private static int CountUpTo(int count, Predicate<int> holds)
    {
        var (low, high) = (0, count);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (holds(middle))
                low = middle + 1;
            else
                high = middle;
        }

        return low;
    }
}
