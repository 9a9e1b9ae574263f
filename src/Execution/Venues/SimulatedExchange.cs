using System.Runtime.CompilerServices;
using ExecutionPipeline.Execution.Calendars;
using ExecutionPipeline.Execution.Instruments;
using ExecutionPipeline.Execution.Orders;
using ExecutionPipeline.Execution.State;
using ExecutionPipeline.Execution.Venues.Matching;
using ExecutionPipeline.Messages.Events;

namespace ExecutionPipeline.Execution.Venues;

/// <summary>
/// An exchange that trades against the market data it is shown. Deterministic: no clock, no thread, no random device;
/// all memory is taken at start, and a market update costs the same however many orders rest that it does not reach.
/// <list type="bullet">
/// <item>Orders trade at the touch against what is displayed, whatever their limit allows beyond it. Depth behind the
/// touch is not in the data, and a real book of a liquid future is filled on every tick, so a large order walks tick by
/// tick through levels as deep as the touch: nearer to what would happen than to expire, and dearer than to fill at one
/// price. What was taken stays taken until the next quote. A market order stops at the protection limit and the rest
/// expires.</item>
/// <item>A resting order queues behind what is displayed when it joins. Trades at its price, and quotes that show
/// less, shorten the queue; a trade through its price executes it at its limit, and so does an opposite quote that
/// comes to it, as <see cref="QuoteFillRule"/> says. An iceberg order queues with its peak alone.</item>
/// <item>A stop is touched by a quote of the side that it would trade with, or by a trade, at its trigger or beyond,
/// and is executed where the market is then. It waits while that side is not quoted.</item>
/// <item>A replaced order keeps its place where it only shrinks. One that grows or moves goes to the back, after it
/// has traded with what it crosses; one that shrinks to what is executed is cancelled.</item>
/// <item>An order is acknowledged (New) before it trades. A halt suspends what rests, and it is restated before
/// trading goes on.</item>
/// <item>What was shown before a halt, or before a session and its opening call, is forgotten: a market order finds no
/// market until the next quote. When the market opens or the halt ends, what was shown meanwhile is the first quote: by
/// it what rests, what the call has collected, and stops have their turns before all that comes later.</item>
/// <item>Where the quotes are no order book, as those made up around bars, a slippage model takes the place of the
/// displayed quantities for orders that trade at once (<see cref="SlippageOptions"/>).</item>
/// </list>
/// </summary>
public sealed class SimulatedExchange : IVenueGateway, IMarketListener, IStateful
{
    private readonly InstrumentTable _instruments;
    private readonly VenueReports _reports;
    private readonly TradingDay _day;
    private readonly bool _enforcesSessions;
    private readonly ShownMarkets _markets;
    private readonly VenueSession[] _sessions;
    private readonly RestingOrders _orders;
    private readonly OrderMatching _matching;

    /// <summary>The day's end, an order's expiry or a change of phase may be due from then on.</summary>
    private long _dueNs = long.MinValue;

    /// <param name="instruments">Of the orders' indices.</param>
    /// <param name="sink">Takes the reports.</param>
    /// <param name="options">Validated here.</param>
    /// <param name="venue">The venue's number, which every report states.</param>
    /// <exception cref="ArgumentException">An option is out of range.</exception>
    public SimulatedExchange(
        InstrumentTable instruments, IReportSink sink, SimulatedExchangeOptions options, byte venue = 0)
    {
        options.Validate();
        _instruments = instruments;
        _reports = new VenueReports(instruments, sink, venue);
        _day = new TradingDay(options.TradingDay);
        _enforcesSessions = options.EnforceSessions;
        _markets = new ShownMarkets(instruments, options);
        _orders = new RestingOrders(instruments.Count, options.MaxRestingOrders);
        _matching = new OrderMatching(_markets, _orders, _reports, options.QuoteFill);
        var callMinutes = options.OpeningCallMinutes;
        _sessions = [.. instruments.All.ToArray().Select(i => new VenueSession(i.Calendar, callMinutes))];
    }

    /// <summary>Orders taken or rejected.</summary>
    public long OrdersReceived { get; private set; }

    /// <summary>Executions.</summary>
    public long Executions => _reports.Executions;

    /// <summary>Orders, cancels and replacements refused.</summary>
    public long Rejections => _reports.Rejections;

    /// <summary>Orders that rest in an instrument, stops that wait included.</summary>
    public int RestingOrders(int instrument) => _orders.CountOf(instrument);

    /// <summary>Contracts of a resting order that others can see: an iceberg shows its peak; 0 for others.</summary>
    public int ShownQuantity(ulong orderId)
    {
        var slot = _orders.Find(orderId);
        return slot == 0 || _orders[slot].Order.IsStop ? 0 : _orders[slot].Shown;
    }

