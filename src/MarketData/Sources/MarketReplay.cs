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
}

/// <summary>
/// Plays a file of market data: at the end of each of the venue's events one update for each of its trades, or one
/// when the best bid or offer has changed. Records of single orders build a book; others bring the best bid and offer
/// with them. Nothing is allocated once the book has had its size.
/// </summary>
public sealed class MarketReplay : IMarketSource, IDisposable
{
    /// <summary>In a file that marks the ends of events, a pause this long ends one whose mark is missing.</summary>
    private const long LongestPauseNs = 1_000_000_000;

    private readonly DbnReader _reader;
    private readonly MarketByOrderBook _book = new();
    private readonly TradeQueue _trades = new();
    private uint[] _instrumentIds;
    private readonly bool _includesCrossedQuotes;
    private MboRecord _record;
    private TopOfBook _readTop = TopOfBook.Empty;
    private TopOfBook _top = TopOfBook.Empty;
    private MarketUpdate _quote = Absent;
    private MarketCounts _counts;
    private DbnFormatException? _problem;
    private int _followed;
    private int _next;
    private bool _hasBegun;

    // A record that has been read but comes after the end of the event that is being passed on.
    private bool _isRecordHeld;
    private bool _isEventOpen;

    // Until a mark has been seen, any later time is taken for the next event's.
    private long _eventPauseNs;

    // The pipeline's edge takes only times after the epoch; a file may have none.
    private long _timeNs = 1;

    /// <param name="reader">The file, which the replay then owns.</param>
    /// <param name="options">Defaults when null.</param>
    public MarketReplay(DbnReader reader, MarketReplayOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(reader);
        _reader = reader;
        _instrumentIds = [.. options?.InstrumentIds ?? []];
        _includesCrossedQuotes = options?.IncludesCrossedQuotes ?? false;
        _hasBegun = !(options?.StartsAtFirstTrade ?? false);
    }

    /// <summary>The book as the records so far left it; empty when the file has no single orders.</summary>
    public IOrderBook Book => _book;

    public MarketCounts Counts => _counts;

    private static MarketUpdate Absent => new()
    {
        BidPriceE9 = MarketUpdate.NoPrice,
        AskPriceE9 = MarketUpdate.NoPrice,
        TradePriceE9 = MarketUpdate.NoPrice,
    };

    /// <summary>Opens a file for replay.</summary>
    /// <exception cref="DbnFormatException">It is not a DBN file of a market that is read here.</exception>
    public static MarketReplay Open(string path, MarketReplayOptions? options = null)
    {
        var reader = DbnReader.Open(path);
        if (reader.Metadata.Schema != DbnSchema.Definition)
            return new MarketReplay(reader, options);

        reader.Dispose();
        throw new DbnFormatException($"{reader.Name}: the file has definitions of instruments and no market.");
    }

    /// <exception cref="DbnFormatException">The file is damaged, or has aggregated levels for orders.</exception>
    public bool TryNext(ref MarketUpdate update)
    {
        while (!TryTakeTrade(ref update))
        {
            if (!_isRecordHeld && !TryRead())
                return TryFinish(ref update);
            if (IsOfInterest() && IsEventEnd() && TryTakeQuote(ref update))
                return true;
        }

        return true;
    }

    public void Dispose() => _reader.Dispose();

    /// <summary>Whether the record is of the followed instrument, or of one that is to be followed after it.</summary>
    private bool IsOfInterest()
    {
        var id = _record.InstrumentId;
        if (_instrumentIds.Length == 0)
            _instrumentIds = [id];
        if (id == _instrumentIds[_followed])
            return true;

        _next = Array.IndexOf(_instrumentIds, id, _followed);
        if (_next > _followed)
            return true;

        _counts.RecordsOfOthers++;
        (_next, _isRecordHeld) = (_followed, false);
        return false;
    }

    /// <summary>
    /// Applies the record, unless it is the first sign that the event before it has ended. True when the book is whole
    /// and the replay has begun.
    /// </summary>
    private bool IsEventEnd()
    {
        if (_isEventOpen && (_record.EventTimeNs - _timeNs > _eventPauseNs || _next != _followed))
        {
            _counts.EventsWithoutEnd++;
            _isRecordHeld = true;
            return EndEvent();
        }

        _isRecordHeld = false;
        Apply();
        if (_record.IsSnapshot)
            return false;

        _isEventOpen = !_record.IsLast;
        if (_isEventOpen)
            return false;

        _eventPauseNs = LongestPauseNs;
        return EndEvent();
    }

