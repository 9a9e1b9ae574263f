using ExecutionPipeline.Messages.Events;

namespace ExecutionPipeline.Execution.Venues.Routing;

/// <summary>Contracts that a venue offers at a price. In 1e-9.</summary>
public readonly record struct DepthLevel(long PriceE9, int Quantity);

/// <summary>What an order at a venue costs beside the price. Prices are in 1e-9 of a point a contract.</summary>
public struct VenueTerms
{
    /// <summary>The number of the venue.</summary>
    public byte Venue;

    /// <summary>Fees, in points; a rebate is negative.</summary>
    public long FeeE9;

    /// <summary>How long an order takes to the venue, in nanoseconds.</summary>
    public long LatencyNs;

    /// <summary>How often what is shown is really filled, in basis points.</summary>
    public int FillBps;

    /// <summary>Of <see cref="VenueScore"/>, in basis points.</summary>
    public int ReliabilityBps;

    /// <summary>Whether an order can be sent there now.</summary>
    public bool IsUp;
}

/// <summary>What waiting and missing cost in a market, in 1e-9 of a point a contract.</summary>
/// <param name="DriftE9PerMs">How far the price runs away in a millisecond.</param>
/// <param name="MissE9">What a contract that is not filled costs when it is bought or sold later.</param>
public readonly record struct MarketCosts(long DriftE9PerMs, long MissE9);

/// <summary>
/// The expected cost of a contract at a venue's level: how far the price is worse than the best of all venues, plus the
/// fee, plus what the price runs away meanwhile, plus what a miss costs by the chance that the venue does not fill, or
/// fails. It grows from level to level, so that the cheapest split is by marginal cost.
/// </summary>
public static class VenueCost
{
    private const long NsPerMs = 1_000_000;
    private const int WholeBps = 10_000;

    /// <summary>In 1e-9 of a point a contract, against the reference price.</summary>
    public static long OfContractE9(
        Side side, long priceE9, long referenceE9, in VenueTerms terms, in MarketCosts costs)
    {
        var worseE9 = side == Side.Buy ? priceE9 - referenceE9 : referenceE9 - priceE9;
        var driftE9 = (long)((Int128)terms.LatencyNs * costs.DriftE9PerMs / NsPerMs);
        var filledBps = (long)terms.FillBps * terms.ReliabilityBps / WholeBps;
        var missE9 = (long)((Int128)costs.MissE9 * (WholeBps - filledBps) / WholeBps);
        return worseE9 + terms.FeeE9 + driftE9 + missE9;
    }
}

/// <summary>
/// How reliable a venue has been: an average of what came of its orders, the latest counting most, in basis points. An
/// order that was filled counts whole, one that ended otherwise by its filled share, and one that was rejected or not
/// answered in time not at all.
/// </summary>
public struct VenueScore
{
    /// <summary>The weight of an order is 1 / 2^5.</summary>
    private const int WeightShift = 5;

    private const int WholeBps = 10_000;
    private const int FractionBits = 16;

    // The loss and not the score, so that a venue of which nothing is known is trusted.
    private long _loss;

    /// <summary>From 0 to 10,000.</summary>
    public readonly int Bps => (int)(WholeBps - (_loss >> FractionBits));

    /// <summary>An order has ended.</summary>
    public void Note(int filled, int ordered)
    {
        var lossBps = ordered <= 0 ? 0 : WholeBps - (long)Math.Clamp(filled, 0, ordered) * WholeBps / ordered;
        _loss += ((lossBps << FractionBits) - _loss) >> WeightShift;
    }
}

/// <summary>What the share of an order that was filled asks for.</summary>
public enum FillReaction
{
    /// <summary>Above 0.95: go on.</summary>
    GoOn,

    /// <summary>Above 0.80 and up to 0.95: adjust, by a smaller or more aggressive order.</summary>
    Adjust,

    /// <summary>Up to 0.80: send the rest to another venue.</summary>
    Reroute,
}

/// <summary>The documented reactions to fill quality.</summary>
public static class FillQuality
{
    /// <summary>What <paramref name="filled"/> of <paramref name="ordered"/> contracts ask for.</summary>
    public static FillReaction ReactionTo(int filled, int ordered)
    {
        if (filled * 100L > ordered * 95L)
            return FillReaction.GoOn;

        return filled * 100L > ordered * 80L ? FillReaction.Adjust : FillReaction.Reroute;
    }
}
