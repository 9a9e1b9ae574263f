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
            var naive = new NaiveMarket("us_equity", DepthUpdates, AtrPeriod);
            var timeNs = StageRig.StartNs;
            for (var step = 0; step < 400; step++)
            {
                timeNs += RandomMarket.StepNs(random);
                var update = RandomMarket.Next(random);
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
    public void ShouldKeepTheMarkWhenASideIsMissingForAMoment()
    {
        var state = Create();
        var update = Update(100, 5, 100.5, 5);
        (update.TradePriceE9, update.TradeQuantity) = (StageRig.Price(100), 1);
        state.Apply(update, StageRig.StartNs);
        state.Apply(Update(110, 5, 110.5, 5), StageRig.StartNs);
        state.Apply(Update(110, 5, 0, 0), StageRig.StartNs);
        Assert.That(state.MarkPriceE9, Is.EqualTo(StageRig.Price(110.25)), "an old trade says nothing of now");
    }

    // 2023-11-15 is a Wednesday, 2023-11-18 a Saturday, 2023-11-23 Thanksgiving; New York opens at 14:30 UTC.
    [TestCase("2023-11-15T14:29:59.999999Z", 50)]
    [TestCase("2023-11-15T14:30:00Z", 0)]
    [TestCase("2023-11-16T14:29:59Z", 0)]
    public void ShouldBeginAnewWhenTheSessionOpens(string time, long expected)
    {
        var state = Create();
        var update = Update(100, 5, 100.25, 5);
        update.TradePriceE9 = StageRig.Price(100);
        update.TradeQuantity = 50;
        state.Apply(update, StageRig.StartNs);
        Assert.That((state.SessionVolume, state.VwapE9), Is.EqualTo((50L, StageRig.Price(100))));
        state.AdvanceTo((DateTimeOffset.Parse(time).UtcDateTime - DateTime.UnixEpoch).Ticks * 100);
        Assert.That((state.SessionVolume, state.VwapE9), Is.EqualTo((expected, expected * StageRig.Price(100) / 50)));
        if (expected == 0)
            Assert.That(state.VolumeIntensity, Is.EqualTo(1));
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

    [TestCase(0, 14, "depth_average_updates")]
    [TestCase(1, 0, "atr_period")]
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
        naive.Pass(timeNs);
        Assert.That(state.SpreadBps, Is.EqualTo(naive.SpreadBps).Within(1e-9));
        Assert.That(state.MarkPriceE9 * 1e-9, Is.EqualTo(naive.Mark).Within(2e-9));
        Assert.That(state.SessionProgress(timeNs), Is.EqualTo(naive.SessionProgress(timeNs)).Within(1e-9));
        Assert.That(state.DepthRatio, Is.EqualTo(naive.DepthRatio).Within(1e-9));
        Assert.That(state.VwapE9 * 1e-9, Is.EqualTo(naive.Vwap(timeNs)).Within(2e-9));
        Assert.That(state.VolumeIntensity, Is.EqualTo(naive.VolumeIntensity(timeNs)).Within(1e-9));
        Assert.That(state.Volatility, Is.EqualTo(naive.Volatility(timeNs)).Within(1e-9));
        Assert.That(state.AtrE9 * 1e-9, Is.EqualTo(naive.Atr(timeNs)).Within(2e-9));
    }

    private static MarketUpdate Update(double bid, int bidQuantity, double ask, int askQuantity) => new()
    {
        BidPriceE9 = StageRig.Price(bid),
        BidQuantity = bidQuantity,
        AskPriceE9 = StageRig.Price(ask),
        AskQuantity = askQuantity,
    };
}
