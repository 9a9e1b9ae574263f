using ExecutionPipeline.MarketData.Books;
using ExecutionPipeline.MarketData.Dbn;
using ExecutionPipeline.Messages.Events;
using ExecutionPipeline.Messages.Ingress;

namespace ExecutionPipeline.MarketData.Sources;

/// <summary>
/// Plays a DBN file forward, record by record, with the market as each record leaves it. Of a file of single orders
/// (schema mbo) it has the whole book, what each record did to it, and the places that someone's own orders would have
/// in its queues. Nothing is allocated once the book has had its size.
/// </summary>
/// <remarks>
/// A book that a lost record left crossed is uncrossed when an event has ended: where an order traded by aggression,
/// what rests at a better price than it traded at cannot be there any more; and while trading is continuous, what
/// crosses the order that came last cannot either. Such orders are counted. In an auction orders may cross: it has
/// ended with the first trade that has an aggressor, and may have begun again with one that has none.
/// </remarks>
public sealed class DbnReplay : IDisposable
{
    /// <summary>In a file that marks the ends of events, a pause this long ends one whose mark is missing.</summary>
    private const long LongestPauseNs = 1_000_000_000;

    private readonly DbnReader _reader;
    private readonly MboRecord[] _records = new MboRecord[2];
    private readonly LevelDepth[] _depths = new LevelDepth[2];
    private uint[] _instrumentIds;
    private MarketCounts _counts;
    private BookChange _change;
    private MarketDataException? _problem;
    private int _current = 1;
    private int _followed;
    private int _next;
    private bool _hasNext;
    private bool _hasStarted;

    // Until a mark has been seen, any later time is taken for the next event's.
    private long _eventPauseNs;

    private MboSide _aggressor;
    private MboSide _latest;
    private long _tradePriceE9;
    private bool _isContinuous;

    /// <param name="reader">The file, which the replay then owns.</param>
    /// <param name="instrumentIds">
    /// The venue's ids of the instruments to follow, one after the other; none or null: that of the first record.
    /// </param>
    /// <param name="places">Own orders that can stand in the book's queues at once.</param>
    public DbnReplay(DbnReader reader, IReadOnlyList<uint>? instrumentIds = null, int places = 1_024)
    {
        ArgumentNullException.ThrowIfNull(reader);
        _reader = reader;
        _instrumentIds = [.. instrumentIds ?? []];
        Queues = new QueuePositions(places);
        Capabilities = MarketCapabilities.Of(reader.Metadata.Schema);
    }

    /// <summary>The file's name, for messages.</summary>
    public string Name => _reader.Name;

    /// <summary>What the file's schema can tell.</summary>
    public MarketCapabilities Capabilities { get; }

    /// <summary>The book as the records so far left it; empty when the file has no single orders.</summary>
    public MarketByOrderBook Book { get; } = new();

    /// <summary>The places of own orders in the book's queues, kept up with each record.</summary>
    public QueuePositions Queues { get; }

    /// <summary>The record that was played last.</summary>
    public ref readonly MboRecord Record => ref _records[_current];

    /// <summary>What that record did to the book.</summary>
    public ref readonly BookChange Change => ref _change;

    /// <summary>
    /// The latest time so far, nanoseconds since the Unix epoch; it never goes back. The pipeline's edge takes only
    /// times after the epoch; a file may have none.
    /// </summary>
    public long TimeNs { get; private set; } = 1;

    /// <summary>Whether the record was the last of the venue's event.</summary>
    public bool IsEventEnd { get; private set; }

    /// <summary>Whether the market is whole: the record was the last of an event or of a snapshot.</summary>
    public bool IsWhole { get; private set; }

    /// <summary>Whether the record is a trade with a price and a quantity that can be.</summary>
    public bool IsTrade { get; private set; }

    /// <summary>
    /// Whether orders that cross trade at once: from the first trade that has an aggressor, until one that has none.
    /// </summary>
    public bool IsContinuous => _isContinuous;

    public MarketCounts Counts => _counts;

