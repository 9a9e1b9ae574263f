using ExecutionPipeline.MarketData.Sources;
using ExecutionPipeline.Messages.Events;
using ExecutionPipeline.Messages.Ingress;

namespace ExecutionPipeline.MarketData.Tests.Sources;

public class MarketGeneratorTests
{
    private const long TickE9 = 250_000_000;

    [Test]
    public void ShouldBeTheSameMarketWhenTheSeedIsTheSame()
    {
        var seed = (ulong)TestSeed.NewRandom().NextInt64();
        var (first, second, other) = (Generate(seed, 5_000), Generate(seed, 5_000), Generate(seed + 1, 5_000));
        Assert.That(second, Is.EqualTo(first));
        Assert.That(other, Is.Not.EqualTo(first));
    }

    [Test]
    public void ShouldPassTheEdgeAndNeverCrossWhenSeedsAreRandom()
    {
        var random = TestSeed.NewRandom();
        var edge = new Edge();
        for (var round = 0; round < 20; round++)
        {
            var timeNs = 0L;
            foreach (var update in Generate((ulong)random.NextInt64(), 10_000))
            {
                if (edge.Ask(in update) != RejectReason.None)
                    Assert.Fail($"{edge.Ask(in update)} at {update.ExchangeTimeNs}");
                if (update.AskPriceE9 <= update.BidPriceE9 || update.ExchangeTimeNs <= timeNs)
                    Assert.Fail($"locked, crossed or back in time at {update.ExchangeTimeNs}");
                if (update.BidPriceE9 % TickE9 != 0 || update.AskPriceE9 % TickE9 != 0)
                    Assert.Fail($"off the tick at {update.ExchangeTimeNs}");

                timeNs = update.ExchangeTimeNs;
            }
        }
    }

    [Test]
    public void ShouldTradeAtTheTouchBeforeTheTradeWhenItTrades()
    {
        var before = default(MarketUpdate);
        foreach (var update in Generate(7, 20_000))
        {
            if (update.TradeQuantity > 0 && before.BidQuantity > 0)
            {
                var isBuy = update.Aggressor == Side.Buy;
                var (touch, displayed) = isBuy
                    ? (before.AskPriceE9, before.AskQuantity)
                    : (before.BidPriceE9, before.BidQuantity);
                Assert.That(update.TradePriceE9, Is.EqualTo(touch));
                Assert.That(update.TradeQuantity, Is.LessThanOrEqualTo(displayed));
            }

            before = update;
        }
    }

    [Test]
    public void ShouldLookLikeItsOptionsWhenItRunsLong()
    {
        var updates = Generate(11, 400_000);
        var seconds = (updates[^1].ExchangeTimeNs - updates[0].ExchangeTimeNs) / 1e9;
        var trades = updates.Where(update => update.TradeQuantity > 0).ToArray();
        var oneTick = updates.Count(update => update.AskPriceE9 - update.BidPriceE9 == TickE9);
        var quantity = updates.Average(update => update.BidQuantity + update.AskQuantity) / 2;
        var isBuy = trades.Count(trade => trade.Aggressor == Side.Buy) / (double)trades.Length;
        TestContext.Out.WriteLine(
            $"{updates.Length / seconds:F0}/s, {oneTick * 100.0 / updates.Length:F1} % one tick wide, " +
            $"level {quantity:F1}, trade {trades.Average(trade => trade.TradeQuantity):F2}, " +
            $"price {updates.Min(u => u.BidPriceE9) * 1e-9} to {updates.Max(u => u.AskPriceE9) * 1e-9}");
        Assert.Multiple(() =>
        {
            Assert.That(updates.Length / seconds, Is.EqualTo(200).Within(40).Percent);
            Assert.That(trades.Length / (double)updates.Length, Is.EqualTo(0.15).Within(3).Percent);
            Assert.That(oneTick / (double)updates.Length, Is.GreaterThan(0.85));
            Assert.That(trades.Average(trade => trade.TradeQuantity), Is.InRange(2, 4));
            Assert.That(quantity, Is.InRange(8, 30));
            Assert.That(isBuy, Is.InRange(0.4, 0.6));
            Assert.That(updates.Select(update => update.BidPriceE9).Distinct().Count(), Is.GreaterThan(10));
        });
    }

