using ExecutionPipeline.Execution.Instruments;
using ExecutionPipeline.Execution.State;
using ExecutionPipeline.Messages.Events;
using Queue = ExecutionPipeline.Execution.Venues.RestingOrders.Queue;

namespace ExecutionPipeline.Execution.Venues;

/// <summary>
/// The markets that a simulated exchange is shown, and what orders get that take from them: what is displayed, level by
/// level, or, where the quotes are no order book, everything at a price that a slippage model has made worse.
/// </summary>
internal sealed class ShownMarkets : IStateful
{
    private readonly InstrumentTable _instruments;
    private readonly MarketQuote[] _markets;
    private readonly int _protectionTicks;
    private readonly SlippageModel? _slippage;

    public ShownMarkets(InstrumentTable instruments, SimulatedExchangeOptions options)
    {
        _instruments = instruments;
        _markets = new MarketQuote[instruments.Count];
        _protectionTicks = options.ProtectionTicks;
        _slippage = options.Slippage.HasModel ? new SlippageModel(options.Slippage) : null;
    }

    public ref MarketQuote this[int instrument] => ref _markets[instrument];

    /// <summary>The side of the market that an order would trade with.</summary>
    public ref BookSide OppositeOf(in VenueOrder order) =>
        ref SideOf(order.Instrument, order.Side == Side.Buy ? Queue.Offers : Queue.Bids);

    public ref BookSide SideOf(int instrument, Queue queue) =>
        ref (queue == Queue.Bids ? ref _markets[instrument].Bids : ref _markets[instrument].Asks);

    /// <summary>Takes an instrument's new quote, and counts what was traded.</summary>
    public void Show(int instrument, in MarketUpdate update, long timeNs)
    {
        ref var market = ref _markets[instrument];
        market.Quote(update, _instruments[instrument].TickSizeE9);
        if (update.TradeQuantity > 0)
            market.CountTrade(update.TradeQuantity, timeNs);
    }

    /// <summary>Executes what of an order the market takes at once; a fill-or-kill order whole or not at all.</summary>
    public void Match(ref VenueOrder order, VenueReports reports, long timeNs)
    {
        var isMarket = order.Type == OrderType.Market;
        var unlimitedE9 = order.Side == Side.Buy ? long.MaxValue : 0;
        var limitE9 = isMarket ? unlimitedE9 : order.LimitE9;
        ref var opposite = ref OppositeOf(order);
        if (_slippage is not null)
        {
            if (opposite.Reaches(limitE9))
                Slip(ref order, opposite.TouchE9, limitE9, reports, timeNs);
            return;
        }

        var maxLevel = isMarket ? _protectionTicks : int.MaxValue;
        if (order.TimeInForce == TimeInForce.FillOrKill
            && opposite.Available(order.Leaves, limitE9, maxLevel) < order.Leaves)
            return;

        while (order.Leaves > 0
            && opposite.TryTake(order.Leaves, limitE9, maxLevel, out var taken, out var priceE9))
        {
            order.Cumulative += taken;
            reports.Trade(order, taken, priceE9, timeNs);
        }
    }

    public void Transfer(StateStream state) => state.Array(_markets);

    /// <summary>Executes the whole order at once, at the model's price but never beyond its limit.</summary>
    private void Slip(ref VenueOrder order, long touchE9, long limitE9, VenueReports reports, long timeNs)
    {
        var quantity = order.Leaves;
        var priceE9 = _slippage!.PriceE9(
            _instruments[order.Instrument], order.Side, quantity, touchE9, _markets[order.Instrument].MinuteVolume);
        order.Cumulative = order.Quantity;
        reports.Trade(
            order,
            quantity,
            order.Side == Side.Buy ? Math.Min(priceE9, limitE9) : Math.Max(priceE9, limitE9),
            timeNs);
    }
}
