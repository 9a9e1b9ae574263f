using ExecutionPipeline.Execution.Calendars;
using ExecutionPipeline.Execution.Instruments;
using ExecutionPipeline.Execution.Orders;
using ExecutionPipeline.Messages.Events;

namespace ExecutionPipeline.Execution.Venues;

/// <summary>
/// An exchange that trades against the market data it is shown. Deterministic: no clock, no thread, no random device;
/// all memory is taken at start.
/// <list type="bullet">
/// <item>Orders trade at the touch against what is displayed. Depth beyond the touch is not in the data, and a real
/// book of a liquid future is filled on every tick, so a large order walks tick by tick through levels as deep as the
/// touch: nearer to what would happen than to expire, and dearer than to fill at one price. What was taken stays
/// taken until the next quote. A market order stops at the protection limit and the rest expires.</item>
/// <item>A resting order queues behind what is displayed when it joins. Trades at its price, and quotes that show
/// less, shorten the queue; a trade through its price or an opposite quote that reaches it executes it at its limit.
/// </item>
/// <item>An order is acknowledged (New) before it trades. Only market and limit orders are taken.</item>
/// </list>
/// </summary>
public sealed class SimulatedExchange : IVenueGateway, IMarketListener
{
    private readonly InstrumentTable _instruments;
    private readonly IReportSink _sink;
    private readonly TradingDay _day;
    private readonly int _protectionTicks;
    private readonly BookSide[] _bids;
    private readonly BookSide[] _asks;

    /// <summary>In order of arrival.</summary>
    private readonly RestingOrder[][] _resting;
    private readonly int[] _restingCount;
    private ulong _lastExecutionId;

    /// <exception cref="ArgumentException">An option is out of range.</exception>
    public SimulatedExchange(InstrumentTable instruments, IReportSink sink, SimulatedExchangeOptions options)
    {
        options.Validate();
        _instruments = instruments;
        _sink = sink;
        _day = new TradingDay(options.TradingDay);
        _protectionTicks = options.ProtectionTicks;
        _bids = new BookSide[instruments.Count];
        _asks = new BookSide[instruments.Count];
        _restingCount = new int[instruments.Count];
        _resting = new RestingOrder[instruments.Count][];
        for (var i = 0; i < _resting.Length; i++)
            _resting[i] = new RestingOrder[options.MaxRestingOrders];
    }

    /// <summary>Orders taken or rejected.</summary>
    public long OrdersReceived { get; private set; }

    /// <summary>Executions.</summary>
    public long Executions { get; private set; }

    /// <summary>Orders and cancels refused.</summary>
    public long Rejections { get; private set; }

    /// <summary>Orders that rest in an instrument.</summary>
    public int RestingOrders(int instrument) => _restingCount[instrument];

    public void Submit(in Order order, long timeNs)
    {
        OrdersReceived++;
        AdvanceTo(timeNs);
        var reason = Validate(order);
        if (reason != VenueRejectReason.None)
        {
            Rejections++;
            Report(ExecutionReportKind.Rejected, order, 0, order.Quantity, timeNs, reason);
            return;
        }

        Report(ExecutionReportKind.New, order, order.Quantity, 0, timeNs);
        Match(order, timeNs);
    }

    public void Cancel(in Order order, long timeNs)
    {
        AdvanceTo(timeNs);
        if ((uint)order.InstrumentIndex < (uint)_resting.Length)
        {
            var orders = _resting[order.InstrumentIndex].AsSpan(0, _restingCount[order.InstrumentIndex]);
            for (var i = 0; i < orders.Length; i++)
            {
                if (orders[i].OrderId != order.OrderId)
                    continue;

                EndResting(ExecutionReportKind.Cancelled, order.InstrumentIndex, i, timeNs);
                return;
            }
        }

        Rejections++;
        Report(ExecutionReportKind.CancelRejected, order, 0, 0, timeNs, VenueRejectReason.UnknownOrder);
    }