    [Test]
    public void ShouldHaveBusyAndQuietTimesWhenActivityStrays()
    {
        // Counts of a plain Poisson process have variance equal to their mean, and neighbours that know nothing of
        // each other. Here both are larger.
        var counts = CountsPerSecond(new MarketGeneratorOptions { Seed = 3 }, 300_000);
        var steady = CountsPerSecond(new MarketGeneratorOptions { Seed = 3, ActivityDeviation = 0 }, 300_000);
        Assert.Multiple(() =>
        {
            Assert.That(Dispersion(counts), Is.GreaterThan(5));
            Assert.That(Autocorrelation(counts), Is.GreaterThan(0.5));
            Assert.That(Dispersion(steady), Is.InRange(0.8, 1.2));
            Assert.That(Autocorrelation(steady), Is.InRange(-0.1, 0.1));
        });
    }

    [Test]
    public void ShouldStayPositiveWhenThePriceStartsAtTheBottom()
    {
        var options = new MarketGeneratorOptions { StartPriceE9 = TickE9, MeanLevelQuantity = 1, TradeFraction = 0.9 };
        var generator = new MarketGenerator(options);
        var update = default(MarketUpdate);
        for (var i = 0; i < 100_000; i++)
        {
            generator.TryNext(ref update);
            if (update.BidPriceE9 <= 0 || update.AskPriceE9 <= update.BidPriceE9)
                Assert.Fail($"{update.BidPriceE9} to {update.AskPriceE9}");
        }
    }

    [Test]
    public void ShouldAllocateNothingWhenItRuns()
    {
        var generator = new MarketGenerator();
        var update = default(MarketUpdate);
        Assert.That(AllocationMeter.FewestBytesOf(() => Run(generator, ref update)), Is.Zero);
    }

    private static IEnumerable<TestCaseData> Unusable()
    {
        yield return Case(new() { StartTimeNs = 0 }, "StartTimeNs");
        yield return Case(new() { TickSizeE9 = 0 }, "TickSizeE9");
        yield return Case(new() { StartPriceE9 = 4800_100_000_000 }, "StartPriceE9");
        yield return Case(new() { UpdatesPerSecond = double.NaN }, "UpdatesPerSecond");
        yield return Case(new() { TradeFraction = 1.1 }, "TradeFraction");
        yield return Case(new() { MeanLevelQuantity = 0 }, "MeanLevelQuantity");
        yield return Case(new() { ActivityDeviation = -1 }, "ActivityDeviation");
        yield return Case(new() { ActivityReversionS = 0 }, "ActivityReversionS");
    }

    [TestCaseSource(nameof(Unusable))]
    public void ShouldNameTheOptionWhenItCannotBeUsed(MarketGeneratorOptions options, string name) =>
        Assert.That(() => new MarketGenerator(options), Throws.ArgumentException.With.Message.StartsWith(name));

    private static TestCaseData Case(MarketGeneratorOptions options, string name) =>
        new TestCaseData(options, name).SetArgDisplayNames(name);

    private static void Run(MarketGenerator generator, ref MarketUpdate update)
    {
        for (var i = 0; i < 20_000; i++)
            generator.TryNext(ref update);
    }

    private static MarketUpdate[] Generate(ulong seed, int count)
    {
        var generator = new MarketGenerator(new MarketGeneratorOptions { Seed = seed });
        var updates = new MarketUpdate[count];
        for (var i = 0; i < count; i++)
            Assert.That(generator.TryNext(ref updates[i]), Is.True);

        return updates;
    }

    private static double[] CountsPerSecond(MarketGeneratorOptions options, int count)
    {
        var generator = new MarketGenerator(options);
        var counts = new Dictionary<long, int>();
        var update = default(MarketUpdate);
        for (var i = 0; i < count; i++)
        {
            generator.TryNext(ref update);
            var second = (update.ExchangeTimeNs - options.StartTimeNs) / 1_000_000_000;
            counts[second] = counts.GetValueOrDefault(second) + 1;
        }

        var last = counts.Keys.Max();
        return Enumerable.Range(0, (int)last).Select(second => (double)counts.GetValueOrDefault(second)).ToArray();
    }

    private static double Dispersion(double[] counts)
    {
        var mean = counts.Average();
        return counts.Average(count => (count - mean) * (count - mean)) / mean;
    }

    private static double Autocorrelation(double[] counts)
    {
        var mean = counts.Average();
        var covariance = counts.Zip(counts.Skip(1), (a, b) => (a - mean) * (b - mean)).Average();
        return covariance / counts.Average(count => (count - mean) * (count - mean));
    }
}
