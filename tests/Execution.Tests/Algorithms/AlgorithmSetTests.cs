using ExecutionPipeline.Execution.Algorithms;
using ExecutionPipeline.Execution.Orders;
using ExecutionPipeline.Messages.Events;
using ExecutionPipeline.Testing;
using static ExecutionPipeline.Execution.Tests.Samples;

namespace ExecutionPipeline.Execution.Tests.Algorithms;

[TestFixture]
public sealed class AlgorithmSetTests
{
    private const int Cases = 400;

    private static readonly ExecutionStrategy[] Strategies = Enum.GetValues<ExecutionStrategy>();

    [Test]
    public void ShouldPlaceOrGiveUpEveryContractWhateverTheMarketDoes([ValueSource(nameof(Strategies))]
        ExecutionStrategy strategy)
    {
        var random = TestSeed.NewRandom();
        var filled = 0;
        for (var i = 0; i < Cases; i++)
        {
            var options = new ExecutionOptions
            {
                Seed = random.Next(),
                OnTooDear = (TooDearAction)random.Next(2),
                PassiveShare = random.NextDouble(),
            };
            var side = (Side)random.Next(1, 3);
            var limit = random.Next(2) == 0 ? 0 : 100.125 + (side == Side.Buy ? 1 : -1) * random.Next(1, 8);
            var rig = new AlgorithmRig(
                new OneStrategy(new AlgorithmSet(options), strategy),
                random.Next(1, 101),
                side,
                limit,
                parentId: (ulong)random.NextInt64(),
                urgency: random.NextSingle(),
                regime: (MarketRegime)random.Next(6));
            Wander(rig, random);
            if (!rig.IsEnded)
                Finish(rig);

            var executed = rig.Fills.Sum(static fill => fill.Quantity);
            Assert.That(rig.IsEnded, Is.True);
            Assert.That(executed, Is.EqualTo(rig.Parent.Executed));
            Assert.That(executed + rig.Given, Is.EqualTo(rig.Parent.Quantity));
            if (limit == 0 && strategy != ExecutionStrategy.Immediate)
                Assert.That(rig.Given, Is.Zero, "without a limit nothing is given up");
            filled += executed;
        }

        Assert.That(filled, Is.GreaterThan(Cases));
    }

    [TestCase(ExecutionStrategy.Immediate, Side.Buy, 4_150.25, 4_152.25)]
    [TestCase(ExecutionStrategy.Immediate, Side.Sell, 4_150.25, 4_148.25)]
    [TestCase(ExecutionStrategy.Twap5Min, Side.Buy, 100, 100)]
    [TestCase(ExecutionStrategy.Iceberg, Side.Sell, 10_000, 9_990)]
    [TestCase(ExecutionStrategy.VwapAggressive, Side.Sell, 10_000, 0)]
    [TestCase(ExecutionStrategy.Adaptive, Side.Buy, 0, 0)]
    [TestCase(ExecutionStrategy.ImplementationShortfall, Side.Sell, 0.25, 0.25)]
    public void ShouldStayWithinTheSlippageWhenTheLimitIsSet(
        ExecutionStrategy strategy, Side side, double arrival, double limit)
    {
        var set = new AlgorithmSet(new ExecutionOptions
        {
            Iceberg = new IcebergOptions { MaxSlippageBps = 10 },
            Vwap = new VwapOptions { MaxSlippageBps = 0 },
        });
        Assert.That(
            set.LimitPriceE9(strategy, side, Price(arrival), Table()[0]),
            Is.EqualTo(Price(limit)));
    }

    [Test]
    public void ShouldExecuteByAnotherWhenAStrategyIsReplaced()
    {
        var set = new AlgorithmSet(new ExecutionOptions
        {
            Replace = new Dictionary<string, string> { ["TWAP_5MIN"] = "adaptive", ["ICEBERG"] = "IMMEDIATE" },
            Adaptive = new AdaptiveOptions { MaxSlippageBps = 20 },
        });

        Assert.That(KindOf(ExecutionStrategy.Twap5Min), Is.EqualTo(AlgorithmKind.ImplementationShortfall));
        Assert.That(KindOf(ExecutionStrategy.Iceberg), Is.EqualTo(AlgorithmKind.Immediate));
        Assert.That(KindOf(ExecutionStrategy.VwapAggressive), Is.EqualTo(AlgorithmKind.Vwap));
        Assert.That(
            set.LimitPriceE9(ExecutionStrategy.Twap5Min, Side.Buy, Price(1_000), Table()[0]),
            Is.EqualTo(Price(1_002)));

        AlgorithmKind KindOf(ExecutionStrategy strategy) =>
            new AlgorithmRig(new OneStrategy(set, strategy), 10).Parent.Algorithm;
    }