    /// <summary>The highest bid; empty when there is none.</summary>
    public BookLevel BestBid => _reader.IsByOrder ? Book.BestBid : LevelOf(Side.Buy, 0);

    /// <summary>The lowest offer; empty when there is none.</summary>
    public BookLevel BestAsk => _reader.IsByOrder ? Book.BestAsk : LevelOf(Side.Sell, 0);

    /// <summary>Whether there is another record; where the file is damaged, <see cref="TryNext"/> says so.</summary>
    public bool HasNext
    {
        get
        {
            if (!_hasStarted)
                Start();

            return _hasNext;
        }
    }

    /// <summary>The time of the next record, before which nothing happens; <see cref="long.MaxValue"/>: none.</summary>
    public long NextTimeNs => HasNext ? Math.Max(TimeNs, _records[1 - _current].EventTimeNs) : long.MaxValue;

    /// <summary>Writes the best levels of a side, best first, and returns how many there were.</summary>
    public int CopyDepth(Side side, Span<BookLevel> levels)
    {
        if (_reader.IsByOrder)
            return Book.CopyLevels(side == Side.Buy ? MboSide.Bid : MboSide.Ask, levels);

        var count = 0;
        for (var level = 0; level < _depths[_current].Count && count < levels.Length; level++)
        {
            var found = LevelOf(side, level);
            if (found.HasOrders)
                levels[count++] = found;
        }

        return count;
    }

    /// <summary>Plays the next record of the followed instruments. False at the end.</summary>
    /// <exception cref="MarketDataException">The file is damaged here, or has levels for orders.</exception>
    public bool TryNext()
    {
        if (!HasNext)
            return _problem == null ? false : throw _problem;

        _current = 1 - _current;
        if (_next != _followed)
            GoOverToNext();

        Apply(in _records[_current]);
        ReadAhead();
        IsEventEnd = IsEnd(in _records[_current]);
        if (IsEventEnd)
            Uncross();

        var isSnapshotEnd = IsSnapshotEnd(in _records[_current]);
        if (isSnapshotEnd)
            Queues.EndSnapshot();

        IsWhole = IsEventEnd || isSnapshotEnd;

        return true;
    }

    public void Dispose() => _reader.Dispose();

    private void Start()
    {
        _hasStarted = true;
        ReadAhead();
    }

    /// <summary>
    /// Reads the next record of interest beside the current one. Whole records before damage are played.
    /// </summary>
    private void ReadAhead()
    {
        _hasNext = false;
        if (_problem != null)
            return;

        try
        {
            var beside = 1 - _current;
            while (_reader.TryRead(ref _records[beside], ref _depths[beside]))
            {
                if (!IsOfInterest(_records[beside].InstrumentId))
                    continue;

                _hasNext = true;
                return;
            }
        }
        catch (MarketDataException problem)
        {
            _problem = problem;
        }
    }

    /// <summary>Whether the record is of the followed instrument, or of one that is to be followed after it.</summary>
    private bool IsOfInterest(uint id)
    {
        _next = _followed;
        if (_instrumentIds.Length == 0)
            _instrumentIds = [id];
        if (id == _instrumentIds[_followed])
            return true;

        _next = Array.IndexOf(_instrumentIds, id, _followed);
        if (_next > _followed)
            return true;

        _counts.RecordsOfOthers++;
        return false;
    }

    /// <summary>The orders of the instrument before mean nothing to the next one.</summary>
    private void GoOverToNext()
    {
        if (_counts.RecordsApplied > 0)
            _counts.Rolls++;

        _followed = _next;
        _isContinuous = false;
        Book.Clear();
        _change = new BookChange { Kind = BookChangeKind.Cleared, IsBookRestarted = true };
        Queues.Apply(in _change);
    }

    private void Apply(ref readonly MboRecord record)
    {
        _counts.RecordsApplied++;
        if (record.IsAfterGap)
            _counts.RecordsAfterGaps++;
        if (record.EventTimeNs < TimeNs && _counts.RecordsApplied > 1)
            _counts.RecordsBackInTime++;

        TimeNs = Math.Max(TimeNs, record.EventTimeNs);
        if (_reader.IsByOrder)
            ApplyToBook(in record);

        IsTrade = record.Action == MboAction.Trade && IsPassableTrade(in record);
        if (IsTrade)
            CountTrade(in record);
    }