    /// <summary>
    /// Enters a phase of an instrument's market, such as a halt, that lasts until the next one or until the calendar's
    /// next change.
    /// </summary>
    public void Enter(int instrument, TradingPhase phase, long timeNs)
    {
        AdvanceTo(timeNs);
        ChangePhase(instrument, phase, timeNs);
    }

    public void Submit(in Order order, long timeNs)
    {
        OrdersReceived++;
        AdvanceTo(timeNs);
        var taken = new VenueOrder(order);
        var reason = Check(taken, timeNs);
        if (reason != VenueRejectReason.None)
        {
            _reports.Reject(taken, reason, timeNs);
            return;
        }

        _reports.Tell(ExecutionReportKind.New, taken, timeNs);
        if (taken.IsStop || (!taken.IsImmediate && _matching.IsCollecting(taken.Instrument)))
        {
            _matching.Work(Keep(taken), timeNs);
            return;
        }

        _markets.Match(ref taken, _reports, timeNs);
        if (taken.Leaves == 0)
            return;

        if (taken.Type == OrderType.Market || taken.IsImmediate)
            _reports.End(ExecutionReportKind.Expired, taken, timeNs);
        else
            _matching.Rest(Keep(taken));
    }

    public void Cancel(in Order order, long timeNs)
    {
        AdvanceTo(timeNs);
        var slot = _orders.Find(order.OrderId);
        if (slot == 0)
            _reports.RefuseUnknown(ExecutionReportKind.CancelRejected, order, timeNs);
        else
            End(slot, ExecutionReportKind.Cancelled, timeNs);
    }

    public void Replace(in Order order, in OrderTerms terms, long timeNs)
    {
        AdvanceTo(timeNs);
        var slot = _orders.Find(order.OrderId);
        if (slot == 0)
        {
            _reports.RefuseUnknown(ExecutionReportKind.ReplaceRejected, order, timeNs);
            return;
        }

        ref var resting = ref _orders[slot].Order;
        var reason = resting.CheckTerms(terms, _instruments[resting.Instrument], _markets[resting.Instrument].Phase);
        if (reason != VenueRejectReason.None)
            _reports.Refuse(ExecutionReportKind.ReplaceRejected, resting, reason, timeNs);
        else if (terms.Quantity <= resting.Cumulative)
            End(slot, ExecutionReportKind.Cancelled, timeNs);
        else
            Replace(slot, terms, timeNs);
    }

    public bool TryCancelAll(long timeNs)
    {
        AdvanceTo(timeNs);
        for (var slot = 1; slot <= _orders.LastSlot; slot++)
        {
            if (_orders[slot].Order.OrderId != 0)
                End(slot, ExecutionReportKind.Cancelled, timeNs);
        }
        return true;
    }

    public void RequestStatus(in Order order, long timeNs)
    {
        AdvanceTo(timeNs);
        _orders.TellStatus(order, _reports, timeNs);
    }

    public void RequestOpenOrders(long timeNs)
    {
        AdvanceTo(timeNs);
        _orders.TellOpen(_reports, timeNs);
    }

    public void OnMarket(int instrumentIndex, in MarketUpdate update, long timeNs)
    {
        AdvanceTo(timeNs);
        _matching.OnMarket(instrumentIndex, update, timeNs);
    }

    public void Transfer(StateStream state)
    {
        state.Section("simulated exchange");
        _reports.Transfer(state);
        _day.Transfer(state);
        _markets.Transfer(state);
        foreach (var session in _sessions)
            session.Transfer(state);
        _orders.Transfer(state);
        (_dueNs, OrdersReceived) = state.Next((_dueNs, OrdersReceived));
    }

    private VenueRejectReason Check(in VenueOrder order, long timeNs)
    {
        if ((uint)order.Instrument >= (uint)_instruments.Count)
            return VenueRejectReason.UnknownInstrument;
        if (order.Quantity <= 0 || order.Side is not (Side.Buy or Side.Sell)
            || order.Peak < 0 || order.Peak > order.Quantity)
            return VenueRejectReason.InvalidQuantity;

        var phase = _markets[order.Instrument].Phase;
        if (order.CheckPhase(phase) is var reason and not VenueRejectReason.None)
            return reason;

        if (_reports.Knows(order.OrderId))
            return VenueRejectReason.DuplicateOrder;
        if (order.Type == OrderType.Market && order.Peak == 0 && order.IsImmediate)
            return _markets.OppositeOf(order).IsQuoted ? VenueRejectReason.None : VenueRejectReason.NoMarket;
        if (!order.IsKnown(timeNs))
            return VenueRejectReason.InvalidOrder;
        if (!order.IsPriced(_instruments[order.Instrument], order.LimitE9, order.TriggerE9))
            return VenueRejectReason.InvalidPrice;
        if (order.Type == OrderType.Market && phase == TradingPhase.Continuous && !_markets.OppositeOf(order).IsQuoted)
            return VenueRejectReason.NoMarket;

        return _orders.IsFull && !order.IsImmediate ? VenueRejectReason.TooManyOrders : VenueRejectReason.None;
    }

