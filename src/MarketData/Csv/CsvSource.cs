using ExecutionPipeline.MarketData.Books;
using ExecutionPipeline.MarketData.Dbn;
using ExecutionPipeline.MarketData.Sources;
using ExecutionPipeline.Messages.Events;
using nietras.SeparatedValues;
using ZstdSharp;

namespace ExecutionPipeline.MarketData.Csv;

/// <summary>What is assumed where a CSV file does not say it.</summary>
public sealed class CsvSourceOptions
{
    /// <summary>
    /// How far apart the bid and the offer that are made up around a trade bar's prices are, in 1e-9; 0: no quotes are
    /// made up, as when another file has them. Default 0.01.
    /// </summary>
    public long BarSpreadE9 { get; init; } = 10_000_000;
}

/// <summary>
/// Plays a CSV file as updates: quotes, trades or bars with a header that names its columns, or second or minute bars
/// by the file's name. Plain, or packed with gzip, zstd or as the one file of a zip. Nothing is allocated per row.
/// </summary>
/// <remarks>
/// A bar's time is its beginning. It is played as four points, a quarter of its period apart: first, the two extremes
/// in the order that the last price suggests, last. Points of equal prices are one. A trade bar's volume is divided
/// among its points, with the rest at the last; where there are fewer contracts than points, the last points have one.
/// The quote around a trade bar's price is made up: a price above the one before is a buyer's, who paid the offer.
/// </remarks>
public sealed class CsvSource : IMarketSource, IDisposable
{
    private readonly CompressedFile _file;
    private readonly SepReader _reader;
    private readonly CsvLayout _layout;
    private readonly CsvRowParser _parser;
    private readonly long _spreadE9;
    private CsvRow _row;
    private CsvRow _next;
    private MarketUpdate _quote;
    private MarketCounts _counts;
    private MarketDataException? _problem;
    private Side _aggressor;
    private long _barNs;
    private long _stepNs;
    private long _timeNs = 1;
    private long _lastTradeE9;
    private long _line;
    private int _point = BarPrices.Points;
    private int _points;
    private int _pointsLeft;
    private int _quantityLeft;
    private bool _hasNext;

    private CsvSource(CompressedFile file, string name, CsvSourceOptions options)
    {
        (_file, Name) = (file, name);
        _reader = Sep.New(',').Reader(o => o with { HasHeader = false, DisableColCountCheck = true })
            .From(file.Content);
        _layout = CsvLayout.OfName(name, file.EntryName) ?? ReadHeader();
        _parser = new CsvRowParser(_layout);
        _barNs = _layout.BarNs ?? 0;
        _spreadE9 = _layout.IsBars && _layout.HasTrades ? options.BarSpreadE9 : 0;
        _quote = MarketQuotes.Absent;
        _aggressor = _layout.HasQuotes || _spreadE9 > 0 ? Side.Buy : Side.None;
        ReadAhead();
    }

    /// <summary>The file's name, for messages.</summary>
    public string Name { get; }

    public MarketCapabilities Capabilities =>
        new(DetailOf(_layout), _layout.HasQuotes || _spreadE9 > 0 ? 1 : 0, _layout.HasTrades);

    public MarketCounts Counts => _counts;

    /// <summary>Opens a file.</summary>
    /// <exception cref="MarketDataException">A column is unknown or missing.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static CsvSource Open(string path, CsvSourceOptions? options = null) =>
        Open(CompressedFile.Open(path), Path.GetFileName(path), options);

    /// <summary>Reads from a stream that can seek, which the source then owns. The name is for messages.</summary>
    /// <exception cref="MarketDataException">A column is unknown or missing.</exception>
    public static CsvSource Open(Stream stream, string name, CsvSourceOptions? options = null) =>
        Open(new CompressedFile(stream, name), name, options);

