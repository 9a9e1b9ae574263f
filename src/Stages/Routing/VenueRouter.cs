using ExecutionPipeline.Execution.Algorithms;
using ExecutionPipeline.Execution.Orders;
using ExecutionPipeline.Execution.Venues.Routing;
using ExecutionPipeline.Messages.Events;

namespace ExecutionPipeline.Stages.Routing;

/// <summary>
/// Which venues a child order goes to. An order that is ended at once is split by marginal cost; one that rests goes to
/// the cheapest venue whole. The market is one, so each venue is taken to show the best price's quantity at it and at
/// each tick behind it, and fees, latency, fill rate and reliability tell the venues apart.
/// </summary>
internal sealed class VenueRouter
{
    private const int Levels = 8;
    private const long MsPerMinute = 60_000;

    private readonly VenueTable _venues;
    private readonly OrderSplitter _splitter;
    private readonly DepthLevel[] _depth = new DepthLevel[Levels];

    public VenueRouter(VenueTable venues)
    {
        _venues = venues;
        _splitter = new OrderSplitter(venues.Count, Levels);
    }

    /// <summary>Whether there is more than one venue.</summary>
    public bool HasChoice => _venues.Count > 1;

    /// <summary>Parts of the last split.</summary>
    public int Parts => _splitter.Count;

    /// <summary>The venue of a part, and its contracts: none of some parts.</summary>
    public (byte Venue, int Quantity) PartAt(int place) => (_splitter[place].Venue, _splitter.QuantityAt(place));

    /// <summary>Lays out where a child goes. False when no venue can take it.</summary>
    /// <param name="parent">Venues that it has tried in vain are left out while there are others.</param>
    /// <param name="target">What is to be sent.</param>
    /// <param name="market">Of the instrument.</param>
    /// <param name="first">The venue that takes what the split could not place.</param>
    public bool TryRoute(in ParentOrder parent, in ChildTarget target, in MarketView market, out byte first)
    {
        var isImmediate = target.TimeInForce is TimeInForce.ImmediateOrCancel or TimeInForce.FillOrKill;
        var count = Shape(parent.Side, target.Quantity, market);
        Offer(parent.TriedVenues, market, count);
        var unlimitedE9 = parent.Side == Side.Buy ? long.MaxValue : long.MinValue;
        var limitE9 = isImmediate && target.LimitPriceE9 != 0 ? target.LimitPriceE9 : unlimitedE9;
        var quantity = isImmediate && target.TimeInForce != TimeInForce.FillOrKill ? target.Quantity : 1;
        var costs = CostsOf(market);
        first = 0;
        if (_splitter.Split(parent.Side, 1, unlimitedE9, costs, out _) == 0)
            return false;

        for (var place = 0; place < _splitter.Count; place++)
        {
            if (_splitter.QuantityAt(place) > 0)
                first = _splitter[place].Venue;
        }

        if (quantity > 1)
            _splitter.Split(parent.Side, quantity, limitE9, costs, out _);
        return true;
    }

    /// <summary>What a market costs: the spread for a miss, the average range for a delay.</summary>
    private static MarketCosts CostsOf(in MarketView market)
    {
        var isQuoted = market.BidPriceE9 != MarketUpdate.NoPrice && market.AskPriceE9 != MarketUpdate.NoPrice;
        var spreadE9 = isQuoted ? market.AskPriceE9 - market.BidPriceE9 : 0;
        return new MarketCosts(market.AtrE9 / MsPerMinute, Math.Max(market.Instrument.TickSizeE9, spreadE9));
    }

    private int Shape(Side side, int quantity, in MarketView market)
    {
        var touchE9 = side == Side.Buy ? market.AskPriceE9 : market.BidPriceE9;
        var shown = side == Side.Buy ? market.AskQuantity : market.BidQuantity;
        if (touchE9 == MarketUpdate.NoPrice)
            (touchE9, shown) = (market.MarkPriceE9, quantity);

        var stepE9 = side == Side.Buy ? market.Instrument.TickSizeE9 : -market.Instrument.TickSizeE9;
        for (var level = 0; level < Levels; level++)
            _depth[level] = new DepthLevel(touchE9 + level * stepE9, Math.Max(1, shown));
        return Levels;
    }

    private void Offer(uint tried, in MarketView market, int levels)
    {
        // A backup is offered where no other venue is left, and one tried in vain where nothing else is.
        if (!TryOffer(tried, isBackupToo: false, market, levels)
            && !TryOffer(tried, isBackupToo: true, market, levels)
            && !TryOffer(0, isBackupToo: false, market, levels))
            TryOffer(0, isBackupToo: true, market, levels);
    }

    private bool TryOffer(uint tried, bool isBackupToo, in MarketView market, int levels)
    {
        _splitter.Clear();
        var pointE6 = market.Instrument.ValueE6(1_000_000_000, 1);
        for (var venue = 0; venue < _venues.Count; venue++)
        {
            ref readonly var state = ref _venues[venue];
            if (!state.IsUp || (state.IsBackup && !isBackupToo) || (tried >> venue & 1) != 0)
                continue;

            var terms = new VenueTerms
            {
                Venue = (byte)venue,
                FeeE9 = (long)((Int128)state.FeeE6 * 1_000_000_000 / pointE6),
                LatencyNs = state.LatencyNs,
                FillBps = state.Fills.Bps,
                ReliabilityBps = state.Reliability.Bps,
                IsUp = true,
            };
            _splitter.Add(terms, _depth.AsSpan(0, levels));
        }

        return _splitter.Count > 0;
    }
}