    private bool EndEvent()
    {
        _isEventOpen = false;
        _trades.Release();
        _hasBegun |= _trades.HasReleased;
        return _hasBegun;
    }

    private void Apply()
    {
        if (_next != _followed)
            GoOverToNext();

        _counts.RecordsApplied++;
        if (_record.IsAfterGap)
            _counts.RecordsAfterGaps++;
        if (_record.EventTimeNs < _timeNs && _counts.RecordsApplied > 1)
            _counts.RecordsBackInTime++;

        _timeNs = Math.Max(_timeNs, _record.EventTimeNs);
        if (_reader.IsByOrder)
            ApplyToBook();
        else
            _top = _readTop;
        if (_record.Action == MboAction.Trade)
            Queue(in _record);
    }

    /// <summary>The orders of the instrument before mean nothing to the next one.</summary>
    private void GoOverToNext()
    {
        if (_counts.RecordsApplied > 0)
            _counts.Rolls++;

        _followed = _next;
        _book.Clear();
    }

    private void ApplyToBook()
    {
        if (_record.IsAggregate)
            ThrowAggregate();
        if (!_book.TryApply(in _record))
            _counts.RecordsRefused++;
    }

    private void Queue(in MboRecord record)
    {
        if (record.Quantity is 0 or > FieldLimits.QuantityMax || record.PriceE9 is <= 0 or > FieldLimits.PriceMaxE9)
        {
            _counts.RecordsRefused++;
            return;
        }

        _counts.Trades++;
        _counts.TradedQuantity += record.Quantity;
        _trades.Add(new MarketTrade(record.PriceE9, (int)record.Quantity, AggressorOf(record.Side)));
    }

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
        if (_trades.HasReleased || IsSameQuote(in before, in _quote))
            return false;

        WriteQuote(ref update);
        return true;
    }

    private void WriteQuote(ref MarketUpdate update)
    {
        update = _quote;
        update.ExchangeTimeNs = _timeNs;
        update.SendTimeNs = _timeNs;
    }

    /// <summary>Whole records before damage are played; then the damage is told.</summary>
    private bool TryRead()
    {
        if (_problem != null)
            return false;

        try
        {
            return _reader.TryRead(ref _record, ref _readTop);
        }
        catch (DbnFormatException problem)
        {
            _problem = problem;
            return false;
        }
    }

    /// <summary>Trades of an event that the file cuts off happened all the same.</summary>
    private bool TryFinish(ref MarketUpdate update)
    {
        if (_trades.HasPending)
            ReadQuote();

        _trades.Release();
        if (TryTakeTrade(ref update))
            return true;

        return _problem == null ? false : throw _problem;
    }

    private void ReadQuote()
    {
        var (bid, ask) = _reader.IsByOrder
            ? (_book.BestBid, _book.BestAsk)
            : (LevelOf(_top.BidPriceE9, _top.BidQuantity, _top.BidOrders),
                LevelOf(_top.AskPriceE9, _top.AskQuantity, _top.AskOrders));
        _quote = Absent;
        if (bid.HasOrders && ask.HasOrders && bid.PriceE9 > ask.PriceE9)
        {
            _counts.CrossedEvents++;
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

    /// <summary>Venues that state no number of orders state 0; where there is a quantity, there is an order.</summary>
    private static BookLevel LevelOf(long priceE9, uint quantity, uint orders) =>
        quantity == 0 || priceE9 == MboRecord.NoPrice
            ? default
            : new BookLevel(priceE9, quantity, (int)Math.Clamp(orders, 1, int.MaxValue));

    private static int Clamp(long quantity) => (int)Math.Min(quantity, FieldLimits.QuantityMax);

    private static bool IsSameQuote(in MarketUpdate a, in MarketUpdate b) =>
        a.BidPriceE9 == b.BidPriceE9 && a.BidQuantity == b.BidQuantity && a.BidOrders == b.BidOrders &&
        a.AskPriceE9 == b.AskPriceE9 && a.AskQuantity == b.AskQuantity && a.AskOrders == b.AskOrders;

    private static Side AggressorOf(MboSide side) => side switch
    {
        MboSide.Bid => Side.Buy,
        MboSide.Ask => Side.Sell,
        _ => Side.None,
    };

    private void ThrowAggregate() => throw new DbnFormatException(
        $"{_reader.Name}: record {_reader.RecordsRead} is of a price level; a file of orders, schema mbo, is needed.");
}
