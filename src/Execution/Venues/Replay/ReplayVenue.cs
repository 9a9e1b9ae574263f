using ExecutionPipeline.Execution.Calendars;
using ExecutionPipeline.Execution.Instruments;
using ExecutionPipeline.Execution.Orders;
using ExecutionPipeline.Messages.Events;
using Queue = ExecutionPipeline.Execution.Venues.RestingOrders.Queue;

namespace ExecutionPipeline.Execution.Venues.Replay;

/// <summary>
/// A venue in a recorded market of one instrument: own orders take what really rests there, stand in the real queue and
/// trade with what really traded, and never change the history. <see cref="OnRecord"/> must be called after each
/// record. Deterministic; nothing is allocated after the start.
/// <list type="bullet">
/// <item>An order that comes in takes the book's levels up to its limit, each contract of the book once.</item>
/// <item>A resting order trades at its limit with recorded trades at its price, as the fill model says; with all that
/// traded at a worse price; and with a recorded order that came to rest across its price.</item>
/// <item>An iceberg order stands in the queue with all that it has.</item>
/// <item>A stop is touched by the best price of the side that it would trade with, or by a trade.</item>
/// </list>
/// </summary>
public sealed class ReplayVenue : IVenueGateway
{
    private const int DepthLevels = 64;

    private readonly Instrument _instrument;
    private readonly IRecordedMarket _market;
    private readonly VenueReports _reports;
    private readonly ReplayVenueOptions _options;
    private readonly TradingDay _day;
    private readonly RestingOrders _orders;
    private readonly TakenLiquidity _taken = new();
    private readonly int[] _places;
    private readonly int[] _shares;
    private readonly RecordedLevel[] _depth = new RecordedLevel[DepthLevels];
    private VenueDice _dice;

    /// <param name="instruments">Of the orders' indices.</param>
    /// <param name="instrument">The index of the one that is replayed.</param>
    /// <param name="market">As it is played.</param>
    /// <param name="sink">Takes the reports.</param>
    /// <param name="options">Validated here.</param>
    /// <param name="venue">The venue's number, which every report states.</param>
    /// <exception cref="ArgumentException">An option is out of range.</exception>
    public ReplayVenue(
        InstrumentTable instruments,
        int instrument,
        IRecordedMarket market,
        IReportSink sink,
        ReplayVenueOptions options,
        byte venue = 0)
    {
        options.Validate();
        _instrument = instruments[instrument];
        _market = market;
        _options = options;
        _reports = new VenueReports(instruments, sink, venue);
        _day = new TradingDay(new TradingDayOptions());
        _dice = new VenueDice(options.Seed);
        _orders = new RestingOrders(instruments.Count, options.MaxRestingOrders);
        _places = new int[options.MaxRestingOrders + 1];
        _shares = new int[options.MaxRestingOrders + 1];
        var isQueueMissing = options.Model == FillModel.QueueAhead && !market.HasQueues;
        Model = isQueueMissing ? FillModel.Fraction : options.Model;
        Note = isQueueMissing
            ? "The data has no single orders: resting orders have a share of each trade, not a place in the queue."
            : "";
    }

    /// <summary>The model that is used: the one asked for, or the best that the data allows.</summary>
    public FillModel Model { get; }

    /// <summary>Why another model is used than asked for, in one sentence; empty where it is not.</summary>
    public string Note { get; }

    /// <summary>Own orders that rest, stops that wait included.</summary>
    public int RestingOrders => _orders.CountOf(_instrument.Index);

    public void Submit(in Order order, long timeNs)
    {
        OnTime(timeNs);
        var taken = new VenueOrder(order);
        var reason = Check(taken, timeNs);
        if (reason != VenueRejectReason.None)
        {
            _reports.Reject(taken, reason, timeNs);
            return;
        }

        _reports.Tell(ExecutionReportKind.New, taken, timeNs);
        if (!taken.IsStop && (taken.IsImmediate || taken.Type == OrderType.Market))
        {
            Match(ref taken, timeNs);
            if (taken.Leaves > 0)
                _reports.End(ExecutionReportKind.Expired, taken, timeNs);
            return;
        }

        Work(_orders.Add(taken, ExpiryOf(taken)), timeNs);
    }

    public void Cancel(in Order order, long timeNs)
    {
        OnTime(timeNs);
        var slot = _orders.Find(order.OrderId);
        if (slot == 0)
            _reports.RefuseUnknown(ExecutionReportKind.CancelRejected, order, timeNs);
        else
            End(slot, ExecutionReportKind.Cancelled, timeNs);
    }