    private void ApplyToBook(ref readonly MboRecord record)
    {
        if (record.IsAggregate)
            ThrowAggregate();
        if (!Book.TryApply(in record, out _change))
            _counts.RecordsRefused++;

        Queues.Apply(in _change);
        if (_change.Kind is BookChangeKind.Added or BookChangeKind.Requeued)
            _latest = _change.Side;
    }

    private bool IsPassableTrade(ref readonly MboRecord record)
    {
        if (record.Quantity is > 0 and <= FieldLimits.QuantityMax
            && record.PriceE9 is > 0 and <= FieldLimits.PriceMaxE9)
            return true;

        _counts.RecordsRefused++;
        return false;
    }

    private void CountTrade(ref readonly MboRecord record)
    {
        _counts.Trades++;
        _counts.TradedQuantity += record.Quantity;
        _aggressor = record.Side;
        _tradePriceE9 = record.PriceE9;
        _isContinuous = record.Side != MboSide.None;
    }

    private bool IsSnapshotEnd(ref readonly MboRecord record) => record.IsSnapshot && _hasNext
        && (!_records[1 - _current].IsSnapshot || _next != _followed);

    /// <summary>
    /// Whether an event has ended with the record; where marks are missing, the next record shows it.
    /// </summary>
    private bool IsEnd(ref readonly MboRecord record)
    {
        if (record.IsSnapshot)
            return false;

        if (record.IsLast)
        {
            _eventPauseNs = LongestPauseNs;
            return true;
        }

        var isCutShort = _hasNext
            && (_records[1 - _current].EventTimeNs - TimeNs > _eventPauseNs || _next != _followed);
        if (isCutShort)
            _counts.EventsWithoutEnd++;

        return isCutShort;
    }

    /// <summary>Takes out what a lost record has left behind.</summary>
    private void Uncross()
    {
        if (_aggressor != MboSide.None && _aggressor != default)
        {
            var passed = _aggressor == MboSide.Bid ? MboSide.Ask : MboSide.Bid;
            while (IsBetter(passed, _tradePriceE9))
                RemoveStale(passed);
        }

        _aggressor = default;
        while (_isContinuous && Book.BestBid is { HasOrders: true } bid && Book.BestAsk is { HasOrders: true } ask
            && bid.PriceE9 >= ask.PriceE9)
            RemoveStale(_latest == MboSide.Bid ? MboSide.Ask : MboSide.Bid);
    }

    private bool IsBetter(MboSide side, long priceE9)
    {
        var best = side == MboSide.Bid ? Book.BestBid : Book.BestAsk;
        return best.HasOrders && (side == MboSide.Bid ? best.PriceE9 > priceE9 : best.PriceE9 < priceE9);
    }

    private void RemoveStale(MboSide side)
    {
        _counts.StaleOrders++;
        Book.TryRemoveBest(side, out var change);
        Queues.Apply(in change);
    }

    /// <summary>Venues that state no number of orders state 0; where there is a quantity, there is an order.</summary>
    private BookLevel LevelOf(Side side, int level)
    {
        ref readonly var depth = ref _depths[_current];
        if (level >= depth.Count)
            return default;

        var pair = depth[level];
        var (priceE9, quantity, orders) = side == Side.Buy
            ? (pair.BidPriceE9, pair.BidQuantity, pair.BidOrders)
            : (pair.AskPriceE9, pair.AskQuantity, pair.AskOrders);
        return quantity == 0 || priceE9 == MboRecord.NoPrice
            ? default
            : new BookLevel(priceE9, quantity, (int)Math.Clamp(orders, 1, int.MaxValue));
    }

    private void ThrowAggregate() => throw new MarketDataException(
        $"{_reader.Name}: record {_reader.RecordsRead} is of a price level; a file of orders, schema mbo, is needed.");
}