    [Test]
    public void ShouldRefuseOptionsThatContradictEachOther()
    {
        Assert.That(
            () => new AlgorithmSet(new ExecutionOptions
            {
                Replace = new Dictionary<string, string> { ["TWAP"] = "ICEBERG" },
            }),
            Throws.ArgumentException.With.Message.Contains("'TWAP'"));
        Assert.That(
            () => new AlgorithmSet(new ExecutionOptions
            {
                Iceberg = new IcebergOptions { DisplaySizePct = 0.05, ReplenishThresholdPct = 0.05 },
            }),
            Throws.ArgumentException.With.Message.Contains("ReplenishThresholdPct"));
        Assert.That(
            () => new AlgorithmSet(new ExecutionOptions
            {
                ImplementationShortfall = new ShortfallOptions { DurationSeconds = 86_400, MinutesPerDay = 72 },
            }),
            Throws.ArgumentException.With.Message.Contains("DurationSeconds"));
        Assert.That(
            () => new AlgorithmSet(new ExecutionOptions
            {
                ImplementationShortfall = new ShortfallOptions { LeastRiskAversion = 1e-3 },
            }),
            Throws.ArgumentException.With.Message.Contains("LeastRiskAversion"));
    }

    [Test]
    public void ShouldAllocateNothingWhenOrdersArePlannedAndWorked()
    {
        var set = new AlgorithmSet(new ExecutionOptions());
        var market = new AlgorithmRig(new ImmediateAlgorithm(), 1).Market;
        long sum = 0;

        Assert.That(AllocationMeter.FewestBytesOf(Round, warmUp: 2_000, measured: 2_000), Is.Zero);
        Assert.That(sum, Is.Not.Zero);

        void Round(int i)
        {
            var parent = new ParentOrder
            {
                ParentId = (ulong)i,
                Quantity = 1 + i % 100,
                Side = (Side)(1 + i % 2),
                StartNs = StartNs,
                Strategy = Strategies[i % Strategies.Length],
                Urgency = 0.7f,
            };
            market.TimeNs = StartNs;
            set.Plan(ref parent, market);
            for (var step = 0; step < 20; step++)
            {
                var target = set.React(ref parent, market, ChildState.None);
                parent.Executed += target.Quantity / 2;
                sum += target.LimitPriceE9;
                market.TimeNs += 20 * E9;
                market.TradedVolume += 50;
            }
        }
    }

    /// <summary>Ten minutes of a market that wanders, thins out and closes for a while.</summary>
    private static void Wander(AlgorithmRig rig, Random random)
    {
        var bid = 100.0;
        for (var second = 0.0; second < 600 && !rig.IsEnded; second += random.NextDouble() * 5)
        {
            bid += 0.25 * random.Next(-1, 2);
            rig.Quote(bid, bid + 0.25 * random.Next(1, 4), random.Next(0, 8));
            rig.Market.TradedVolume += random.Next(0, 40);
            rig.RunTo(second);
            if (rig.Child.IsWorking && random.Next(4) == 0)
                rig.TradeAtRest(random.Next(1, 1 + rig.Child.Leaves));
            if (rig.Child.IsWorking && random.Next(50) == 0)
                rig.EndChild();
        }
    }

    /// <summary>A market that comes back to where it began, with all that is wanted.</summary>
    private static void Finish(AlgorithmRig rig)
    {
        rig.Quote(100, 100.25, 1_000);
        rig.RunTo(1_000);
    }

    private sealed class OneStrategy(AlgorithmSet set, ExecutionStrategy strategy) : ExecutionAlgorithm
    {
        public override void Plan(ref ParentOrder parent, in MarketView market)
        {
            parent.Strategy = strategy;
            set.Plan(ref parent, market);
        }

        public override ChildTarget React(ref ParentOrder parent, in MarketView market, in ChildState child) =>
            set.React(ref parent, market, child);
    }
}
