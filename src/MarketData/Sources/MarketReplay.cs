using ExecutionPipeline.MarketData.Books;
using ExecutionPipeline.MarketData.Dbn;
using ExecutionPipeline.Messages.Events;
using ExecutionPipeline.Messages.Ingress;

namespace ExecutionPipeline.MarketData.Sources;

/// <summary>
/// Plays an order-by-order file: at the end of each of the venue's events one update for each of its trades, or one
/// when the best bid or offer has changed. Nothing is allocated once the book has had its size.
/// </summary>
public sealed class MarketReplay : IMarketSource, IDisposable
{
    private readonly DbnReader _reader;
    private readonly MarketByOrderBook _book = new();
    private readonly TradeQueue _trades = new();
    private readonly bool _includesCrossedQuotes;
    private bool _hasBegun;
    private uint? _instrumentId;
    private MarketUpdate _quote = Absent;

    // The pipeline's edge takes only times after the epoch; a file may have none.
    private long _timeNs = 1;

    /// <param name="reader">The file, which the replay then owns.</param>
    /// <param name="options">Defaults when null.</param>
    public MarketReplay(DbnReader reader, MarketReplayOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(reader);
        _reader = reader;
        _instrumentId = options?.InstrumentId;
        _includesCrossedQuotes = options?.IncludesCrossedQuotes ?? false;
        _hasBegun = !(options?.StartsAtFirstTrade ?? false);
    }

    /// <summary>The book as the records so far left it.</summary>
    public IOrderBook Book => _book;

    /// <summary>Order records of the followed instrument so far.</summary>
    public long RecordsApplied { get; private set; }

    /// <summary>Order records of other instruments so far, which were passed over.</summary>
    public long RecordsOfOthers { get; private set; }

    /// <summary>Records so far that contradicted the book and were passed over.</summary>
    public long RecordsRefused { get; private set; }

    /// <summary>Events so far after which the book was crossed.</summary>
    public long CrossedEvents { get; private set; }

    /// <summary>Trades so far.</summary>
    public long Trades { get; private set; }

    /// <summary>Contracts traded so far.</summary>
    public long TradedQuantity { get; private set; }

    private static MarketUpdate Absent => new()
    {
        BidPriceE9 = MarketUpdate.NoPrice,
        AskPriceE9 = MarketUpdate.NoPrice,
        TradePriceE9 = MarketUpdate.NoPrice,
    };

    /// <summary>Opens a file for replay.</summary>
    /// <exception cref="DbnFormatException">It is not a DBN file of orders that is read here.</exception>
    public static MarketReplay Open(string path, MarketReplayOptions? options = null) =>
        new(DbnReader.Open(path), options);

    /// <exception cref="DbnFormatException">The file is damaged, or has aggregated levels for orders.</exception>
    public bool TryNext(ref MarketUpdate update)
    {
        var record = default(MboRecord);
        while (!TryTakeTrade(ref update))
        {
            if (!_reader.TryRead(ref record))
                return TryFinish(ref update);
            if (IsOfInterest(in record) && IsEventEnd(in record) && TryTakeQuote(ref update))
                return true;
        }

        return true;
    }

    public void Dispose() => _reader.Dispose();

    private bool IsOfInterest(in MboRecord record)
    {
        _instrumentId ??= record.InstrumentId;
        if (record.InstrumentId == _instrumentId)
            return true;

        RecordsOfOthers++;
        return false;
    }

    /// <summary>Applies the record. True when the book is whole after it and the replay has begun.</summary>
    private bool IsEventEnd(in MboRecord record)
    {
        if (record.IsAggregate)
            ThrowAggregate();

        RecordsApplied++;
        _timeNs = Math.Max(_timeNs, record.EventTimeNs);
        if (!_book.TryApply(in record))
            RecordsRefused++;
        if (record.Action == MboAction.Trade)
            Queue(in record);
        if (!record.IsLast || record.IsSnapshot)
            return false;

        _trades.Release();
        _hasBegun |= _trades.HasReleased;
        return _hasBegun;
    }

    private void Queue(in MboRecord record)
    {
        if (record.Quantity is 0 or > FieldLimits.QuantityMax || record.PriceE9 is <= 0 or > FieldLimits.PriceMaxE9)
        {
            RecordsRefused++;
            return;
        }

        Trades++;
        TradedQuantity += record.Quantity;
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

    /// <summary>Trades of an event that the file cuts off happened all the same.</summary>
    private bool TryFinish(ref MarketUpdate update)
    {
        if (_trades.HasPending)
            ReadQuote();

        _trades.Release();
        return TryTakeTrade(ref update);
    }

    private void ReadQuote()
    {
        var bid = _book.BestBid;
        var ask = _book.BestAsk;
        _quote = Absent;
        if (bid.HasOrders && ask.HasOrders && bid.PriceE9 > ask.PriceE9)
        {
            CrossedEvents++;
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