    public void Replace(in Order order, in OrderTerms terms, long timeNs)
    {
        OnTime(timeNs);
        var slot = _orders.Find(order.OrderId);
        if (slot == 0)
        {
            _reports.RefuseUnknown(ExecutionReportKind.ReplaceRejected, order, timeNs);
            return;
        }

        ref var resting = ref _orders[slot].Order;
        if (terms.Quantity > 0 && terms.Quantity <= resting.Cumulative)
        {
            End(slot, ExecutionReportKind.Cancelled, timeNs);
            return;
        }

        var isPriced = resting.IsPriced(_instrument, terms.LimitPriceE9, terms.TriggerPriceE9);
        if (terms.Quantity <= 0 || !isPriced)
        {
            var reason = isPriced ? VenueRejectReason.InvalidQuantity : VenueRejectReason.InvalidPrice;
            _reports.Refuse(ExecutionReportKind.ReplaceRejected, resting, reason, timeNs);
            return;
        }

        Replace(slot, terms, timeNs);
    }

    public bool TryCancelAll(long timeNs)
    {
        for (var slot = 1; slot <= _orders.LastSlot; slot++)
        {
            if (_orders[slot].Order.OrderId != 0)
                End(slot, ExecutionReportKind.Cancelled, timeNs);
        }
        return true;
    }

    /// <summary>The market is another file's: what rests goes to the end of its queues there.</summary>
    public void Rejoin()
    {
        _taken.Clear();
        Join(leaves: false);
    }

    /// <summary>The same market has told what stood there before: what rests goes behind that.</summary>
    public void JoinAgain() => Join(leaves: true);

    private void Join(bool leaves)
    {
        for (var slot = 1; slot <= _orders.LastSlot; slot++)
        {
            ref readonly var order = ref _orders[slot].Order;
            if (order.OrderId == 0 || order.IsStop)
                continue;

            if (leaves)
                _market.Leave(_places[slot]);
            _places[slot] = _market.Join(order.Side, order.LimitE9);
        }
    }

    public void RequestStatus(in Order order, long timeNs)
    {
        OnTime(timeNs);
        _orders.TellStatus(order, _reports, timeNs);
    }

    public void RequestOpenOrders(long timeNs)
    {
        OnTime(timeNs);
        _orders.TellOpen(_reports, timeNs);
    }

    /// <summary>Takes in what the record that was played last means for own orders.</summary>
    public void OnRecord(long timeNs)
    {
        OnTime(timeNs);
        var change = _market.Change;
        if (change.IsRestarted)
            _taken.Clear();
        if (change.Side == Side.None)
            return;

        if (RestingOrders > 0)
        {
            if (change.Filled > 0)
                TradeWithFill(change, timeNs);
            if (change.Came > 0)
                TradeWithArrival(change, timeNs);
            TouchStops(Queue.BuyStops, change, timeNs);
            TouchStops(Queue.SellStops, change, timeNs);
        }

        if (change.Gone > 0)
            _taken.Leave(change.Side, change.PriceE9, change.Gone);
    }

    private static Queue QueueOf(Side side) => side == Side.Buy ? Queue.Bids : Queue.Offers;

    private static Side OppositeOf(Side side) => side == Side.Buy ? Side.Sell : Side.Buy;

    private static bool IsWithin(Side side, long priceE9, long limitE9) =>
        side == Side.Buy ? priceE9 <= limitE9 : priceE9 >= limitE9;

    private VenueRejectReason Check(in VenueOrder order, long timeNs)
    {
        if (order.Instrument != _instrument.Index)
            return VenueRejectReason.UnknownInstrument;
        if (order.Quantity <= 0 || order.Side is not (Side.Buy or Side.Sell)
            || order.Peak < 0 || order.Peak > order.Quantity)
            return VenueRejectReason.InvalidQuantity;
        if (!order.IsKnown(timeNs))
            return VenueRejectReason.InvalidOrder;
        if (!order.IsPriced(_instrument, order.LimitE9, order.TriggerE9))
            return VenueRejectReason.InvalidPrice;
        if (order.Type == OrderType.Market && BestE9(OppositeOf(order.Side)) == MarketUpdate.NoPrice)
            return VenueRejectReason.NoMarket;
        if (_reports.Knows(order.OrderId))
            return VenueRejectReason.DuplicateOrder;

        return _orders.IsFull && !order.IsImmediate ? VenueRejectReason.TooManyOrders : VenueRejectReason.None;
    }

