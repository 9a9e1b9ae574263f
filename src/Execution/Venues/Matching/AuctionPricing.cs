namespace ExecutionPipeline.Execution.Venues.Matching;

/// <summary>
/// Finds the one price of an auction. Most contracts decide, then the smallest surplus. Of prices that are equal in
/// both, the highest is taken if buyers are left at all of them, the lowest if sellers are, else the one nearest to the
/// last trade, and of two as near, or without a trade, the lower.
/// </summary>
internal static class AuctionPricing
{
    /// <summary>
    /// The level of the auction's price, or <see cref="PriceLadder.None"/> where nothing would trade, and the contracts
    /// that would, in a time that grows with the levels and orders between the best bid and the best offer.
    /// </summary>
    /// <param name="queues">What was collected.</param>
    /// <param name="last">The level of the last trade, or <see cref="PriceLadder.None"/>.</param>
    public static (int Level, long Quantity) PriceOf(OrderQueues queues, int last)
    {
        var (bids, offers) = (queues[OrderQueues.Bids], queues[OrderQueues.Offers]);
        var (highest, lowest) = (bids.Best, offers.Best);
        if (highest == PriceLadder.None || lowest == PriceLadder.None || highest < lowest)
            return (PriceLadder.None, 0);

        // Over the prices at which either side changes: buyers at or above, sellers at or below.
        var buyers = 0L;
        for (var level = highest; level >= lowest; level = bids.Below(level))
            buyers += queues.LeavesAt(OrderQueues.Bids, level);

        var best = new Candidates();
        var sellers = 0L;
        var at = lowest;
        while (at != PriceLadder.None && at <= highest)
        {
            sellers += queues.LeavesAt(OrderQueues.Offers, at);
            best.Add(at, Math.Min(buyers, sellers), buyers - sellers, last);
            buyers -= queues.LeavesAt(OrderQueues.Bids, at);
            at = Nearer(bids.Above(at), offers.Above(at));
        }

        return (best.Choose(last), best.Quantity);
    }

    private static int Nearer(int first, int second) =>
        first == PriceLadder.None || second == PriceLadder.None ? Math.Max(first, second) : Math.Min(first, second);

    /// <summary>The prices that trade most with the smallest surplus, from the lowest to the highest.</summary>
    private struct Candidates
    {
        private long _surplus;
        private int _lowest;
        private int _highest;
        private int _nearest;
        private bool _haveAllBuyersLeft;
        private bool _haveAllSellersLeft;

        public long Quantity { get; private set; }

        /// <summary>Takes the next price upwards, with what it trades and what it leaves (sellers: negative).</summary>
        public void Add(int level, long quantity, long surplus, int last)
        {
            var size = Math.Abs(surplus);
            if (quantity < Quantity || (quantity == Quantity && size > _surplus))
                return;

            var isBetter = quantity > Quantity || size < _surplus;
            if (isBetter)
            {
                (Quantity, _surplus, _lowest, _nearest) = (quantity, size, level, level);
                _haveAllBuyersLeft = _haveAllSellersLeft = true;
            }
            else if (Math.Abs(level - last) < Math.Abs(_nearest - last))
            {
                _nearest = level;
            }

            _highest = level;
            _haveAllBuyersLeft &= surplus > 0;
            _haveAllSellersLeft &= surplus < 0;
        }

        public readonly int Choose(int last)
        {
            if (_haveAllBuyersLeft)
                return _highest;

            return _haveAllSellersLeft || last == PriceLadder.None ? _lowest : _nearest;
        }
    }
}
