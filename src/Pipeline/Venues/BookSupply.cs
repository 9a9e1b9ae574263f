using ExecutionPipeline.Execution.Instruments;
using ExecutionPipeline.Execution.Orders;
using ExecutionPipeline.Execution.Venues;
using ExecutionPipeline.Execution.Venues.Matching;
using ExecutionPipeline.Messages.Events;

namespace ExecutionPipeline.Pipeline.Venues;

/// <summary>
/// The rest of a matching venue's market: one participant quotes what an update shows as best bid and offer, and as
/// much on each of a few ticks behind them; another one executes the market's trades, which take what stands in their
/// way, orders of the pipeline too. While the best price is the same, what stands keeps its place before the orders of
/// the pipeline: fewer contracts are taken off the last ones, and more come behind. Where a level has as many orders as
/// it may have, the last of them grows, and goes behind with all that it has.
/// </summary>
internal sealed class BookSupply
{
    /// <summary>Price levels a side, each with the quantity of the best one.</summary>
    private const int Levels = 5;

    /// <summary>Orders that make up a level: what comes when there are as many grows the last of them.</summary>
    private const int OrdersOfLevel = 4;

    private readonly InstrumentTable _instruments;
    private readonly IVenueGateway _maker;
    private readonly IVenueGateway _taker;
    private readonly Quotes[] _quotes;
    private ulong _lastOrder;

    public BookSupply(MatchingVenue venue, InstrumentTable instruments)
    {
        _instruments = instruments;
        _quotes = [.. instruments.All.ToArray().Select(static _ => new Quotes())];
        _maker = venue.Connect(new MakerReports(_quotes));
        _taker = venue.Connect(new TakerReports(_quotes));
    }

    public void OnMarket(int instrument, in MarketUpdate update, long timeNs)
    {
        if (update.TradeQuantity > 0 && update.Aggressor != Side.None)
            Take(instrument, update, timeNs);

        var isCrossed = update.BidPriceE9 != MarketUpdate.NoPrice
            && update.AskPriceE9 != MarketUpdate.NoPrice
            && update.BidPriceE9 >= update.AskPriceE9;
        if (isCrossed)
            return;

        var (bids, offers) = (_quotes[instrument].Of(Side.Buy), _quotes[instrument].Of(Side.Sell));
        // What stands in the way goes before what comes.
        Withdraw(bids, update.BidPriceE9, update.BidQuantity, timeNs);
        Withdraw(offers, update.AskPriceE9, update.AskQuantity, timeNs);
        Quote(instrument, bids, update.BidPriceE9, update.BidQuantity, timeNs);
        Quote(instrument, offers, update.AskPriceE9, update.AskQuantity, timeNs);
    }

    private void Take(int instrument, in MarketUpdate update, long timeNs)
    {
        _quotes[instrument].AgainstOf(update.Aggressor).Unheard++;
        _taker.Submit(
            new Order
            {
                OrderId = ++_lastOrder,
                InstrumentIndex = instrument,
                Side = update.Aggressor,
                Type = OrderType.Limit,
                TimeInForce = TimeInForce.ImmediateOrCancel,
                Quantity = update.TradeQuantity,
                LimitPriceE9 = update.TradePriceE9,
            },
            timeNs);
    }

    /// <summary>Takes back what an update shows no longer, or elsewhere.</summary>
    private void Withdraw(QuotedSide side, long bestE9, int quantity, long timeNs)
    {
        if (side.BestE9 == bestE9 && quantity > 0)
            return;

        side.BestE9 = MarketUpdate.NoPrice;
        for (var slot = 0; slot < side.Orders.Length; slot++)
        {
            // The answer may come within the call and free the place.
            var order = side.Orders[slot];
            side.Orders[slot] = default;
            if (order.OrderId != 0)
                _maker.Cancel(order, timeNs);
        }
    }

    private void Quote(int instrument, QuotedSide side, long bestE9, int quantity, long timeNs)
    {
        if (bestE9 == MarketUpdate.NoPrice || quantity <= 0)
            return;

        side.BestE9 = bestE9;
        var tickE9 = _instruments[instrument].TickSizeE9;
        var stepE9 = side.Side == Side.Buy ? -tickE9 : tickE9;
        for (var level = 0; level < Levels && bestE9 + level * stepE9 > 0; level++)
        {
            var change = quantity - side.LeavesAt(level);
            if (change > 0)
                Add(instrument, side, level, bestE9 + level * stepE9, change, timeNs);
            else if (change < 0 && side.Unheard == 0)
                Reduce(side, level, -change, timeNs);
        }
    }

