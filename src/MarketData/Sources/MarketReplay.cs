using ExecutionPipeline.MarketData.Books;
using ExecutionPipeline.MarketData.Dbn;
using ExecutionPipeline.Messages.Events;
using ExecutionPipeline.Messages.Ingress;

namespace ExecutionPipeline.MarketData.Sources;

/// <summary>How a recorded day is turned into updates.</summary>
public sealed class MarketReplayOptions
{
    /// <summary>
    /// The venue's ids of the instruments to follow, one after the other: at the next one's first record the replay
    /// goes over to it, as a continuous future does at its roll. Default: that of the file's first record, alone.
    /// </summary>
    public IReadOnlyList<uint> InstrumentIds { get; init; } = [];

    /// <summary>
    /// Whether quotes of a crossed book are passed on. Default: no. A book crosses in an auction, when no order can
    /// be executed at its quotes; both sides are absent then.
    /// </summary>
    public bool IncludesCrossedQuotes { get; init; }

    /// <summary>
    /// Whether updates are held back until the first trade. Default: no. A day's file may begin with an hour in which
    /// orders gather and nothing can be traded.
    /// </summary>
    public bool StartsAtFirstTrade { get; init; }

    /// <summary>Is shown the records one by one, before the updates that they make. Default: nobody is.</summary>
    public IRecordListener? Listener { get; init; }

    /// <summary>Own orders that can stand in the book's queues at once. Default 1,024.</summary>
    public int Places { get; init; } = 1_024;
}

/// <summary>Follows a file record by record, as someone does whose own orders stand among the recorded ones.</summary>
public interface IRecordListener
{
    /// <summary>The market is whole, and nothing happens in it before this time.</summary>
    void OnNext(long timeNs);

    /// <summary>A record was played.</summary>
    void OnRecord(DbnReplay replay);
}

/// <summary>
/// Plays a DBN file as updates: at the end of each of the venue's events one for each of its trades, or one when the
/// best bid or offer has changed. Nothing is allocated once the book has had its size.
/// </summary>
public sealed class MarketReplay : IMarketSource, IDisposable
{
    private readonly DbnReplay _replay;
    private readonly TradeQueue _trades = new();
    private readonly bool _includesCrossedQuotes;
    private readonly IRecordListener? _listener;
    private MarketUpdate _quote = MarketQuotes.Absent;
    private long _crossedEvents;
    private bool _hasBegun;
    private bool _isWhole = true;

    /// <param name="reader">The file, which the replay then owns.</param>
    /// <param name="options">Defaults when null.</param>
    public MarketReplay(DbnReader reader, MarketReplayOptions? options = null)
    {
        options ??= new MarketReplayOptions();
        _replay = new DbnReplay(reader, options.InstrumentIds, options.Places);
        _listener = options.Listener;
        _includesCrossedQuotes = options.IncludesCrossedQuotes;
        _hasBegun = !options.StartsAtFirstTrade;
    }

    /// <summary>The file's name, for messages.</summary>
    public string Name => _replay.Name;

    public MarketCapabilities Capabilities => _replay.Capabilities;

    public MarketCounts Counts => _replay.Counts with { CrossedEvents = _crossedEvents };

    /// <summary>Opens a file for replay.</summary>
    /// <exception cref="MarketDataException">It is not a DBN file of a market that is read here.</exception>
    public static MarketReplay Open(string path, MarketReplayOptions? options = null)
    {
        var reader = DbnReader.Open(path);
        if (reader.Metadata.Schema != DbnSchema.Definition)
            return new MarketReplay(reader, options);

        reader.Dispose();
        throw new MarketDataException($"{reader.Name}: the file has definitions of instruments and no market.");
    }

    /// <exception cref="MarketDataException">The file is damaged, or has aggregated levels for orders.</exception>
    public bool TryNext(ref MarketUpdate update)
    {
        while (!TryTakeTrade(ref update))
        {
            if (!_replay.HasNext)
                return TryFinish(ref update);

            if (_isWhole)
                _listener?.OnNext(_replay.NextTimeNs);

            _replay.TryNext();
            _isWhole = _replay.IsWhole;
            _listener?.OnRecord(_replay);
            if (_replay.IsTrade)
                Queue(in _replay.Record);
            if (_replay.IsEventEnd && HasBegun() && TryTakeQuote(ref update))
                return true;
        }

        return true;
    }

    public int CopyDepth(Side side, Span<BookLevel> levels) => _replay.CopyDepth(side, levels);

    public void Dispose() => _replay.Dispose();

    /// <summary>
    /// The event's trades may be taken; whether the replay has begun, as it does at the first of them.
    /// </summary>
    private bool HasBegun()
    {
        _trades.Release();
        _hasBegun |= _trades.HasReleased;
        return _hasBegun;
    }

    private void Queue(in MboRecord record) =>
        _trades.Add(new MarketTrade(record.PriceE9, (int)record.Quantity, AggressorOf(record.Side)));

    private bool TryTakeTrade(ref MarketUpdate update)
    {
        if (!_trades.TryTake(out var trade))
            return false;

        WriteQuote(ref update);
        update.TradePriceE9 = trade.PriceE9;
        update.TradeQuantity = trade.Quantity;
        update.Aggressor = trade.Aggressor;
        return true;
    }

    /// <summary>An update without a trade, when the quote is another than the last one given.</summary>
    private bool TryTakeQuote(ref MarketUpdate update)
    {
        var before = _quote;
        ReadQuote();
        if (_trades.HasReleased || MarketQuotes.AreSame(in before, in _quote))
            return false;

        WriteQuote(ref update);
        return true;
    }

    private void WriteQuote(ref MarketUpdate update)
    {
        update = _quote;
        update.ExchangeTimeNs = _replay.TimeNs;
        update.SendTimeNs = _replay.TimeNs;
    }

    /// <summary>Trades of an event that the file cuts off happened all the same; then damage is told.</summary>
    private bool TryFinish(ref MarketUpdate update)
    {
        if (_trades.HasPending)
            ReadQuote();

        _trades.Release();
        return TryTakeTrade(ref update) || _replay.TryNext();
    }

    private void ReadQuote()
    {
        var (bid, ask) = (_replay.BestBid, _replay.BestAsk);
        _quote = MarketQuotes.Absent;
        if (bid.HasOrders && ask.HasOrders && bid.PriceE9 > ask.PriceE9)
        {
            _crossedEvents++;
            if (!_includesCrossedQuotes)
                return;
        }

        if (HasPassablePrice(in bid))
            (_quote.BidPriceE9, _quote.BidQuantity, _quote.BidOrders) = (bid.PriceE9, Clamp(bid.Quantity), bid.Orders);
        if (HasPassablePrice(in ask))
            (_quote.AskPriceE9, _quote.AskQuantity, _quote.AskOrders) = (ask.PriceE9, Clamp(ask.Quantity), ask.Orders);
    }

    /// <summary>What the pipeline's edge would refuse is not a quote here either.</summary>
    private static bool HasPassablePrice(in BookLevel level) =>
        level.HasOrders && level.PriceE9 is > 0 and <= FieldLimits.PriceMaxE9;

    private static int Clamp(long quantity) => (int)Math.Min(quantity, FieldLimits.QuantityMax);

    private static Side AggressorOf(MboSide side) => side switch
    {
        MboSide.Bid => Side.Buy,
        MboSide.Ask => Side.Sell,
        _ => Side.None,
    };
}
