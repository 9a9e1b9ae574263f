using ExecutionPipeline.Execution.Instruments;
using ExecutionPipeline.Messages.Events;
using ExecutionPipeline.Quant;
using ExecutionPipeline.Stages.Inference;
using ExecutionPipeline.Stages.Inference.Sizing;

namespace ExecutionPipeline.Stages.Tests.Inference.Sizing;

/// <summary>The size after the guard: never above the policy's, and no more than the edge is worth.</summary>
public sealed class SizingGuardTests
{
    private const int Contexts = 20_000;
    private const int Multiplier = 50;
    private const long E9 = 1_000_000_000;
    private const long E6 = 1_000_000;

    private static readonly InstrumentTable Instruments =
        new([new InstrumentOptions { Id = 1, Symbol = "ES", Multiplier = Multiplier }]);

    [Test]
    public void ShouldNeverExceedPolicyOrCapWhenContextIsAny()
    {
        var random = TestSeed.NewRandom();
        var source = new ContextSource();
        for (var i = 0; i < Contexts; i++)
        {
            var cap = random.Next(1, 6);
            var e = Signal(source.Next(), position: 0, equity: random.Next(-10_000, 1_000_000), atr: random.Next(40));
            var wanted = SizeActions.ContractsOf(random.Next(PolicyOutputs.SizeCount));

            Decide(ref e, wanted, new SizingGuardOptions { MaxContracts = cap });

            Assert.That(e.Decision.Quantity, Is.InRange(0, Math.Min(wanted, cap)));
            Assert.That(e.Decision.Cuts != SizeCuts.None, Is.EqualTo(e.Decision.Quantity < Wanted(e, wanted)));
        }
    }

    [Test]
    public void ShouldNotSizeDownWhenConfidenceGrows()
    {
        var random = TestSeed.NewRandom();
        var source = new ContextSource();
        for (var i = 0; i < 500; i++)
        {
            var features = source.Next();
            var (equity, atr) = (random.Next(1_000, 500_000), random.Next(1, 20));
            var last = 0;
            for (var confidence = 0f; confidence <= 1f; confidence += 0.02f)
            {
                features[Feature.DecisionConfidence] = confidence;
                var e = Signal(features, position: 0, equity, atr);
                Decide(ref e, wanted: 5, new SizingGuardOptions());
                Assert.That(e.Decision.Quantity, Is.GreaterThanOrEqualTo(last));
                last = e.Decision.Quantity;
            }
        }
    }

    [Test]
    public void ShouldTradeNothingWhenThereIsNoEdge()
    {
        // Even without costs a bet of 3 to 2 must be won more often than twice in five.
        var features = ContextSource.Calm();
        features[Feature.DecisionConfidence] = 0.4f;
        var e = Signal(features, position: 0, equity: 10_000_000, atr: 1);

        var stage = Decide(ref e, wanted: 5, new SizingGuardOptions());

        Assert.That((e.Decision.Quantity, e.Decision.Cuts), Is.EqualTo((0, SizeCuts.Kelly)));
        Assert.That((stage.Guarded, stage.ZeroSizes), Is.EqualTo((1L, 1L)));
    }

    [Test]
    public void ShouldSpendWhatTheFormulaGivesWhenEdgeIsClear()
    {
        var options = new SizingGuardOptions { MaxFraction = 1, Kelly = new KellyOptions { Multiplier = 0.05 } };
        var features = ContextSource.Calm();
        features[Feature.DecisionConfidence] = 0.6f;
        var e = Signal(features, position: 0, equity: 30_000, atr: 4);

        Decide(ref e, wanted: 5, options);

        // Stop 1.5 ATR = 6 points = 300 USD; costs against the smallest stop of 2.4 points, 7.2 bps at 0.0003.
        var stopShare = 0.0003 * 1.5 * 1.6;
        var cost = (0.52 + 0.32) * 1e-4 / stopShare;
        var kelly = KellySizing.Fraction(0.6, (1.5 - cost) / (1 + cost)) - 2 * 0.0003 * 0.0003 * 390;
        var expected = (int)Math.Floor(30_000 * 0.05 * kelly / (6 * Multiplier));
        Assert.That(expected, Is.InRange(1, 4), "the case must tell");
        Assert.That((e.Decision.Quantity, e.Decision.Cuts), Is.EqualTo((expected, SizeCuts.Kelly)));
    }

    [Test]
    public void ShouldRiskNoMoreThanTheLargestShareWhenStopIsWide()
    {
        var e = Signal(ContextSource.Calm(), position: 0, equity: 100_000, atr: 10);

        Decide(ref e, wanted: 5, new SizingGuardOptions());

        // 2 % of 100,000 USD over a stop of 15 points at 50 USD.
        Assert.That((e.Decision.Quantity, e.Decision.Cuts), Is.EqualTo((2, SizeCuts.Kelly)));
    }