    /// <summary>Contracts come to a level behind all that stand there.</summary>
    private void Add(int instrument, QuotedSide side, int level, long priceE9, int quantity, long timeNs)
    {
        var slot = side.FreeSlotOf(level);
        if (slot < 0)
        {
            slot = side.LastSlotOf(level);
            if (slot >= 0)
                Replace(side, slot, side.Orders[slot].Quantity + quantity, timeNs);
            return;
        }

        var order = new Order
        {
            OrderId = ++_lastOrder,
            InstrumentIndex = instrument,
            Side = side.Side,
            Type = OrderType.Limit,
            TimeInForce = TimeInForce.GoodTillCancel,
            Quantity = quantity,
            LimitPriceE9 = priceE9,
        };
        side.Orders[slot] = order;
        _maker.Submit(order, timeNs);
    }

    /// <summary>
    /// Contracts go from a level, and nobody knows which: it is those that came last, as at the simulated exchange.
    /// </summary>
    private void Reduce(QuotedSide side, int level, int quantity, long timeNs)
    {
        while (quantity > 0 && side.LastSlotOf(level) is var slot and >= 0)
        {
            ref readonly var order = ref side.Orders[slot];
            var part = Math.Min(quantity, OpenOf(order));
            quantity -= part;
            Replace(side, slot, order.Quantity - part, timeNs);
        }
    }

    /// <summary>Asks for another quantity, which counts from now on; what is executed already ends the order.</summary>
    private void Replace(QuotedSide side, int slot, int quantity, long timeNs)
    {
        side.Orders[slot].Quantity = quantity;
        var order = side.Orders[slot];
        if (OpenOf(order) == 0)
            _maker.Cancel(order, timeNs);
        else
            _maker.Replace(order, new OrderTerms(quantity, order.LimitPriceE9, 0), timeNs);
    }

    /// <summary>Contracts that are to stand there, as far as is known.</summary>
    private static int OpenOf(in Order order) =>
        order.OrderId == 0 ? 0 : Math.Max(0, order.Quantity - order.CumulativeQuantity);

    /// <summary>What the maker has in the book of one instrument.</summary>
    private sealed class Quotes
    {
        private readonly QuotedSide _bids = new(Side.Buy);
        private readonly QuotedSide _offers = new(Side.Sell);

        public QuotedSide Of(Side side) => side == Side.Buy ? _bids : _offers;

        public QuotedSide AgainstOf(Side aggressor) => aggressor == Side.Buy ? _offers : _bids;
    }

    /// <summary>What the maker has on one side, level after level from the best.</summary>
    private sealed class QuotedSide(Side side)
    {
        public Side Side { get; } = side;

        public Order[] Orders { get; } = new Order[Levels * OrdersOfLevel];

        public long BestE9 { get; set; } = MarketUpdate.NoPrice;

        /// <summary>
        /// Trades of the market against this side that have not been heard of yet: what is missing from the book may be
        /// what they take.
        /// </summary>
        public int Unheard { get; set; }

        public int LeavesAt(int level)
        {
            var leaves = 0;
            foreach (ref readonly var order in Of(level))
                leaves += OpenOf(order);
            return leaves;
        }

        /// <summary>A place of a level without an order, or -1.</summary>
        public int FreeSlotOf(int level)
        {
            var orders = Of(level);
            for (var i = 0; i < orders.Length; i++)
            {
                if (orders[i].OrderId == 0)
                    return level * OrdersOfLevel + i;
            }

            return -1;
        }

        /// <summary>The place of the order of a level that came last and is not to be ended, or -1.</summary>
        public int LastSlotOf(int level)
        {
            var orders = Of(level);
            var last = -1;
            for (var i = 0; i < orders.Length; i++)
            {
                if (OpenOf(orders[i]) > 0 && (last < 0 || orders[i].OrderId > orders[last].OrderId))
                    last = i;
            }

            return last < 0 ? -1 : level * OrdersOfLevel + last;
        }

        private ReadOnlySpan<Order> Of(int level) => Orders.AsSpan(level * OrdersOfLevel, OrdersOfLevel);
    }

    /// <summary>Keeps the quotes in step with what the venue says of them.</summary>
    private sealed class MakerReports(Quotes[] quotes) : IReportSink
    {
        public void OnReport(in ExecutionReport report)
        {
            foreach (ref var order in quotes[report.InstrumentIndex].Of(report.Side).Orders.AsSpan())
            {
                if (order.OrderId != report.OrderId)
                    continue;

                order.CumulativeQuantity = report.CumulativeQuantity;
                // Another quantity is kept as it is asked for; a refusal says that the old one stands.
                if (report.IsRefusedRequest)
                    order.Quantity = report.OrderQuantity;
                if (report.LeavesQuantity == 0)
                    order.OrderId = 0;
                return;
            }
        }
    }

    /// <summary>Each of the market's trades ends with one report that leaves nothing.</summary>
    private sealed class TakerReports(Quotes[] quotes) : IReportSink
    {
        public void OnReport(in ExecutionReport report) =>
            quotes[report.InstrumentIndex].AgainstOf(report.Side).Unheard -= report.LeavesQuantity == 0 ? 1 : 0;
    }
}
