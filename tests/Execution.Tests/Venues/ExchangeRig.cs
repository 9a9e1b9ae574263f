using ExecutionPipeline.Execution.Instruments;
using ExecutionPipeline.Execution.Orders;
using ExecutionPipeline.Execution.Venues;
using ExecutionPipeline.Messages.Events;
using static ExecutionPipeline.Execution.Tests.Samples;

namespace ExecutionPipeline.Execution.Tests.Venues;

/// <summary>A simulated exchange with the words that tests of it need; prices in points of a quarter.</summary>
internal sealed class ExchangeRig
{
    private readonly Dictionary<ulong, Order> _sent = [];
    private ulong _lastId;

    public ExchangeRig(SimulatedExchangeOptions? options = null, InstrumentTable? instruments = null, byte venue = 0)
    {
        Exchange = new SimulatedExchange(
            instruments ?? Table(2), Log, options ?? new SimulatedExchangeOptions(), venue);
    }

    public ReportLog Log { get; } = new();

    public SimulatedExchange Exchange { get; }

    public long TimeNs { get; set; } = StartNs;

    /// <summary>The kinds of what was reported since the last call.</summary>
    public string Said()
    {
        var kinds = Log.Kinds;
        Log.Reports.Clear();
        return kinds;
    }

    public ulong Submit(Side side, int quantity, double limit, TimeInForce timeInForce = TimeInForce.GoodTillCancel) =>
        Submit(new Order { Side = side, Quantity = quantity, TimeInForce = timeInForce }, limit);

    public ulong Market(Side side, int quantity, TimeInForce timeInForce = TimeInForce.ImmediateOrCancel) =>
        Submit(new Order { Side = side, Quantity = quantity, TimeInForce = timeInForce });

    public ulong Stop(
        Side side,
        int quantity,
        double trigger,
        double limit = 0,
        TimeInForce timeInForce = TimeInForce.GoodTillCancel) =>
        Submit(new Order { Side = side, Quantity = quantity, TimeInForce = timeInForce }, limit, trigger);

    public ulong Submit(Order order, double limit = 0, double trigger = 0)
    {
        order.OrderId = ++_lastId;
        order.LimitPriceE9 = Price(limit);
        order.TriggerPriceE9 = Price(trigger);
        order.Type = (limit > 0, trigger > 0) switch
        {
            (true, true) => OrderType.StopLimit,
            (false, true) => OrderType.Stop,
            (true, false) => OrderType.Limit,
            _ => OrderType.Market,
        };
        _sent[order.OrderId] = order;
        Exchange.Submit(order, TimeNs);
        return order.OrderId;
    }

    public void Cancel(ulong id) => Exchange.Cancel(_sent[id], TimeNs);

    public void Replace(ulong id, int quantity, double limit, double trigger = 0) =>
        Exchange.Replace(_sent[id], new OrderTerms(quantity, Price(limit), Price(trigger)), TimeNs);

    public void Quote(double bid, int bidQuantity, double ask, int askQuantity) =>
        Exchange.OnMarket(0, Samples.Quote(bid, bidQuantity, ask, askQuantity), TimeNs);

    /// <summary>A trade with the quote that is there after it.</summary>
    public void Trade(double price, int quantity, Side aggressor, double bid = 100, double ask = 100.25) =>
        Exchange.OnMarket(0, Samples.Quote(bid, 50, ask, 50).WithTrade(price, quantity, aggressor), TimeNs);

    /// <summary>The executions of an order as quantity@price, since the last call of <see cref="Said"/>.</summary>
    public string FillsOf(ulong id) => string.Join(' ', Log.Trades.Where(t => t.OrderId == id).Select(
        static t => FormattableString.Invariant($"{t.LastQuantity}@{t.LastPriceE9 / 1e9:0.##}")));
}
