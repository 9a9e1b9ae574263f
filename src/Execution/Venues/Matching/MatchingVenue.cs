using ExecutionPipeline.Execution.Calendars;
using ExecutionPipeline.Execution.Instruments;
using ExecutionPipeline.Execution.Orders;
using ExecutionPipeline.Execution.State;
using ExecutionPipeline.Messages.Events;

namespace ExecutionPipeline.Execution.Venues.Matching;

/// <summary>
/// An order-by-order exchange for several participants: a <see cref="MatchingBook{TListener}"/> for each instrument,
/// with sessions, auctions, expiries, self-trade prevention by participant, and a latency of its own. It lives by event
/// time alone: <see cref="OnTime"/> must be called as time passes. Nothing is allocated once all have connected.
/// </summary>
public sealed class MatchingVenue : IStateful
{
    private readonly InstrumentTable _instruments;
    private readonly MatchingVenueOptions _options;
    private readonly byte _number;
    private readonly MatchingBook<BookEvents>[] _books;
    private readonly VenueSession[] _sessions;
    private readonly TradingDay _day;
    private readonly VenueWire _wire;
    private readonly WorkingOrder[] _orders;
    private readonly ExpiryHeap _expiries;
    private VenueParticipant[] _participants = [];
    private OrderTerms _terms;
    private ExecutionReportKind _endKind;
    private int _free;
    private int _used;

    /// <param name="instruments">Of the orders' indices.</param>
    /// <param name="options">Validated here.</param>
    /// <param name="venue">The venue's number, which every report states.</param>
    /// <exception cref="ArgumentException">
    /// An option is out of range, or an instrument has more prices than a book can have.
    /// </exception>
    public MatchingVenue(InstrumentTable instruments, MatchingVenueOptions options, byte venue = 0)
    {
        options.Validate();
        _instruments = instruments;
        _options = options;
        _number = venue;
        _day = new TradingDay(options.TradingDay);
        _wire = new VenueWire(options);
        _orders = new WorkingOrder[options.MaxOrders + 1];
        _expiries = new ExpiryHeap(options.MaxOrders + 1);
        _books = [.. instruments.All.ToArray().Select(
            i => new MatchingBook<BookEvents>(options.BookOf(i), new BookEvents(this)))];
        _sessions = [.. instruments.All.ToArray().Select(
            i => new VenueSession(i.Calendar, options.OpeningCallMinutes))];
    }

    /// <summary>A participant's way to the venue. Before trading begins.</summary>
    /// <param name="sink">Takes what the participant is told.</param>
    public IVenueGateway Connect(IReportSink sink)
    {
        var participant = new VenueParticipant(this, _wire, _instruments, sink, _participants.Length, _number);
        _participants = [.. _participants, participant];
        return participant;
    }

    /// <summary>The best bid in 1e-9, or <see cref="MarketUpdate.NoPrice"/>.</summary>
    public long BestBidE9(int instrument) => PriceE9(instrument, _books[instrument].BestBidTicks);

    /// <summary>The best offer in 1e-9, or <see cref="MarketUpdate.NoPrice"/>.</summary>
    public long BestOfferE9(int instrument) => PriceE9(instrument, _books[instrument].BestOfferTicks);

    /// <summary>Contracts shown at a price.</summary>
    public long QuantityAt(int instrument, Side side, long priceE9) =>
        _books[instrument].QuantityAt(side, (int)(priceE9 / _instruments[instrument].TickSizeE9));

    public TradingPhase PhaseOf(int instrument) => _books[instrument].Phase;

    /// <summary>
    /// When something happens here that nobody asks for at that time: an arrival, an expiry, a change of phase; in
    /// nanoseconds since the Unix epoch, the greatest number where nothing does.
    /// </summary>
    public long NextNs => Math.Min(Math.Min(_wire.NextNs, _expiries.NextNs), NextSession().TimeNs);

    /// <summary>Orders of a participant that are open. Takes a time that grows with all orders.</summary>
    public int CountOpen(IVenueGateway participant)
    {
        var count = 0;
        for (var slot = 1; slot <= _used; slot++)
        {
            if (_orders[slot].Order.OrderId != 0 && _participants[_orders[slot].Participant] == participant)
                count++;
        }

        return count;
    }

    /// <summary>
    /// Enters a phase of an instrument's market. Leaving an auction trades what was collected at one price.
    /// </summary>
    public void Enter(int instrument, TradingPhase phase, long timeNs)
    {
        OnTime(timeNs);
        ChangePhase(instrument, phase);
    }