    public void Replace(in Order order, in OrderTerms terms, long timeNs)
    {
        AdvanceTo(timeNs);
        Rejections++;
        Report(ExecutionReportKind.ReplaceRejected, order, 0, 0, timeNs, VenueRejectReason.InvalidPrice);
    }

    public void CancelAll(long timeNs)
    {
        for (var instrument = 0; instrument < _resting.Length; instrument++)
        {
            while (_restingCount[instrument] > 0)
                EndResting(ExecutionReportKind.Cancelled, instrument, _restingCount[instrument] - 1, timeNs);
        }
    }

    public void OnMarket(int instrumentIndex, in MarketUpdate update, long timeNs)
    {
        AdvanceTo(timeNs);
        if (_restingCount[instrumentIndex] > 0 && update.TradeQuantity > 0)
            TradeResting(instrumentIndex, update, timeNs);

        var tickE9 = _instruments[instrumentIndex].TickSizeE9;
        _bids[instrumentIndex].Quote(update.BidPriceE9, update.BidQuantity, -tickE9);
        _asks[instrumentIndex].Quote(update.AskPriceE9, update.AskQuantity, tickE9);
        if (_restingCount[instrumentIndex] > 0)
            QuoteResting(instrumentIndex, timeNs);
    }

    private VenueRejectReason Validate(in Order order)
    {
        if ((uint)order.InstrumentIndex >= (uint)_instruments.Count)
            return VenueRejectReason.UnknownInstrument;
        if (order.Quantity <= 0 || order.Side is not (Side.Buy or Side.Sell))
            return VenueRejectReason.InvalidQuantity;

        switch (order.Type)
        {
            case OrderType.Market:
                return OppositeOf(order.Side, order.InstrumentIndex).IsQuoted
                    ? VenueRejectReason.None
                    : VenueRejectReason.NoMarket;
            case OrderType.Limit when _instruments[order.InstrumentIndex].IsPrice(order.LimitPriceE9):
                return !order.IsImmediate && _restingCount[order.InstrumentIndex] == _resting[0].Length
                    ? VenueRejectReason.TooManyOrders
                    : VenueRejectReason.None;
            default:
                return VenueRejectReason.InvalidPrice;
        }
    }

    private ref BookSide OppositeOf(Side side, int instrument) =>
        ref (side == Side.Buy ? ref _asks[instrument] : ref _bids[instrument]);

    private ref BookSide OwnSideOf(Side side, int instrument) =>
        ref (side == Side.Buy ? ref _bids[instrument] : ref _asks[instrument]);

    /// <summary>Day orders end with the trading day.</summary>
    private void AdvanceTo(long timeNs)
    {
        if (_day.TryRoll(timeNs))
            ExpireDayOrders(timeNs);
    }

    private void Match(in Order order, long timeNs)
    {
        var isMarket = order.Type == OrderType.Market;
        var unlimitedE9 = order.Side == Side.Buy ? long.MaxValue : 0;
        var limitE9 = isMarket ? unlimitedE9 : order.LimitPriceE9;
        var maxLevel = isMarket ? _protectionTicks : int.MaxValue;
        ref var opposite = ref OppositeOf(order.Side, order.InstrumentIndex);
        var left = order.Quantity;
        var isKilled = order.TimeInForce == TimeInForce.FillOrKill
            && opposite.Available(left, limitE9, maxLevel) < left;

        while (!isKilled && left > 0 && opposite.TryTake(left, limitE9, maxLevel, out var taken, out var priceE9))
        {
            left -= taken;
            ReportTrade(order, taken, order.Quantity - left, priceE9, timeNs);
        }

        if (left == 0)
            return;

        if (isMarket || order.IsImmediate)
            Report(ExecutionReportKind.Expired, order, 0, left, timeNs, cumulative: order.Quantity - left);
        else
            Rest(order, left);
    }