    [TestCase(2.0, 1)]
    [TestCase(0.8, 3)]
    public void ShouldCountTheStopInTheAccountsCurrencyWhenTheInstrumentHasAnother(double rate, int contracts)
    {
        var rates = new CurrencyRates("USD", new Dictionary<string, decimal> { ["EUR"] = (decimal)rate });
        var instruments = new InstrumentTable(
            [new InstrumentOptions { Id = 1, Symbol = "FESX", Multiplier = Multiplier, Currency = "EUR" }],
            rates: rates);
        var e = Signal(ContextSource.Calm(), position: 0, equity: 100_000, atr: 10);

        Decide(ref e, wanted: 5, new SizingGuardOptions(), instruments);

        // 2 % of 100,000 USD over a stop of 15 points at 50 EUR.
        Assert.That((e.Decision.Quantity, e.Decision.Cuts), Is.EqualTo((contracts, SizeCuts.Kelly)));
    }

    [Test]
    public void ShouldNameTheCapWhenItIsTheLeast()
    {
        var e = Signal(ContextSource.Calm(), position: 0, equity: 100_000_000, atr: 1);

        Decide(ref e, wanted: 5, new SizingGuardOptions { MaxContracts = 3 });

        Assert.That((e.Decision.Quantity, e.Decision.Cuts), Is.EqualTo((3, SizeCuts.Cap)));
    }

    [TestCase(-2, 2)]
    [TestCase(-9, 5)]
    [TestCase(4, 0)]
    public void ShouldLetRiskBeTakenOffWhenThereIsNoEdge(int position, int contracts)
    {
        var features = ContextSource.Calm();
        features[Feature.DecisionConfidence] = 0f;
        var e = Signal(features, position, equity: 100_000, atr: 2);

        Decide(ref e, wanted: 5, new SizingGuardOptions());

        Assert.That(e.Decision.Quantity, Is.EqualTo(contracts));
    }

    [Test]
    public void ShouldLeaveSizesAloneWhenSwitchedOff()
    {
        var e = Signal(ContextSource.Calm(), position: 0, equity: 1, atr: 10);

        Decide(ref e, wanted: 5, new SizingGuardOptions { Enabled = false });

        Assert.That((e.Decision.Quantity, e.Decision.Cuts), Is.EqualTo((5, SizeCuts.None)));
    }

    [Test]
    public void ShouldRefuseOptionsWhenOneIsOutOfRange()
    {
        Assert.That(() => new SizingGuardOptions { MaxFraction = 0 }.Validate(),
            Throws.ArgumentException.With.Message.Contains("MaxFraction"));
        Assert.That(() => new SizingGuardOptions { MaxContracts = 0 }.Validate(),
            Throws.ArgumentException.With.Message.Contains("MaxContracts"));
        Assert.That(() => new SizingGuardOptions { Kelly = new KellyOptions { FeesBps = -1 } }.Validate(),
            Throws.ArgumentException.With.Message.Contains("FeesBps"));
    }

    private static int Wanted(in PipelineEvent e, int wanted) => e.Decision.Side == Side.None ? 0 : wanted;

    private static InferenceStage Decide(
        ref PipelineEvent e, int wanted, SizingGuardOptions options, InstrumentTable? instruments = null)
    {
        var outputs = new float[PolicyOutputs.Count];
        outputs[SizeActions.Contracts.IndexOf(wanted)] = 1f;
        outputs[PolicyOutputs.StrategyOffset] = 1f;
        outputs[PolicyOutputs.StopLossOffset] = 1.5f;
        outputs[PolicyOutputs.TakeProfitOffset] = 3f;
        var stage = new InferenceStage(
            new FixedPolicy(outputs), new InferenceOptions { SizingGuard = options }, instruments ?? Instruments);
        stage.OnEvent(ref e);
        return stage;
    }

    private static PipelineEvent Signal(ContextFeatures features, int position, long equity, int atr)
    {
        var e = new PipelineEvent { Header = { Kind = EventKind.TradeQualified }, Features = features };
        e.Payload.TradeQualified.Action = features[Feature.DecisionDirection] switch
        {
            > 0 => TradeAction.Long,
            < 0 => TradeAction.Short,
            _ => TradeAction.Hold,
        };
        e.Portfolio = new PortfolioSnapshot
        {
            Position = position,
            EquityE6 = equity * E6,
            AtrE9 = atr * E9,
            MarkPriceE9 = 4_800 * E9,
        };
        return e;
    }
}