    private long ExpiryOf(in VenueOrder order) => order.TimeInForce switch
    {
        TimeInForce.Day => _day.EndNs,
        TimeInForce.GoodTillDate => order.ExpireNs,
        _ => long.MaxValue,
    };

    private void OnTime(long timeNs)
    {
        _day.TryRoll(timeNs);
        while (timeNs >= _orders.NextExpiryNs)
            End(_orders.FirstToExpire, ExecutionReportKind.Expired, timeNs);
    }

    private long BestE9(Side side) =>
        _market.CopyDepth(side, _depth.AsSpan(0, 1)) > 0 ? _depth[0].PriceE9 : MarketUpdate.NoPrice;

    /// <summary>Takes what rests in the book, and is not taken already, up to the order's limit.</summary>
    private void Match(ref VenueOrder order, long timeNs)
    {
        var side = OppositeOf(order.Side);
        var depth = _depth.AsSpan(0, _market.CopyDepth(side, _depth));
        if (depth.IsEmpty)
            return;

        var reachE9 = _options.ProtectionTicks * _instrument.TickSizeE9 * (order.Side == Side.Buy ? 1 : -1);
        var limitE9 = order.Type == OrderType.Market ? depth[0].PriceE9 + reachE9 : order.LimitE9;
        if (order.TimeInForce == TimeInForce.FillOrKill && AvailableTo(order.Side, depth, limitE9) < order.Leaves)
            return;

        foreach (ref readonly var level in depth)
        {
            if (order.Leaves == 0 || !IsWithin(order.Side, level.PriceE9, limitE9))
                return;

            var free = level.Quantity - _taken.At(side, level.PriceE9);
            var quantity = (int)Math.Min(order.Leaves, Math.Max(0, free));
            if (quantity == 0)
                continue;

            _taken.Add(side, level.PriceE9, quantity);
            order.Cumulative += quantity;
            _reports.Trade(order, quantity, level.PriceE9, timeNs);
        }
    }

    private long AvailableTo(Side side, ReadOnlySpan<RecordedLevel> depth, long limitE9)
    {
        var sum = 0L;
        foreach (ref readonly var level in depth)
        {
            if (IsWithin(side, level.PriceE9, limitE9))
                sum += Math.Max(0, level.Quantity - _taken.At(OppositeOf(side), level.PriceE9));
        }

        return sum;
    }

    /// <summary>Does what an order that is in no queue asks for now.</summary>
    private void Work(int slot, long timeNs)
    {
        ref var order = ref _orders[slot].Order;
        if (order.IsStop)
        {
            var queue = order.Side == Side.Buy ? Queue.BuyStops : Queue.SellStops;
            if (!IsTouched(queue, order.TriggerE9, tradeE9: 0))
            {
                _orders.Join(slot, queue, order.TriggerE9, displayed: 0);
                return;
            }

            order.Type = order.Type == OrderType.Stop ? OrderType.Market : OrderType.Limit;
            _reports.Tell(ExecutionReportKind.Triggered, order, timeNs);
        }

        Match(ref order, timeNs);
        if (order.Leaves > 0 && order.Type != OrderType.Market)
        {
            _orders.Join(slot, QueueOf(order.Side), order.LimitE9, displayed: 0);
            _places[slot] = _market.Join(order.Side, order.LimitE9);
            _shares[slot] = 0;
            return;
        }

        if (order.Leaves > 0)
            _reports.End(ExecutionReportKind.Expired, order, timeNs);
        _orders.Remove(slot);
    }

    private void Replace(int slot, in OrderTerms terms, long timeNs)
    {
        ref var order = ref _orders[slot].Order;
        var keepsPlace = terms.Quantity <= order.Quantity
            && (order.IsStop ? terms.TriggerPriceE9 == order.TriggerE9 : terms.LimitPriceE9 == order.LimitE9);
        if (!keepsPlace)
            LeaveQueue(slot);

        order.LimitE9 = terms.LimitPriceE9;
        order.TriggerE9 = terms.TriggerPriceE9;
        if (keepsPlace)
            _orders.Shrink(slot, terms.Quantity);
        else
            order.Quantity = terms.Quantity;

        _reports.Tell(ExecutionReportKind.Replaced, order, timeNs);
        if (!keepsPlace)
            Work(slot, timeNs);
    }