    private void Rest(in Order order, int left)
    {
        ref var count = ref _restingCount[order.InstrumentIndex];
        var orders = _resting[order.InstrumentIndex];
        var ahead = OwnSideOf(order.Side, order.InstrumentIndex).DisplayedAt(order.LimitPriceE9);
        foreach (ref readonly var other in orders.AsSpan(0, count))
        {
            if (other.Side == order.Side && other.LimitPriceE9 == order.LimitPriceE9)
                ahead += other.LeavesQuantity;
        }

        orders[count++] = new RestingOrder
        {
            OrderId = order.OrderId,
            Side = order.Side,
            TimeInForce = order.TimeInForce,
            LimitPriceE9 = order.LimitPriceE9,
            Quantity = order.Quantity,
            CumulativeQuantity = order.Quantity - left,
            QueueAhead = ahead,
        };
    }

    private void TradeResting(int instrument, in MarketUpdate update, long timeNs)
    {
        var through = update.TradeQuantity;
        for (var i = 0; i < _restingCount[instrument];)
        {
            ref var order = ref _resting[instrument][i];
            var executed = 0;
            if (order.LimitPriceE9 == update.TradePriceE9 && IsPassive(order.Side, update.Aggressor))
            {
                executed = Math.Clamp(update.TradeQuantity - order.QueueAhead, 0, order.LeavesQuantity);
                order.QueueAhead = Math.Max(0, order.QueueAhead - update.TradeQuantity);
            }
            else if (IsThrough(order, update.TradePriceE9))
            {
                executed = Math.Min(through, order.LeavesQuantity);
                through -= executed;
                order.QueueAhead = 0;
            }

            ExecuteResting(instrument, ref order, executed, timeNs);
            if (order.LeavesQuantity > 0)
                i++;
            else
                Remove(instrument, i);
        }
    }

    private void QuoteResting(int instrument, long timeNs)
    {
        ref var bids = ref _bids[instrument];
        ref var asks = ref _asks[instrument];
        var ownAtBid = 0;
        var ownAtAsk = 0;
        for (var i = 0; i < _restingCount[instrument];)
        {
            ref var order = ref _resting[instrument][i];
            if (bids.IsQuoted && order.Side == Side.Buy && order.LimitPriceE9 == bids.TouchE9)
                Shorten(ref order, bids.DisplayedAt(order.LimitPriceE9), ref ownAtBid);
            else if (asks.IsQuoted && order.Side == Side.Sell && order.LimitPriceE9 == asks.TouchE9)
                Shorten(ref order, asks.DisplayedAt(order.LimitPriceE9), ref ownAtAsk);

            // The level behind the touch is an assumption; only what is really displayed comes to a resting order.
            ref var opposite = ref OppositeOf(order.Side, instrument);
            opposite.TryTake(order.LeavesQuantity, order.LimitPriceE9, 0, out var executed, out _);
            ExecuteResting(instrument, ref order, executed, timeNs);
            if (order.LeavesQuantity > 0)
                i++;
            else
                Remove(instrument, i);
        }
    }

    /// <summary>Nobody stands before an order but what is displayed and our own earlier orders.</summary>
    private static void Shorten(ref RestingOrder order, int displayed, ref int ownAhead)
    {
        order.QueueAhead = Math.Min(order.QueueAhead, displayed + ownAhead);
        ownAhead += order.LeavesQuantity;
    }

    private static bool IsPassive(Side side, Side aggressor) => aggressor == Side.None || aggressor != side;

    private static bool IsThrough(in RestingOrder order, long tradePriceE9) =>
        order.Side == Side.Buy ? tradePriceE9 < order.LimitPriceE9 : tradePriceE9 > order.LimitPriceE9;

    /// <summary>Executes at the order's limit.</summary>
    private void ExecuteResting(int instrument, ref RestingOrder order, int quantity, long timeNs)
    {
        if (quantity == 0)
            return;

        order.CumulativeQuantity += quantity;
        ReportTrade(instrument, order, quantity, timeNs);
    }

