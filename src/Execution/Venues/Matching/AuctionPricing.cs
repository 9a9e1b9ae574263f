namespace ExecutionPipeline.Execution.Venues.Matching;

/// <summary>
/// Finds the one price of an auction: most contracts decide, then the smallest surplus, then the surplus' side (buyers:
/// the higher price, sellers: the lower), then the distance to the last trade, then the lower price.
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

        var best = new Candidate(PriceLadder.None, 0, 0);
        var sellers = 0L;
        var at = lowest;
        while (at != PriceLadder.None && at <= highest)
        {
            sellers += queues.LeavesAt(OrderQueues.Offers, at);
            var candidate = new Candidate(at, Math.Min(buyers, sellers), buyers - sellers);
            if (candidate.IsBetterThan(in best, last))
                best = candidate;

            buyers -= queues.LeavesAt(OrderQueues.Bids, at);
            at = Nearer(bids.Above(at), offers.Above(at));
        }

        return (best.Level, best.Quantity);
    }

    private static int Nearer(int first, int second) =>
        first == PriceLadder.None || second == PriceLadder.None ? Math.Max(first, second) : Math.Min(first, second);

    private readonly record struct Candidate(int Level, long Quantity, long Surplus)
    {
        public bool IsBetterThan(in Candidate other, int last)
        {
            if (Quantity != other.Quantity)
                return Quantity > other.Quantity;
            if (Math.Abs(Surplus) != Math.Abs(other.Surplus))
                return Math.Abs(Surplus) < Math.Abs(other.Surplus);
            if (Surplus > 0 && other.Surplus > 0)
                return true;
            if (Surplus < 0 && other.Surplus < 0)
                return false;

            return last != PriceLadder.None && Math.Abs(Level - last) < Math.Abs(other.Level - last);
        }
    }
}