    private void LeaveQueue(int slot)
    {
        if (!_orders[slot].Order.IsStop)
            _market.Leave(_places[slot]);
        _orders.Leave(slot);
    }

    private void End(int slot, ExecutionReportKind kind, long timeNs)
    {
        _reports.End(kind, _orders[slot].Order, timeNs);
        LeaveQueue(slot);
        _orders.Remove(slot);
    }

    /// <summary>Gives own orders what of a recorded fill they would have had, each contract once.</summary>
    private void TradeWithFill(in RecordedChange change, long timeNs)
    {
        var given = 0;
        var queue = QueueOf(change.Side);
        for (var level = _orders.BestLevel(_instrument.Index, queue); level != 0;)
        {
            var priceE9 = _orders.PriceOf(level, queue);
            if (!IsWithin(change.Side, change.PriceE9, priceE9))
                return;

            var isAtPrice = priceE9 == change.PriceE9;
            var nextLevel = _orders.LevelAfter(level);
            for (var slot = _orders.HeadOf(level); slot != 0;)
            {
                var next = _orders[slot].Next;
                var left = change.Filled - given;
                var share = isAtPrice ? ShareOf(slot, change) - (Model == FillModel.QueueAhead ? given : 0) : left;
                given += Execute(slot, Math.Min(share, left), timeNs);
                slot = next;
            }

            level = nextLevel;
        }
    }

    /// <summary>What the fill model gives an order of a recorded fill at its own price, in contracts.</summary>
    private int ShareOf(int slot, in RecordedChange change)
    {
        switch (Model)
        {
            case FillModel.QueueAhead:
                return _market.FilledBehind(_places[slot]);
            case FillModel.Hazard:
                return _dice.Hits(_options.HazardBps) ? change.Filled : 0;
            case FillModel.Fraction:
                // What is less than a contract is kept for the next trade.
                var share = _shares[slot] + (long)change.Filled * _options.FractionBps;
                _shares[slot] = (int)(share % 10_000);
                return (int)(share / 10_000);
            default:
                return 0;
        }
    }

    /// <summary>A recorded order that came to rest across own orders would have traded with them.</summary>
    private void TradeWithArrival(in RecordedChange change, long timeNs)
    {
        var side = OppositeOf(change.Side);
        var left = change.Came;
        while (left > 0 && _orders.BestLevel(_instrument.Index, QueueOf(side)) is var level and not 0
            && IsWithin(side, change.CamePriceE9, _orders.PriceOf(level, QueueOf(side))))
            left -= Execute(_orders.HeadOf(level), left, timeNs);

        if (left < change.Came)
            _taken.Add(change.Side, change.CamePriceE9, change.Came - left);
    }

    private int Execute(int slot, int most, long timeNs)
    {
        ref var order = ref _orders[slot].Order;
        var quantity = Math.Min(most, order.Leaves);
        if (quantity <= 0)
            return 0;

        order.Cumulative += quantity;
        _reports.Trade(order, quantity, order.LimitE9, timeNs);
        if (order.Leaves == 0)
        {
            LeaveQueue(slot);
            _orders.Remove(slot);
        }

        return quantity;
    }

    private void TouchStops(Queue queue, in RecordedChange change, long timeNs)
    {
        var tradeE9 = change.Filled > 0 ? change.PriceE9 : 0;
        while (_orders.BestLevel(_instrument.Index, queue) is var level and not 0
            && IsTouched(queue, _orders.PriceOf(level, queue), tradeE9))
        {
            var slot = _orders.HeadOf(level);
            _orders.Leave(slot);
            ref var order = ref _orders[slot].Order;
            order.Type = order.Type == OrderType.Stop ? OrderType.Market : OrderType.Limit;
            _reports.Tell(ExecutionReportKind.Triggered, order, timeNs);
            Work(slot, timeNs);
        }
    }

    private bool IsTouched(Queue queue, long triggerE9, long tradeE9)
    {
        var bestE9 = BestE9(queue == Queue.BuyStops ? Side.Sell : Side.Buy);
        if (bestE9 == MarketUpdate.NoPrice)
            return false;

        return queue == Queue.BuyStops
            ? Math.Max(bestE9, tradeE9) >= triggerE9
            : bestE9 <= triggerE9 || (tradeE9 != 0 && tradeE9 <= triggerE9);
    }
}
