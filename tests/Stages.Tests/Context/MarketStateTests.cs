using ExecutionPipeline.Execution.Instruments;
using ExecutionPipeline.Messages.Events;
using ExecutionPipeline.Stages.Context;

namespace ExecutionPipeline.Stages.Tests.Context;

[TestFixture]
public class MarketStateTests
{
    private const int DepthUpdates = 50;
    private const int AtrPeriod = 5;

    [Test]
    public void ShouldAgreeWithThePlainFormulasWhenTheMarketIsRandom()
    {
        var random = TestSeed.NewRandom();
        for (var round = 0; round < 10; round++)
        {
            var state = Create();
            var naive = new NaiveMarket(DepthUpdates, AtrPeriod);
            var timeNs = StageRig.StartNs;
            for (var step = 0; step < 400; step++)
            {
                // Bursts within a second, steady seconds, and silences longer than every window.
                timeNs += random.Next(20) == 0
                    ? random.Next(30, 200) * StageRig.E9
                    : random.NextInt64(3 * StageRig.E9);
                var update = RandomUpdate(random);
                state.Apply(update, timeNs);
                naive.Add(timeNs, update);
                var laterNs = timeNs + random.NextInt64(2 * StageRig.E9);
                if (random.Next(3) == 0)
                    AssertSame(state, naive, timeNs = laterNs);
            }
        }
    }

    [Test]
    public void ShouldStayNeutralWhenNothingIsKnown()
    {
        var state = Create();
        Assert.That(state.MarkPriceE9, Is.Zero);
        Assert.That(state.SpreadBps, Is.Zero);
        Assert.That(state.DepthRatio, Is.EqualTo(1));
        Assert.That(state.VolumeIntensity, Is.EqualTo(1));
        Assert.That(state.Volatility, Is.Zero);
        Assert.That(state.AtrE9, Is.Zero);
        Assert.That(state.VwapE9, Is.Zero);
    }

    [Test]
    public void ShouldFallBackOnTheTradeWhenASideIsMissing()
    {
        var state = Create();
        var update = Update(0, 0, 100.25, 5);
        state.Apply(update, StageRig.StartNs);
        Assert.That(state.MarkPriceE9, Is.Zero, "one side alone is no price");

        update.TradePriceE9 = StageRig.Price(100);
        update.TradeQuantity = 1;
        state.Apply(update, StageRig.StartNs);
        Assert.That(state.MarkPriceE9, Is.EqualTo(StageRig.Price(100)));
        Assert.That(state.BidPriceE9, Is.EqualTo(MarketUpdate.NoPrice));
        Assert.That(state.SpreadBps, Is.Zero);

        state.Apply(Update(100, 5, 100.5, 5), StageRig.StartNs);
        Assert.That(state.MarkPriceE9, Is.EqualTo(StageRig.Price(100.25)));
        Assert.That(state.SpreadBps, Is.EqualTo(0.5 / 100.25 * 10_000).Within(1e-9));

        state.Apply(Update(101, 5, 100.5, 5), StageRig.StartNs);
        Assert.That(state.SpreadBps, Is.Zero, "a crossed market has no spread");
    }

    [Test]
    public void ShouldBeginAnewWhenTheDayStarts()
    {
        var state = Create();
        var update = Update(100, 5, 100.25, 5);
        update.TradePriceE9 = StageRig.Price(100);
        update.TradeQuantity = 50;
        state.Apply(update, StageRig.StartNs);
        Assert.That(state.DayVolume, Is.EqualTo(50));
        state.StartDay();
        Assert.That((state.DayVolume, state.VwapE9, state.VolumeIntensity), Is.EqualTo((0L, 0L, 1.0)));
    }

    [Test]
    public void ShouldIgnoreTimeWhenItGoesBack()
    {
        var state = Create();
        for (var i = 0; i < 100; i++)
            state.Apply(Update(100 + i % 3, 5, 100.25 + i % 3, 5), StageRig.StartNs + i * StageRig.E9);
        var before = (state.Volatility, state.VolumeIntensity, state.AtrE9);
        state.AdvanceTo(StageRig.StartNs - 1_000 * StageRig.E9);
        Assert.That((state.Volatility, state.VolumeIntensity, state.AtrE9), Is.EqualTo(before));
        Assert.That(
            () => state.Apply(Update(100, 5, 100.25, 5), StageRig.StartNs - 1_000 * StageRig.E9), Throws.Nothing);
    }

    [TestCase(0, 14, "DepthAverageUpdates")]
    [TestCase(1, 0, "AtrPeriod")]
    public void ShouldNameTheOptionWhenItIsWrong(int depth, int atr, string named)
    {
        var options = new ContextOptions { DepthAverageUpdates = depth, AtrPeriod = atr };
        Assert.That(options.Validate, Throws.ArgumentException.With.Message.Contains(named));
    }

    private static MarketState Create() => new(
        new Instrument(new InstrumentOptions { Id = 1, Symbol = "ES" }, 0),
        new ContextOptions { DepthAverageUpdates = DepthUpdates, AtrPeriod = AtrPeriod });

    private static void AssertSame(MarketState state, NaiveMarket naive, long timeNs)
    {
        state.AdvanceTo(timeNs);
        var now = timeNs / StageRig.E9;
        Assert.That(state.DepthRatio, Is.EqualTo(naive.DepthRatio).Within(1e-9));
        Assert.That(state.VwapE9 * 1e-9, Is.EqualTo(naive.Vwap).Within(2e-9));
        Assert.That(state.VolumeIntensity, Is.EqualTo(naive.VolumeIntensity(now)).Within(1e-9));
        Assert.That(state.Volatility, Is.EqualTo(naive.Volatility(now)).Within(1e-9));
        Assert.That(state.AtrE9 * 1e-9, Is.EqualTo(naive.Atr(now)).Within(2e-9));
    }

    private static MarketUpdate RandomUpdate(Random random)
    {
        var bid = 4_000 + random.Next(-40, 40) * 0.25;
        var update = Update(bid, random.Next(1, 50), bid + random.Next(1, 4) * 0.25, random.Next(1, 50));
        if (random.Next(2) == 0)
        {
            update.TradePriceE9 = update.BidPriceE9;
            update.TradeQuantity = random.Next(1, 20);
        }

        return update;
    }

    private static MarketUpdate Update(double bid, int bidQuantity, double ask, int askQuantity) => new()
    {
        BidPriceE9 = StageRig.Price(bid),
        BidQuantity = bidQuantity,
        AskPriceE9 = StageRig.Price(ask),
        AskQuantity = askQuantity,
    };
}
