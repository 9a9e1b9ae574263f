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
public sealed partial class SimulatedExchange : IVenueGateway, IMarketListener
{
    private readonly InstrumentTable _instruments;
    private readonly IReportSink _sink;
    private readonly TradingDay _day;
    private readonly int _protectionTicks;
    private readonly BookSide[] _bids;
    private readonly BookSide[] _asks;
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
}
