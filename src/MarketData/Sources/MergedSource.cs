using ExecutionPipeline.MarketData.Books;
using ExecutionPipeline.MarketData.Dbn;
using ExecutionPipeline.Messages.Events;

namespace ExecutionPipeline.MarketData.Sources;

/// <summary>A source that is opened when its time has come.</summary>
/// <param name="FirstTimeNs">The time of its first update, nanoseconds since the Unix epoch.</param>
/// <param name="Open">Opens it; the merger then owns it.</param>
public sealed record MergedPart(long FirstTimeNs, Func<IMarketSource> Open);

/// <summary>
/// Several sources of one instrument's market in the order of time: files of successive days one after the other,
/// quotes and trades of one day interleaved. At one time the part that is named first comes first. A part that has
/// trades alone, or bars, takes the quotes of those that have quotes.
/// </summary>
public sealed class MergedSource : IMarketSource, IDisposable
{
    private readonly List<Part> _parts = [];
    private MarketCounts _ended;
    private MarketUpdate _quote = MarketQuotes.Absent;
    private IMarketSource? _quoted;
    private Part? _last;
    private MarketDataException? _problem;
    private Side _aggressor = Side.Buy;
    private long _lastTradeE9;
    private long _timeNs;
    private long _backInTime;

    /// <param name="parts">What is merged, in the order of precedence.</param>
    /// <param name="capabilities">What all of them together can tell.</param>
    public MergedSource(IReadOnlyList<MergedPart> parts, MarketCapabilities capabilities)
    {
        ArgumentNullException.ThrowIfNull(parts);
        _parts.AddRange(parts.Select(part => new Part { NextTimeNs = part.FirstTimeNs, Open = part.Open }));
        Capabilities = capabilities;
    }

    public MarketCapabilities Capabilities { get; }

    public MarketCounts Counts
    {
        get
        {
            var counts = _ended;
            counts.RecordsBackInTime += _backInTime;
            foreach (var part in _parts)
                counts = counts.Plus(part.Source?.Counts ?? default);

            return counts;
        }
    }

    /// <exception cref="MarketDataException">A part is damaged; all that is whole has been played.</exception>
    public bool TryNext(ref MarketUpdate update)
    {
        // A part goes on only now, so that until then the depth was that of its last update.
        if (_last != null)
            Advance(_last);

        _last = null;
        while (Earliest() is { } part)
        {
            if (part.Source == null)
            {
                Open(part);
                continue;
            }

            update = part.Next;
            _last = part;
            Complete(part.Source, ref update);
            return true;
        }

        return _problem == null ? false : throw _problem;
    }

    public int CopyDepth(Side side, Span<BookLevel> levels) => _quoted?.CopyDepth(side, levels) ?? 0;

    public void Dispose()
    {
        foreach (var part in _parts)
            (part.Source as IDisposable)?.Dispose();
    }

    private Part? Earliest()
    {
        Part? earliest = null;
        foreach (var part in _parts)
        {
            if (earliest == null || part.NextTimeNs < earliest.NextTimeNs)
                earliest = part;
        }

        return earliest;
    }

    private void Open(Part part)
    {
        try
        {
            part.Source = part.Open();
            Advance(part);
        }
        catch (MarketDataException problem)
        {
            _problem ??= problem;
            _parts.Remove(part);
        }
    }

    /// <summary>Reads a part's next update, or ends it. Where one is damaged, the others go on.</summary>
    private void Advance(Part part)
    {
        try
        {
            if (part.Source!.TryNext(ref part.Next))
            {
                part.NextTimeNs = part.Next.ExchangeTimeNs;
                return;
            }
        }
        catch (MarketDataException problem)
        {
            _problem ??= problem;
        }

        _parts.Remove(part);
        _ended = _ended.Plus(part.Source!.Counts);
        (part.Source as IDisposable)?.Dispose();
    }

    private void Complete(IMarketSource source, ref MarketUpdate update)
    {
        if (update.ExchangeTimeNs < _timeNs)
            _backInTime++;

        _timeNs = Math.Max(_timeNs, update.ExchangeTimeNs);
        (update.ExchangeTimeNs, update.SendTimeNs) = (_timeNs, _timeNs);
        if (source.Capabilities.HasQuotes || !Capabilities.HasQuotes)
        {
            _quote = update;
            _quoted = source;
        }
        else
        {
            TakeQuote(ref update);
        }
    }

    private void TakeQuote(ref MarketUpdate update)
    {
        MarketQuotes.Copy(in _quote, ref update);
        if (update.TradeQuantity == 0)
            return;

        if (update.Aggressor == Side.None)
            update.Aggressor = MarketQuotes.AggressorOf(update.TradePriceE9, in _quote, _lastTradeE9, _aggressor);

        (_aggressor, _lastTradeE9) = (update.Aggressor, update.TradePriceE9);
    }

    private sealed class Part
    {
        public required Func<IMarketSource> Open { get; init; }

        public IMarketSource? Source { get; set; }

        public long NextTimeNs { get; set; }

        public MarketUpdate Next;
    }
}