    /// <summary>Does what is due by a time, in order of time: arrivals, expiries, changes of phase.</summary>
    public void OnTime(long timeNs)
    {
        while (true)
        {
            var (session, sessionNs) = NextSession();
            var nextNs = Math.Min(Math.Min(_wire.NextNs, _expiries.NextNs), sessionNs);
            if (nextNs > timeNs)
                break;

            _wire.NowNs = Math.Max(_wire.NowNs, nextNs);
            if (sessionNs == nextNs)
                Advance(session, sessionNs == long.MinValue ? timeNs : nextNs);
            else if (_expiries.NextNs == nextNs)
                Cancel(_expiries.First, ExecutionReportKind.Expired);
            else if (_wire.TryTake(timeNs, out var message, out _))
                Arrive(message);
        }

        _wire.NowNs = Math.Max(_wire.NowNs, timeNs);
        _day.TryRoll(_wire.NowNs);
    }

    internal void Send(
        VenueParticipant from, VenueMessageKind kind, in Order order, in OrderTerms terms, long timeNs)
    {
        OnTime(timeNs);
        if (!_wire.TrySend(from, kind, order, terms, timeNs))
            Do(from, kind, order, terms);
    }

    internal void CancelAll(int participant, long timeNs)
    {
        OnTime(timeNs);
        for (var slot = 1; slot <= _used; slot++)
        {
            if (_orders[slot].Order.OrderId != 0 && _orders[slot].Participant == participant)
                Cancel(slot, ExecutionReportKind.Cancelled);
        }
    }

    public void Transfer(StateStream state)
    {
        state.Section("matching venue");
        foreach (var book in _books)
            book.Transfer(state);
        foreach (var session in _sessions)
            session.Transfer(state);
        _day.Transfer(state);
        _wire.Transfer(state);
        state.Array(_orders);
        _expiries.Transfer(state);
        state.Expect(_participants.Length, "participants");
        foreach (var participant in _participants)
            participant.Transfer(state);
        state.Value(ref _free);
        state.Value(ref _used);
    }

    private void Arrive(in VenueMessage message)
    {
        // An order for the day is one for the day in which it arrives, however late somebody looks.
        _day.TryRoll(_wire.NowNs);
        var participant = _participants[message.Participant];
        if (message.Kind == VenueMessageKind.Report)
            participant.Deliver(message.Report);
        else
            Do(participant, message.Kind, message.Order, message.Terms);
    }

    private void Do(VenueParticipant from, VenueMessageKind kind, in Order order, in OrderTerms terms)
    {
        if (kind == VenueMessageKind.Submit)
            Take(from, order);
        else if (kind == VenueMessageKind.Status)
            TellStatus(from, order);
        else if (kind == VenueMessageKind.OpenOrders)
            TellOpenOrders(from);
        else if (!from.Working.TryGet(order.OrderId, out var slot))
            from.Reports.RefuseUnknown(
                kind == VenueMessageKind.Cancel
                    ? ExecutionReportKind.CancelRejected
                    : ExecutionReportKind.ReplaceRejected,
                order,
                _wire.NowNs);
        else if (kind == VenueMessageKind.Cancel)
            Cancel(slot, ExecutionReportKind.Cancelled);
        else
            Replace(from, slot, terms);
    }

    private void TellStatus(VenueParticipant from, in Order order)
    {
        if (from.Working.TryGet(order.OrderId, out var slot))
            from.Reports.TellStatus(_orders[slot].Order, _wire.NowNs);
        else
            from.Reports.TellStatus(order, _wire.NowNs);
    }

    private void TellOpenOrders(VenueParticipant from)
    {
        var count = 0;
        for (var slot = 1; slot <= _used; slot++)
        {
            if (_orders[slot].Order.OrderId == 0 || _orders[slot].Participant != from.Number)
                continue;

            from.Reports.List(_orders[slot].Order, _wire.NowNs);
            count++;
        }

        from.Reports.EndList(count, _wire.NowNs);
    }

    private void Take(VenueParticipant from, in Order order)
    {
        var taken = new VenueOrder(order);
        var reason = Check(from, taken);
        if (reason != VenueRejectReason.None)
        {
            from.Reports.Reject(taken, reason, _wire.NowNs);
            return;
        }

        var slot = Keep(from, taken);
        var tickE9 = _instruments[taken.Instrument].TickSizeE9;
        var isGoodTillDate = taken.TimeInForce == TimeInForce.GoodTillDate;
        _books[taken.Instrument].Submit(new BookOrderRequest
        {
            OrderId = (ulong)slot,
            OwnerId = (uint)from.Number + 1,
            Side = taken.Side,
            Type = taken.Type,
            TimeInForce = isGoodTillDate ? TimeInForce.GoodTillCancel : taken.TimeInForce,
            PriceTicks = Ticks(taken.LimitE9, tickE9),
            StopTicks = Ticks(taken.TriggerE9, tickE9),
            Quantity = taken.Quantity,
            PeakQuantity = taken.Peak,
        });
    }

