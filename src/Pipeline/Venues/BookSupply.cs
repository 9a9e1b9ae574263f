using ExecutionPipeline.Execution.Instruments;
using ExecutionPipeline.Execution.Orders;
using ExecutionPipeline.Execution.Venues;
using ExecutionPipeline.Execution.Venues.Matching;
using ExecutionPipeline.Messages.Events;

namespace ExecutionPipeline.Pipeline.Venues;

/// <summary>
/// The rest of a matching venue's market: one participant quotes what an update shows as best bid and offer, and as
/// much on each of a few ticks behind them; another one executes the market's trades, which take what stands in their
/// way, orders of the pipeline too.
/// </summary>
internal sealed class BookSupply
{
    /// <summary>Price levels a side, each with the quantity of the best one.</summary>
    private const int Levels = 5;

    private readonly InstrumentTable _instruments;
    private readonly IVenueGateway _maker;
    private readonly IVenueGateway _taker;
    private readonly Quotes[] _quotes;
    private ulong _lastOrder;

    public BookSupply(MatchingVenue venue, InstrumentTable instruments)
    {
        _instruments = instruments;
        _quotes = [.. instruments.All.ToArray().Select(static _ => new Quotes(Levels))];
        _maker = venue.Connect(new MakerReports(_quotes));
        _taker = venue.Connect(new Ignored());
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

        var quotes = _quotes[instrument];
        // What stands in the way goes before what comes.
        Withdraw(quotes, Side.Buy, update.BidPriceE9, update.BidQuantity, timeNs);
        Withdraw(quotes, Side.Sell, update.AskPriceE9, update.AskQuantity, timeNs);
        Quote(instrument, Side.Buy, update.BidPriceE9, update.BidQuantity, timeNs);
        Quote(instrument, Side.Sell, update.AskPriceE9, update.AskQuantity, timeNs);
    }

    private void Take(int instrument, in MarketUpdate update, long timeNs) => _taker.Submit(
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

    /// <summary>Takes back what an update no longer shows, or shows otherwise.</summary>
    private void Withdraw(Quotes quotes, Side side, long bestE9, int quantity, long timeNs)
    {
        var standing = quotes.Of(side);
        if (quotes.BestOf(side) == bestE9 && IsWhole(standing, quantity))
            return;

        quotes.BestOf(side) = MarketUpdate.NoPrice;
        foreach (var order in standing)
        {
            if (order.OrderId != 0)
                _maker.Cancel(order, timeNs);
        }
    }

    private static bool IsWhole(Order[] standing, int quantity)
    {
        foreach (ref readonly var order in standing.AsSpan())
        {
            if (order.OrderId == 0 || order.Quantity != quantity || order.CumulativeQuantity != 0)
                return false;
        }

        return true;
    }

    private void Quote(int instrument, Side side, long bestE9, int quantity, long timeNs)
    {
        var quotes = _quotes[instrument];
        if (bestE9 == MarketUpdate.NoPrice || quantity <= 0 || quotes.BestOf(side) == bestE9)
            return;

        quotes.BestOf(side) = bestE9;
        var stepE9 = side == Side.Buy ? -_instruments[instrument].TickSizeE9 : _instruments[instrument].TickSizeE9;
        for (var level = 0; level < Levels && bestE9 + level * stepE9 > 0; level++)
        {
            var order = new Order
            {
                OrderId = ++_lastOrder,
                InstrumentIndex = instrument,
                Side = side,
                Type = OrderType.Limit,
                TimeInForce = TimeInForce.GoodTillCancel,
                Quantity = quantity,
                LimitPriceE9 = bestE9 + level * stepE9,
            };
            quotes.Of(side)[level] = order;
            _maker.Submit(order, timeNs);
        }
    }

    /// <summary>What the maker has in the book of one instrument.</summary>
    private sealed class Quotes(int levels)
    {
        private readonly Order[] _bids = new Order[levels];
        private readonly Order[] _offers = new Order[levels];
        private long _bestBidE9 = MarketUpdate.NoPrice;
        private long _bestOfferE9 = MarketUpdate.NoPrice;

        public Order[] Of(Side side) => side == Side.Buy ? _bids : _offers;

        public ref long BestOf(Side side) => ref side == Side.Buy ? ref _bestBidE9 : ref _bestOfferE9;
    }

    /// <summary>Keeps the quotes in step with what the venue says of them.</summary>
    private sealed class MakerReports(Quotes[] quotes) : IReportSink
    {
        public void OnReport(in ExecutionReport report)
        {
            foreach (ref var order in quotes[report.InstrumentIndex].Of(report.Side).AsSpan())
            {
                if (order.OrderId != report.OrderId)
                    continue;

                order.CumulativeQuantity = report.CumulativeQuantity;
                if (report.LeavesQuantity == 0)
                    order.OrderId = 0;
                return;
            }
        }
    }

    private sealed class Ignored : IReportSink
    {
        public void OnReport(in ExecutionReport report)
        {
        }
    }
}