    private void Replace(int slot, in OrderTerms terms, long timeNs)
    {
        ref var resting = ref _orders[slot];
        ref var order = ref resting.Order;
        var keepsPlace = terms.Quantity <= order.Quantity
            && (order.IsStop ? terms.TriggerPriceE9 == order.TriggerE9 : terms.LimitPriceE9 == order.LimitE9);
        if (!keepsPlace)
            _orders.Leave(slot);

        order.LimitE9 = terms.LimitPriceE9;
        order.TriggerE9 = terms.TriggerPriceE9;
        if (keepsPlace)
            _orders.Shrink(slot, terms.Quantity);
        else
            order.Quantity = terms.Quantity;

        _reports.Tell(ExecutionReportKind.Replaced, order, timeNs);
        if (!keepsPlace)
            _matching.Work(slot, timeNs);
    }

    private void AdvanceTo(long timeNs)
    {
        if (timeNs >= _dueNs)
            CatchUp(timeNs);
    }

    /// <summary>
    /// Ends the orders whose time is over and changes the phases of the markets, in order of time: what an open
    /// executes does not expire, however late somebody looks.
    /// </summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private void CatchUp(long timeNs)
    {
        _day.TryRoll(timeNs);
        while (true)
        {
            var (first, changeNs) = NextChange();
            var nextNs = Math.Min(changeNs, _orders.NextExpiryNs);
            if (nextNs > timeNs)
            {
                _dueNs = Math.Min(_day.EndNs, nextNs);
                return;
            }

            if (_orders.NextExpiryNs == nextNs)
                End(_orders.FirstToExpire, ExecutionReportKind.Expired, timeNs);
            else
                Advance(first, changeNs == long.MinValue ? timeNs : changeNs, timeNs);
        }
    }

    /// <summary>The instrument whose market changes its phase first by the calendar, and when.</summary>
    private (int Instrument, long TimeNs) NextChange()
    {
        var next = (Instrument: -1, TimeNs: long.MaxValue);
        for (var i = 0; _enforcesSessions && i < _sessions.Length; i++)
        {
            if (_sessions[i].NextNs < next.TimeNs)
                next = (i, _sessions[i].NextNs);
        }

        return next;
    }

    private void Advance(int instrument, long changeNs, long timeNs)
    {
        var session = _sessions[instrument];
        var closeNs = session.CloseNs;
        if (session.TryAdvance(changeNs))
            ChangePhase(instrument, session.Phase, timeNs, isNewSession: session.CloseNs != closeNs);
    }

    /// <summary>
    /// A halt suspends what rests; before trading goes on, it is restated. A close ends day orders, and an open matches
    /// what was shown before it.
    /// </summary>
    private void ChangePhase(int instrument, TradingPhase phase, long timeNs, bool isNewSession = false)
    {
        ref var market = ref _markets[instrument];
        var isChanged = market.Phase != phase;
        if (isNewSession || (isChanged && market.Phase is TradingPhase.Continuous or TradingPhase.Closed))
            market.Forget();

        var isHalt = phase == TradingPhase.Halted;
        var isTold = phase != TradingPhase.Closed && market.IsSuspended != isHalt;
        market.IsSuspended = isTold ? isHalt : market.IsSuspended;
        market.Phase = phase;
        for (var slot = 1; slot <= _orders.LastSlot; slot++)
        {
            ref readonly var order = ref _orders[slot].Order;
            if (order.OrderId == 0 || order.Instrument != instrument)
                continue;

            if (isTold)
                _reports.Tell(isHalt ? ExecutionReportKind.Suspended : ExecutionReportKind.Restated, order, timeNs);
            else if (phase == TradingPhase.Closed && order.TimeInForce == TimeInForce.Day)
                End(slot, ExecutionReportKind.Expired, timeNs);
        }

        if (isChanged && phase == TradingPhase.Continuous)
            _matching.Open(instrument, timeNs);
    }

    private int Keep(in VenueOrder order)
    {
        var expireNs = order.TimeInForce switch
        {
            TimeInForce.Day => _enforcesSessions ? _sessions[order.Instrument].CloseNs : _day.EndNs,
            TimeInForce.GoodTillDate => order.ExpireNs,
            _ => long.MaxValue,
        };
        _dueNs = Math.Min(_dueNs, expireNs);
        return _orders.Add(order, expireNs);
    }

    private void End(int slot, ExecutionReportKind kind, long timeNs)
    {
        _reports.End(kind, _orders[slot].Order, timeNs);
        _orders.TakeOut(slot);
    }
}