    private VenueRejectReason Check(VenueParticipant from, in VenueOrder order)
    {
        if ((uint)order.Instrument >= (uint)_instruments.Count)
            return VenueRejectReason.UnknownInstrument;

        var reason = order.CheckPhase(_books[order.Instrument].Phase);
        if (reason != VenueRejectReason.None)
            return reason;
        if (order.Quantity <= 0 || order.Side is not (Side.Buy or Side.Sell))
            return VenueRejectReason.InvalidQuantity;
        if (order.OrderId == 0 || !order.IsKnown(_wire.NowNs))
            return VenueRejectReason.InvalidOrder;
        if (!order.IsPriced(_instruments[order.Instrument], order.LimitE9, order.TriggerE9))
            return VenueRejectReason.InvalidPrice;
        if (from.Working.TryGet(order.OrderId, out _) || from.Reports.Knows(order.OrderId))
            return VenueRejectReason.DuplicateOrder;

        return _free == 0 && _used == _options.MaxOrders ? VenueRejectReason.TooManyOrders : VenueRejectReason.None;
    }

    private int Keep(VenueParticipant from, in VenueOrder order)
    {
        var slot = _free;
        if (slot == 0)
            slot = ++_used;
        else
            _free = _orders[slot].NextFree;

        _orders[slot] = new WorkingOrder { Order = order, Participant = from.Number };
        from.Working.TryAdd(order.OrderId, slot);
        if (order.TimeInForce == TimeInForce.GoodTillDate)
            _expiries.Add(slot, order.ExpireNs);
        else if (order.TimeInForce == TimeInForce.Day)
            _expiries.Add(slot, _options.EnforceSessions ? _sessions[order.Instrument].CloseNs : _day.EndNs);
        return slot;
    }

    private void Forget(int slot)
    {
        ref var working = ref _orders[slot];
        _participants[working.Participant].Working.TryRemove(working.Order.OrderId);
        _expiries.Remove(slot);
        working.Order.OrderId = 0;
        working.NextFree = _free;
        _free = slot;
    }

    private void Cancel(int slot, ExecutionReportKind kind)
    {
        _endKind = kind;
        _books[_orders[slot].Order.Instrument].Cancel((ulong)slot);
    }

    private void Replace(VenueParticipant from, int slot, in OrderTerms terms)
    {
        ref readonly var order = ref _orders[slot].Order;
        var instrument = _instruments[order.Instrument];
        if (terms.Quantity > 0 && terms.Quantity <= order.Cumulative)
        {
            Cancel(slot, ExecutionReportKind.Cancelled);
        }
        else if (!order.IsPriced(instrument, terms.LimitPriceE9, terms.TriggerPriceE9))
        {
            from.Reports.Refuse(
                ExecutionReportKind.ReplaceRejected, order, VenueRejectReason.InvalidPrice, _wire.NowNs);
        }
        else
        {
            _terms = terms;
            _books[order.Instrument].Replace(
                (ulong)slot,
                Ticks(terms.LimitPriceE9, instrument.TickSizeE9),
                Math.Max(0, terms.Quantity - order.Cumulative),
                Ticks(terms.TriggerPriceE9, instrument.TickSizeE9));
        }
    }

    /// <summary>A price beyond what a book can have becomes one that it refuses.</summary>
    private static int Ticks(long priceE9, long tickE9) => (int)Math.Min(priceE9 / tickE9, int.MaxValue);

    private long PriceE9(int instrument, int ticks) =>
        ticks == MatchingBook<BookEvents>.NoPrice
            ? MarketUpdate.NoPrice
            : ticks * _instruments[instrument].TickSizeE9;

    private (int Instrument, long TimeNs) NextSession()
    {
        var next = (Instrument: -1, TimeNs: long.MaxValue);
        for (var i = 0; _options.EnforceSessions && i < _sessions.Length; i++)
        {
            if (_sessions[i].NextNs < next.TimeNs)
                next = (i, _sessions[i].NextNs);
        }

        return next;
    }

    private void Advance(int instrument, long timeNs)
    {
        if (_sessions[instrument].TryAdvance(timeNs))
            ChangePhase(instrument, _sessions[instrument].Phase);
    }

    /// <summary>A halt suspends what rests; before trading goes on, it is restated.</summary>
    private void ChangePhase(int instrument, TradingPhase phase)
    {
        var isHalt = phase == TradingPhase.Halted;
        for (var slot = 1; slot <= _used && phase != TradingPhase.Closed; slot++)
        {
            ref var working = ref _orders[slot];
            if (working.Order.OrderId == 0 || working.Order.Instrument != instrument || working.IsSuspended == isHalt)
                continue;

            working.IsSuspended = isHalt;
            var kind = isHalt ? ExecutionReportKind.Suspended : ExecutionReportKind.Restated;
            ReportsOf(slot).Tell(kind, working.Order, _wire.NowNs);
        }

        _books[instrument].Enter(phase);
    }