    private void ExpireDayOrders(long timeNs)
    {
        for (var instrument = 0; instrument < _resting.Length; instrument++)
        {
            for (var i = 0; i < _restingCount[instrument];)
            {
                if (_resting[instrument][i].TimeInForce == TimeInForce.Day)
                    EndResting(ExecutionReportKind.Expired, instrument, i, timeNs);
                else
                    i++;
            }
        }
    }

    private void EndResting(ExecutionReportKind kind, int instrument, int place, long timeNs)
    {
        var ended = _resting[instrument][place];
        Report(kind, instrument, ended, timeNs);
        Remove(instrument, place);
        foreach (ref var later in _resting[instrument].AsSpan(place, _restingCount[instrument] - place))
        {
            if (later.Side == ended.Side && later.LimitPriceE9 == ended.LimitPriceE9)
                later.QueueAhead = Math.Max(0, later.QueueAhead - ended.LeavesQuantity);
        }
    }

    private void Remove(int instrument, int place)
    {
        var orders = _resting[instrument];
        var count = --_restingCount[instrument];
        Array.Copy(orders, place + 1, orders, place, count - place);
    }

    private void Report(
        ExecutionReportKind kind,
        in Order order,
        int leaves,
        int released,
        long timeNs,
        VenueRejectReason reason = VenueRejectReason.None,
        int cumulative = 0)
    {
        var report = new ExecutionReport
        {
            OrderId = order.OrderId,
            ExecutionId = ++_lastExecutionId,
            Kind = kind,
            Side = order.Side,
            RejectReason = reason,
            InstrumentIndex = order.InstrumentIndex,
            CumulativeQuantity = cumulative,
            LeavesQuantity = leaves,
            ReleasedQuantity = released,
            VenueTimeNs = timeNs,
            OrderQuantity = order.Quantity,
        };
        _sink.OnReport(report);
    }

    private void Report(ExecutionReportKind kind, int instrument, in RestingOrder order, long timeNs)
    {
        var report = new ExecutionReport
        {
            OrderId = order.OrderId,
            ExecutionId = ++_lastExecutionId,
            Kind = kind,
            Side = order.Side,
            InstrumentIndex = instrument,
            CumulativeQuantity = order.CumulativeQuantity,
            ReleasedQuantity = order.LeavesQuantity,
            VenueTimeNs = timeNs,
            OrderQuantity = order.Quantity,
        };
        _sink.OnReport(report);
    }

    private void ReportTrade(in Order order, int quantity, int cumulative, long priceE9, long timeNs)
    {
        var report = new ExecutionReport
        {
            OrderId = order.OrderId,
            Side = order.Side,
            InstrumentIndex = order.InstrumentIndex,
            CumulativeQuantity = cumulative,
            LeavesQuantity = order.Quantity - cumulative,
            OrderQuantity = order.Quantity,
        };
        SendTrade(ref report, quantity, priceE9, timeNs);
    }

    private void ReportTrade(int instrument, in RestingOrder order, int quantity, long timeNs)
    {
        var report = new ExecutionReport
        {
            OrderId = order.OrderId,
            Side = order.Side,
            InstrumentIndex = instrument,
            CumulativeQuantity = order.CumulativeQuantity,
            LeavesQuantity = order.LeavesQuantity,
            OrderQuantity = order.Quantity,
        };
        SendTrade(ref report, quantity, order.LimitPriceE9, timeNs);
    }

    private void SendTrade(ref ExecutionReport report, int quantity, long priceE9, long timeNs)
    {
        Executions++;
        report.ExecutionId = ++_lastExecutionId;
        report.Kind = ExecutionReportKind.Trade;
        report.LastQuantity = quantity;
        report.LastPriceE9 = priceE9;
        report.FeeE6 = _instruments[report.InstrumentIndex].FeePerContractE6 * quantity;
        report.VenueTimeNs = timeNs;
        _sink.OnReport(report);
    }
}
