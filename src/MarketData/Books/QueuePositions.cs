using ExecutionPipeline.MarketData.Dbn;

namespace ExecutionPipeline.MarketData.Books;

/// <summary>
/// Places that someone's own orders would have in the queues of a recorded book, which knows nothing of them. What is
/// ahead of a place is what rested at its price when it was taken, less what of that has been cancelled, executed, or
/// has lost its priority since: exact, because the book tells of each order. Nothing is allocated after the start.
/// </summary>
/// <remarks>
/// Places are enumerated in the order in which they would be executed, best price first, so that a venue can hand out
/// to them what traded behind them (<see cref="BookChange.FilledBehind"/>).
/// </remarks>
public sealed class QueuePositions
{
    public const int None = QueueLinks.None;

    private readonly PriceLevels _bids;
    private readonly PriceLevels _asks;
    private readonly QueueLinks _links;
    private readonly Place[] _places;
    private int _free = None;
    private int _used;
    private bool _isRestarting;

    /// <param name="capacity">Places that can be held at once.</param>
    public QueuePositions(int capacity = 1_024)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(capacity);
        _places = new Place[capacity];
        _links = new QueueLinks(capacity);
        _bids = new PriceLevels(isBid: true, capacity);
        _asks = new PriceLevels(isBid: false, capacity);
    }

    /// <summary>Places held now.</summary>
    public int Count { get; private set; }

    /// <summary>Takes a place at the end of a price's queue and returns its handle.</summary>
    /// <exception cref="InvalidOperationException">All places are taken.</exception>
    public int Join(MarketByOrderBook book, MboSide side, long priceE9)
    {
        ArgumentNullException.ThrowIfNull(book);
        if (side is not (MboSide.Bid or MboSide.Ask))
            throw new ArgumentOutOfRangeException(nameof(side), side, "a place is on the bid's or the ask's side");

        var handle = Take();
        var ahead = book.LevelAt(side, priceE9);
        var levels = LevelsOf(side);
        var level = levels.Add(priceE9, 1);
        _places[handle] = new Place
        {
            PriceE9 = priceE9,
            Priority = book.TakePriority(),
            Side = side,
            Level = level,
            QuantityAhead = ahead.Quantity,
            OrdersAhead = ahead.Orders,
            QuantityRestated = ahead.Quantity,
            OrdersRestated = ahead.Orders,
        };
        _links.Append(ref levels.Ends(level), handle);
        Count++;
        return handle;
    }

    /// <summary>Gives a place up.</summary>
    public void Leave(int handle)
    {
        ref var place = ref _places[handle];
        var levels = LevelsOf(place.Side);
        _links.Remove(ref levels.Ends(place.Level), handle);
        levels.Remove(place.Level, 1);
        (place.Level, _free) = (_free, handle);
        Count--;
    }

    /// <summary>Displayed contracts ahead.</summary>
    public long QuantityAhead(int handle) => _places[handle].QuantityAhead;

    /// <summary>Orders ahead.</summary>
    public int OrdersAhead(int handle) => _places[handle].OrdersAhead;

    /// <summary>In 1e-9.</summary>
    public long PriceE9(int handle) => _places[handle].PriceE9;

    /// <summary>The place's time priority among the book's orders.</summary>
    public ulong Priority(int handle) => _places[handle].Priority;

    /// <summary>The place of a side that is executed first, or <see cref="None"/>.</summary>
    public int First(MboSide side)
    {
        var levels = LevelsOf(side);
        return levels.BestIndex < 0 ? None : levels.Ends(levels.BestIndex).First;
    }

    /// <summary>
    /// The place that is executed after this one, or <see cref="None"/>. Ask before leaving this one.
    /// </summary>
    public int Next(int handle)
    {
        var next = _links.Next(handle);
        if (next != QueueLinks.None)
            return next;

        var levels = LevelsOf(_places[handle].Side);
        var level = levels.Next(_places[handle].Level);
        return level < 0 ? None : levels.Ends(level).First;
    }

    /// <summary>
    /// Takes in what a record did to the book. While a snapshot restates the book, what is ahead stays what it was; it
    /// is what the snapshot says from <see cref="EndSnapshot"/>, or from the next record that is not of it.
    /// </summary>
    public void Apply(in BookChange change)
    {
        if (Count == 0)
            return;

        if (change.IsBookRestarted)
            Restart();
        else if (!change.IsOfSnapshot)
            EndSnapshot();

        switch (change.Kind)
        {
            case BookChangeKind.Added when change.IsOfSnapshot:
                Shift(in change, change.Quantity, 1);
                break;
            case BookChangeKind.Reduced:
                Shift(in change, -(long)change.QuantityGone, 0);
                break;
            case BookChangeKind.Removed or BookChangeKind.Requeued:
                Shift(in change, -(long)change.QuantityGone, -1);
                break;
        }
    }

    /// <summary>
    /// The snapshot is whole: what it has at a place's price with a higher priority is what is ahead.
    /// </summary>
    public void EndSnapshot()
    {
        if (!_isRestarting)
            return;

        _isRestarting = false;
        foreach (ref var place in _places.AsSpan(0, _used))
            (place.QuantityAhead, place.OrdersAhead) = (place.QuantityRestated, place.OrdersRestated);
    }

    /// <summary>Changes what is ahead of the places that the order is, or was, ahead of.</summary>
    private void Shift(in BookChange change, long quantity, int orders)
    {
        var levels = LevelsOf(change.Side);
        var level = levels.Find(change.PriceE9);
        if (level < 0)
            return;

        for (var at = levels.Ends(level).Last; at != None && _places[at].Priority > change.Priority;
            at = _links.Previous(at))
        {
            ref var place = ref _places[at];
            if (_isRestarting)
                (place.QuantityRestated, place.OrdersRestated) =
                    (place.QuantityRestated + quantity, place.OrdersRestated + orders);
            else
                (place.QuantityAhead, place.OrdersAhead) = (place.QuantityAhead + quantity, place.OrdersAhead + orders);
        }
    }

    private void Restart()
    {
        _isRestarting = true;
        foreach (ref var place in _places.AsSpan(0, _used))
            (place.QuantityRestated, place.OrdersRestated) = (0, 0);
    }

    private int Take()
    {
        if (_free == None)
            return _used < _places.Length ? _used++ : ThrowFull();

        var handle = _free;
        _free = _places[handle].Level;
        return handle;
    }

    private int ThrowFull() =>
        throw new InvalidOperationException($"all {_places.Length} places in the queues are taken");

    private PriceLevels LevelsOf(MboSide side) => side == MboSide.Bid ? _bids : _asks;

    private struct Place
    {
        public long PriceE9;
        public ulong Priority;
        public long QuantityAhead;
        public long QuantityRestated;
        public int OrdersAhead;
        public int OrdersRestated;
        public int Level;
        public MboSide Side;
    }
}
