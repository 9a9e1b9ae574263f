using ExecutionPipeline.Messages.Events;
using ExecutionPipeline.Stages.Inference;
using ExecutionPipeline.Stages.Inference.Sampling;

namespace ExecutionPipeline.Stages.Tests.Inference.Sampling;

public sealed class SamplingTests
{
    private const int Events = 40_000;
    private static readonly float[] Outputs = [0.1f, 0f, 0.2f, 0.6f, 0.1f, 0.25f, 0f, 0.75f, 0f, 1.5f, 3f];

    [Test]
    public void ShouldDrawActionsAsOftenAsTheyAreLikelyWhenSampling()
    {
        var decisions = Decide(new InferenceOptions { Actions = ActionChoice.Sample, Seed = TestSeed.Next() });

        for (var i = 0; i < PolicyOutputs.SizeCount; i++)
            CheckShare(decisions.Count(d => d.SizeAction == i), Outputs[PolicyOutputs.SizeOffset + i]);
        for (var i = 0; i < PolicyOutputs.StrategyCount; i++)
            CheckShare(decisions.Count(d => (int)d.Strategy == i), Outputs[PolicyOutputs.StrategyOffset + i]);
    }

    [Test]
    public void ShouldTakeTheLikeliestWhenGreedy()
    {
        var decisions = Decide(new InferenceOptions());

        Assert.That(decisions.Select(static d => ((int)d.SizeAction, (int)d.Strategy)).Distinct(),
            Is.EqualTo(new[] { (3, 2) }));
        Assert.That(decisions.Select(static d => (d.StopLossAtr, d.TakeProfitAtr)).Distinct(),
            Is.EqualTo(new[] { (1.5f, 3f) }));
    }

    [Test]
    public void ShouldRepeatItselfWhenSeedIsTheSameAndDifferWhenNot()
    {
        var first = Chosen(7);
        Assert.That(Chosen(7), Is.EqualTo(first));
        Assert.That(Chosen(8), Is.Not.EqualTo(first));
    }

    [Test]
    public void ShouldSpreadBracketsAroundTheirMeanWhenGaussian()
    {
        var decisions = Decide(Random(TestSeed.Next()));

        var stops = decisions.Select(static d => (double)d.StopLossAtr).ToArray();
        Assert.That(stops.Average(), Is.EqualTo(1.5).Within(0.005));
        Assert.That(Math.Sqrt(stops.Average(static s => (s - 1.5) * (s - 1.5))), Is.EqualTo(0.1).Within(0.005));
        var targets = decisions.Select(static d => (double)d.TakeProfitAtr).ToArray();
        Assert.That(targets.Average(), Is.EqualTo(3).Within(0.01));
        Assert.That(Math.Sqrt(targets.Average(static t => (t - 3) * (t - 3))), Is.EqualTo(0.2).Within(0.01));
    }

    [Test]
    public void ShouldKeepBracketsInTheirRangesWhenTheyAreDrawnFarAway()
    {
        var decisions = Decide(new InferenceOptions
        {
            Brackets = BracketChoice.Gaussian,
            StopDeviationAtr = 2.5,
            TargetDeviationAtr = 4,
        });

        Assert.That(decisions.Select(static d => d.StopLossAtr), Is.All.InRange(0.5f, 3f));
        Assert.That(decisions.Select(static d => d.TakeProfitAtr), Is.All.InRange(1f, 5f));
        Assert.That(decisions.Min(static d => d.StopLossAtr), Is.EqualTo(0.5f));
    }

    [TestCase(0.5, 0.75f, 3.75f)]
    [TestCase(1, 1.5f, 3f)]
    [TestCase(2, 3f, 1.5f)]
    public void ShouldMoveBracketsByRiskTolerance(double tolerance, float stop, float target)
    {
        var decision = Decide(new InferenceOptions { RiskTolerance = tolerance })[0];

        Assert.That((decision.StopLossAtr, decision.TakeProfitAtr), Is.EqualTo((stop, target)));
    }

    [TestCase(0.5, 0.4f)]
    [TestCase(1, 0.8f)]
    [TestCase(2, 1f)]
    public void ShouldShowPoliciesTheMultipliedUrgencyAndLeaveTheContextAlone(double multiplier, float seen)
    {
        var policy = new SeeingPolicy();
        var stage = new InferenceStage(policy, new InferenceOptions { UrgencyMultiplier = multiplier });
        var e = new PipelineEvent { Header = { Kind = EventKind.TradeQualified }, Features = ContextSource.Calm() };
        e.Features[Feature.UrgencyFactor] = 0.8f;

        stage.OnEvent(ref e);

        Assert.That(policy.Urgency, Is.EqualTo(seen));
        Assert.That(e.Features[Feature.UrgencyFactor], Is.EqualTo(0.8f));
    }

    [TestCase("Seed")]
    [TestCase("StopDeviationAtr")]
    [TestCase("TargetDeviationAtr")]
    [TestCase("UrgencyMultiplier")]
    [TestCase("RiskTolerance")]
    public void ShouldSayWhatToSetWhenOptionIsOutOfRange(string name)
    {
        var options = name switch
        {
            "Seed" => new InferenceOptions { Seed = -1 },
            "StopDeviationAtr" => new InferenceOptions { StopDeviationAtr = double.NaN },
            "TargetDeviationAtr" => new InferenceOptions { TargetDeviationAtr = 4.1 },
            "UrgencyMultiplier" => new InferenceOptions { UrgencyMultiplier = 0.4 },
            _ => new InferenceOptions { RiskTolerance = 2.1 },
        };

        Assert.That(options.Validate, Throws.ArgumentException.With.Message.Contains($"set {name} to"));
    }

    private static (int, ExecutionStrategy, float, float)[] Chosen(long seed) =>
        [.. Decide(Random(seed)).Select(static d => ((int)d.SizeAction, d.Strategy, d.StopLossAtr, d.TakeProfitAtr))];

    private static InferenceOptions Random(long seed) =>
        new() { Actions = ActionChoice.Sample, Brackets = BracketChoice.Gaussian, Seed = seed };

    private static Decision[] Decide(InferenceOptions options)
    {
        var stage = new InferenceStage(new FixedPolicy(Outputs), options);
        var decisions = new Decision[Events];
        var e = new PipelineEvent { Header = { Kind = EventKind.TradeQualified }, Features = ContextSource.Calm() };
        e.Payload.TradeQualified.Action = TradeAction.Long;
        foreach (ref var decision in decisions.AsSpan())
        {
            stage.OnEvent(ref e);
            decision = e.Decision;
        }

        return decisions;
    }

    // Six standard deviations of a share of so many draws: wrong once in 500 million runs.
    private static void CheckShare(int count, float probability)
    {
        var within = 6 * Math.Sqrt(probability * (1 - probability) / Events);
        Assert.That((double)count / Events, Is.EqualTo(probability).Within(within + 1e-9));
    }

    private sealed class SeeingPolicy : IPolicyBackend
    {
        public float Urgency { get; private set; }

        public DecisionSource Source => DecisionSource.Compiled;

        public void Run(ref readonly ContextFeatures features, ref PolicyOutputs outputs)
        {
            Urgency = features[Feature.UrgencyFactor];
            Outputs.CopyTo((Span<float>)outputs);
        }
    }
}
