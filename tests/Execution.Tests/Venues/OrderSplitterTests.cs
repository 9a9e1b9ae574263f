using ExecutionPipeline.Execution.Venues.Routing;
using ExecutionPipeline.Messages.Events;

namespace ExecutionPipeline.Execution.Tests.Venues;

/// <summary>Which venues get how much of an order.</summary>
[TestFixture]
public class OrderSplitterTests
{
    private const long E9 = 1_000_000_000;
    private static readonly MarketCosts Costs = new(DriftE9PerMs: E9 / 10, MissE9: E9);

    /// <summary>Up to three venues of up to three levels, and every way to divide up to seven contracts.</summary>
    [Test]
    public void ShouldCostAsLittleAsTheCheapestOfAllSplits()
    {
        var random = TestSeed.NewRandom();
        for (var round = 0; round < 3_000; round++)
        {
            var splitter = new OrderSplitter(3, 3);
            var side = (Side)random.Next(1, 3);
            var contracts = new List<long>[3];
            var venues = random.Next(1, 4);
            var (all, best) = (new List<(VenueTerms, DepthLevel[])>(), side == Side.Buy ? long.MaxValue : 0L);
            for (var venue = 0; venue < venues; venue++)
            {
                var (terms, depth) = RandomVenue(random, side, (byte)venue);
                splitter.Add(terms, depth);
                all.Add((terms, depth));
                if (terms.IsUp)
                    best = side == Side.Buy ? Math.Min(best, depth[0].PriceE9) : Math.Max(best, depth[0].PriceE9);
            }

            var limit = (100 + random.Next(-4, 5)) * E9;
            for (var venue = 0; venue < venues; venue++)
                contracts[venue] = CostsOf(side, limit, best, all[venue]);
            var quantity = random.Next(1, 8);
            var placed = splitter.Split(side, quantity, limit, Costs, out var cost);
            Assert.That(placed, Is.EqualTo(Math.Min(quantity, contracts[..venues].Sum(static c => c.Count))));
            Assert.That(cost, Is.EqualTo(Cheapest(contracts[..venues], placed)));
            Assert.That(Enumerable.Range(0, venues).Sum(splitter.QuantityAt), Is.EqualTo(placed));
        }
    }

    [Test]
    public void ShouldPreferTheVenueThatIsCheaperInAllWhenItsPriceIsWorse()
    {
        var splitter = new OrderSplitter(2, 1);
        splitter.Add(Terms(0) with { FeeE9 = E9 }, [new DepthLevel(100 * E9, 5)]);
        splitter.Add(Terms(1), [new DepthLevel(100 * E9 + E9 / 2, 5)]);
        Assert.That(splitter.Split(Side.Buy, 7, 101 * E9, Costs, out _), Is.EqualTo(7));
        Assert.That((splitter.QuantityAt(0), splitter.QuantityAt(1)), Is.EqualTo((2, 5)));
    }

    [Test]
    public void ShouldSendTheRestToTheNextBestVenueWhenOneFails()
    {
        var splitter = new OrderSplitter(3, 1);
        splitter.Add(Terms(0), [new DepthLevel(100 * E9, 5)]);
        splitter.Add(Terms(1) with { IsUp = false }, [new DepthLevel(100 * E9, 5)]);
        splitter.Add(Terms(2), [new DepthLevel(101 * E9, 5)]);
        Assert.That(splitter.Split(Side.Buy, 4, 102 * E9, Costs, out _), Is.EqualTo(4));
        Assert.That(splitter.QuantityAt(0), Is.EqualTo(4));
        Assert.That(splitter.TryFindBackup(Side.Buy, 102 * E9, Costs, failed: 0, out var backup));
        Assert.That(backup, Is.EqualTo(2));
        Assert.That(splitter.TryFindBackup(Side.Buy, 100 * E9, Costs, failed: 0, out _), Is.False, "beyond the limit");
    }

    [TestCase(9_000, 10_000, 0, 100_000_000)]
    [TestCase(10_000, 5_000, 0, 500_000_000)]
    [TestCase(10_000, 10_000, 3_000_000, 300_000_000)]
    public void ShouldCostWhatWaitingAndMissingCost(int fillBps, int reliabilityBps, long latencyNs, long expectedE9)
    {
        var terms = Terms(0) with { FillBps = fillBps, ReliabilityBps = reliabilityBps, LatencyNs = latencyNs };
        Assert.That(VenueCost.OfContractE9(Side.Buy, E9, E9, terms, Costs), Is.EqualTo(expectedE9));
        Assert.That(VenueCost.OfContractE9(Side.Sell, E9, E9 + 7, terms, Costs), Is.EqualTo(expectedE9 + 7));
    }