    private VenueReports ReportsOf(int slot) => _participants[_orders[slot].Participant].Reports;

    private VenueRejectReason ReasonOf(BookRejectReason reason, in VenueOrder order) => reason switch
    {
        BookRejectReason.InvalidQuantity => VenueRejectReason.InvalidQuantity,
        BookRejectReason.InvalidPrice => VenueRejectReason.InvalidPrice,
        BookRejectReason.WrongPhase => order.CheckPhase(_books[order.Instrument].Phase),
        BookRejectReason.TooManyOrders => VenueRejectReason.TooManyOrders,
        BookRejectReason.DuplicateOrder => VenueRejectReason.DuplicateOrder,
        BookRejectReason.UnknownOrder => VenueRejectReason.UnknownOrder,
        _ => VenueRejectReason.InvalidOrder,
    };

    private struct WorkingOrder
    {
        public VenueOrder Order;
        public int Participant;
        public int NextFree;
        public bool IsSuspended;
    }

    /// <summary>Tells the participants what happened to their orders; a book's order id is the order's slot.</summary>
    private readonly struct BookEvents(MatchingVenue venue) : IBookListener
    {
        public void OnAccepted(in BookOrderRequest order) => Tell(ExecutionReportKind.New, order.OrderId);

        public void OnRejected(ulong orderId, BookRejectReason reason)
        {
            var slot = (int)orderId;
            ref readonly var order = ref venue._orders[slot].Order;
            venue.ReportsOf(slot).Reject(order, venue.ReasonOf(reason, order), venue._wire.NowNs);
            venue.Forget(slot);
        }

        public void OnTrade(in BookTrade trade)
        {
            Execute(trade.MakerOrderId, trade);
            Execute(trade.TakerOrderId, trade);
        }

        public void OnCancelled(ulong orderId, Side side, int priceTicks, int quantity, BookCancelReason reason)
        {
            var slot = (int)orderId;
            var kind = reason switch
            {
                BookCancelReason.Requested => venue._endKind,
                BookCancelReason.SelfTrade => ExecutionReportKind.Cancelled,
                _ => ExecutionReportKind.Expired,
            };
            venue.ReportsOf(slot).End(kind, venue._orders[slot].Order, venue._wire.NowNs);
            venue.Forget(slot);
        }

        public void OnReduced(ulong orderId, Side side, int priceTicks, int quantity)
        {
            ref var order = ref venue._orders[(int)orderId].Order;
            order.Quantity = order.Cumulative + quantity;
            Tell(ExecutionReportKind.Restated, orderId);
        }

        /// <summary>Not told: the venue asks only for orders that it knows to rest.</summary>
        public void OnCancelRejected(ulong orderId, BookRejectReason reason) =>
            throw new InvalidOperationException($"the book does not know order {orderId}: {reason}");

        public void OnReplaced(ulong orderId, Side side, int priceTicks, int quantity)
        {
            ref var order = ref venue._orders[(int)orderId].Order;
            order.Quantity = order.Cumulative + quantity;
            order.LimitE9 = venue._terms.LimitPriceE9;
            order.TriggerE9 = venue._terms.TriggerPriceE9;
            Tell(ExecutionReportKind.Replaced, orderId);
        }

        public void OnReplaceRejected(ulong orderId, BookRejectReason reason)
        {
            ref readonly var order = ref venue._orders[(int)orderId].Order;
            venue.ReportsOf((int)orderId).Refuse(
                ExecutionReportKind.ReplaceRejected, order, venue.ReasonOf(reason, order), venue._wire.NowNs);
        }

        public void OnTriggered(ulong orderId)
        {
            ref var order = ref venue._orders[(int)orderId].Order;
            order.Type = order.Type == OrderType.Stop ? OrderType.Market : OrderType.Limit;
            Tell(ExecutionReportKind.Triggered, orderId);
        }

        private void Tell(ExecutionReportKind kind, ulong orderId) =>
            venue.ReportsOf((int)orderId).Tell(kind, venue._orders[(int)orderId].Order, venue._wire.NowNs);

        private void Execute(ulong orderId, in BookTrade trade)
        {
            var slot = (int)orderId;
            ref var order = ref venue._orders[slot].Order;
            order.Cumulative += trade.Quantity;
            venue.ReportsOf(slot).Trade(
                order, trade.Quantity, venue.PriceE9(order.Instrument, trade.PriceTicks), venue._wire.NowNs);
            if (order.Leaves == 0)
                venue.Forget(slot);
        }
    }
}