    /// <exception cref="MarketDataException">A row cannot be used; those before it have been played.</exception>
    public bool TryNext(ref MarketUpdate update)
    {
        while (true)
        {
            if (_point == BarPrices.Points && !TryTakeRow())
                return _problem == null ? false : throw _problem;

            while (_point < BarPrices.Points)
            {
                if (TryPlay(_point++, ref update))
                    return true;
            }
        }
    }

    public int CopyDepth(Side side, Span<BookLevel> levels)
    {
        var best = side == Side.Buy
            ? new BookLevel(_quote.BidPriceE9, _quote.BidQuantity, _quote.BidOrders)
            : new BookLevel(_quote.AskPriceE9, _quote.AskQuantity, _quote.AskOrders);
        if (levels.IsEmpty || !best.HasOrders)
            return 0;

        levels[0] = best;
        return 1;
    }

    public void Dispose()
    {
        _reader.Dispose();
        _file.Dispose();
    }

    private static CsvSource Open(CompressedFile file, string name, CsvSourceOptions? options)
    {
        try
        {
            return new CsvSource(file, name, options ?? new CsvSourceOptions());
        }
        catch (NotSupportedException problem)
        {
            file.Dispose();
            throw TooLong(name, 1, problem);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    private CsvLayout ReadHeader()
    {
        if (!TryMove())
        {
            throw _problem
                ?? new MarketDataException($"{Name}: the file is empty; a header that names columns is needed.");
        }

        var row = _reader.Current;
        var names = new string[row.ColCount];
        for (var i = 0; i < names.Length; i++)
            names[i] = row[i].ToString();

        try
        {
            return CsvLayout.OfHeader(names);
        }
        catch (FormatException problem)
        {
            throw new MarketDataException($"{Name}: {problem.Message}.", problem);
        }
    }

    /// <summary>Reads the next row beside the current one. Whole rows before damage are played.</summary>
    private void ReadAhead()
    {
        _hasNext = false;
        while (_problem == null && TryMove())
        {
            var row = _reader.Current;
            if (row.ColCount == 1 && row[0].Span.IsWhiteSpace())
                continue;

            try
            {
                _parser.Read(row, ref _next);
                _hasNext = true;
                return;
            }
            catch (FormatException problem)
            {
                _problem = new MarketDataException($"{Name}: line {_line}: {problem.Message}.", problem);
            }
        }
    }

    private bool TryMove()
    {
        _line++;
        try
        {
            return _reader.MoveNext();
        }
        catch (Exception problem) when (problem is InvalidDataException or EndOfStreamException or ZstdException)
        {
            _problem = new MarketDataException(
                $"{Name}: the packed data are cut off or damaged at line {_line}.", problem);
            return false;
        }
        catch (NotSupportedException problem)
        {
            _problem = TooLong(Name, _line, problem);
            return false;
        }
    }

    private static MarketDataException TooLong(string name, long line, NotSupportedException problem) => new(
        $"{name}: line {line}: the row is too long to be one; a quotation mark may not be closed.", problem);

    private bool TryTakeRow()
    {
        if (!_hasNext)
            return false;

        _counts.RecordsApplied++;
        if (_next.TimeNs < _row.TimeNs)
            _counts.RecordsBackInTime++;

        _row = _next;
        ReadAhead();
        _point = BarPrices.Points - 1;
        _stepNs = 0;
        if (_layout.IsBars)
            BeginBar();

        _points = CountPoints();
        _pointsLeft = _points;
        _quantityLeft = _row.TradeQuantity;
        return true;
    }

    /// <summary>A bar lasts until the next one, but no longer than the shortest time between two so far.</summary>
    private void BeginBar()
    {
        var gapNs = _hasNext ? _next.TimeNs - _row.TimeNs : 0;
        if (gapNs > 0 && _layout.BarNs == null)
            _barNs = _barNs == 0 ? gapNs : Math.Min(_barNs, gapNs);

        _point = 0;
        _stepNs = (gapNs > 0 ? Math.Min(_barNs, gapNs) : _barNs) / BarPrices.Points;
    }

    private int CountPoints()
    {
        var count = 1;
        for (var point = _point + 1; point < BarPrices.Points; point++)
            count += _row.Trade.At(point) == _row.Trade.At(point - 1) ? 0 : 1;

        return count;
    }

    /// <summary>Plays one point of a row; false where nothing happens at it.</summary>
    private bool TryPlay(int point, ref MarketUpdate update)
    {
        _timeNs = Math.Max(_timeNs, _row.TimeNs + point * _stepNs);
        var hasNewQuote = _layout.HasQuotes && TryQuote(point);
        var quantity = TakeQuantity(point);
        if (quantity == 0 && !hasNewQuote)
            return false;

        var priceE9 = _row.Trade.At(point);
        if (quantity > 0)
            Trade(priceE9, quantity);

        update = _quote;
        (update.ExchangeTimeNs, update.SendTimeNs) = (_timeNs, _timeNs);
        if (quantity > 0)
            (update.TradePriceE9, update.TradeQuantity, update.Aggressor) = (priceE9, quantity, _aggressor);

        return true;
    }

    private bool TryQuote(int point)
    {
        var before = _quote;
        var (bidE9, askE9) = (_row.Bid.At(point), _row.Ask.At(point));
        var hasBoth = _row is { BidQuantity: > 0, AskQuantity: > 0 };
        var isCrossed = hasBoth && bidE9 > askE9;
        if (isCrossed)
            _counts.CrossedEvents++;

        SetBid(bidE9, isCrossed ? 0 : _row.BidQuantity);
        SetAsk(askE9, isCrossed ? 0 : _row.AskQuantity);
        return !MarketQuotes.AreSame(in before, in _quote);
    }

    private int TakeQuantity(int point)
    {
        if (_quantityLeft == 0 || (_layout.IsBars && point > 0 && _row.Trade.At(point) == _row.Trade.At(point - 1)))
            return 0;

        var share = _row.TradeQuantity / _points;
        var quantity = _pointsLeft == 1 ? _quantityLeft : share > 0 ? share : _pointsLeft <= _quantityLeft ? 1 : 0;
        _pointsLeft--;
        _quantityLeft -= quantity;
        return quantity;
    }

    private void Trade(long priceE9, int quantity)
    {
        _counts.Trades++;
        _counts.TradedQuantity += quantity;
        if (_layout.HasQuotes)
            _aggressor = MarketQuotes.AggressorOf(priceE9, in _quote, _lastTradeE9, _aggressor);
        else if (_spreadE9 > 0)
            _aggressor = MarketQuotes.AggressorOf(priceE9, default, _lastTradeE9, _aggressor);

        _lastTradeE9 = priceE9;
        if (_spreadE9 == 0)
            return;

        var isBought = _aggressor == Side.Buy;
        SetBid(isBought ? priceE9 - _spreadE9 : priceE9, _row.TradeQuantity);
        SetAsk(isBought ? priceE9 : priceE9 + _spreadE9, _row.TradeQuantity);
    }

    private void SetBid(long priceE9, int quantity) => (_quote.BidPriceE9, _quote.BidQuantity, _quote.BidOrders) =
        quantity > 0 && priceE9 > 0 ? (priceE9, quantity, 1) : (MarketUpdate.NoPrice, 0, 0);

    private void SetAsk(long priceE9, int quantity) => (_quote.AskPriceE9, _quote.AskQuantity, _quote.AskOrders) =
        quantity > 0 ? (priceE9, quantity, 1) : (MarketUpdate.NoPrice, 0, 0);

    private static MarketDetail DetailOf(CsvLayout layout)
    {
        if (layout.HasQuotes)
            return MarketDetail.BestQuotes;

        return layout.IsBars ? MarketDetail.Bars : MarketDetail.Trades;
    }
}