    [TestCase(100, 100, FillReaction.GoOn)]
    [TestCase(96, 100, FillReaction.GoOn)]
    [TestCase(95, 100, FillReaction.Adjust)]
    [TestCase(81, 100, FillReaction.Adjust)]
    [TestCase(80, 100, FillReaction.Reroute)]
    [TestCase(0, 1, FillReaction.Reroute)]
    public void ShouldReactToFillQualityAsDocumented(int filled, int ordered, FillReaction expected) =>
        Assert.That(FillQuality.ReactionTo(filled, ordered), Is.EqualTo(expected));

    [Test]
    public void ShouldTrustAVenueLessWhenItDoesNotFill()
    {
        var score = new VenueScore();
        Assert.That(score.Bps, Is.EqualTo(10_000), "nothing is known yet");
        score.Note(5, 10);
        Assert.That(score.Bps, Is.InRange(9_843, 9_844), "half of 1 / 32 is lost");
        for (var i = 0; i < 1_000; i++)
            score.Note(0, 10);
        Assert.That(score.Bps, Is.InRange(0, 10));
        for (var i = 0; i < 1_000; i++)
            score.Note(10, 10);
        Assert.That(score.Bps, Is.InRange(9_990, 10_000));
    }

    [Test]
    public void ShouldAllocateNothingWhenAnOrderIsSplit()
    {
        var splitter = new OrderSplitter(2, 2);
        DepthLevel[] depth = [new(100 * E9, 5), new(101 * E9, 5)];
        var placed = 0;
        Assert.That(AllocationMeter.FewestBytesOf(Round, warmUp: 1_000, measured: 1_000), Is.Zero);
        Assert.That(placed, Is.Positive);

        void Round(int i)
        {
            splitter.Clear();
            splitter.Add(Terms(0), depth);
            splitter.Add(Terms(1), depth);
            placed += splitter.Split(Side.Buy, 9, 102 * E9, Costs, out _);
        }
    }

    private static VenueTerms Terms(byte venue) =>
        new() { Venue = venue, FillBps = 10_000, ReliabilityBps = 10_000, IsUp = true };

    private static (VenueTerms, DepthLevel[]) RandomVenue(Random random, Side side, byte venue)
    {
        var sign = side == Side.Buy ? 1 : -1;
        var price = 100 + random.Next(-2, 3);
        var terms = new VenueTerms
        {
            Venue = venue,
            FeeE9 = random.Next(-3, 4) * E9 / 2,
            LatencyNs = random.Next(0, 5_000_000),
            FillBps = random.Next(5_000, 10_001),
            ReliabilityBps = random.Next(5_000, 10_001),
            IsUp = random.Next(8) != 0,
        };
        return (terms, [.. Enumerable.Range(0, random.Next(1, 4))
            .Select(level => new DepthLevel((price + sign * level) * E9, random.Next(0, 4)))]);
    }

    /// <summary>The cost of each contract of a venue, best first.</summary>
    private static List<long> CostsOf(Side side, long limit, long best, (VenueTerms Terms, DepthLevel[] Depth) venue) =>
        [.. venue.Depth
            .Where(l => venue.Terms.IsUp && (side == Side.Buy ? l.PriceE9 <= limit : l.PriceE9 >= limit))
            .SelectMany(l => Enumerable.Repeat(
                VenueCost.OfContractE9(side, l.PriceE9, best, venue.Terms, Costs), l.Quantity))];

    private static Int128 Cheapest(ReadOnlySpan<List<long>> venues, int quantity)
    {
        if (quantity == 0)
            return 0;
        if (venues.IsEmpty)
            return Int128.MaxValue / 4;

        var cheapest = Int128.MaxValue / 4;
        Int128 here = 0;
        for (var taken = 0; taken <= Math.Min(quantity, venues[0].Count); taken++)
        {
            if (taken > 0)
                here += venues[0][taken - 1];
            cheapest = Int128.Min(cheapest, here + Cheapest(venues[1..], quantity - taken));
        }

        return cheapest;
    }
}
