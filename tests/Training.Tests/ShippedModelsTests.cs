using ExecutionPipeline.Messages.Events;
using ExecutionPipeline.Stages.Inference;
using ExecutionPipeline.Stages.Inference.Models;
using ExecutionPipeline.Training.Teacher;

namespace ExecutionPipeline.Training.Tests;

/// <summary>The models in the repository against their teacher, on contexts that nothing was fitted to.</summary>
public sealed class ShippedModelsTests
{
    private const int Contexts = 10_000;

    [Test]
    public void ShouldBeAsGoodAsTheManifestSaysWhenContextsAreNew()
    {
        var models = ModelDirectory.Open(RepositoryFiles.PathOf("models-onnx"));
        using var policy = OnnxRuntimePolicy.Load(models);
        var teacher = new RuleBasedPolicy(new RuleBasedPolicyOptions());
        var sampler = new ContextSampler(TestSeed.Next(), 11);
        int sizes = 0, strategies = 0;
        var stopError = 0.0;
        for (var i = 0; i < Contexts; i++)
        {
            var features = default(ContextFeatures);
            PolicyOutputs found = default, expected = default;
            sampler.Next(ref features);
            policy.Run(in features, ref found);
            teacher.Run(in features, ref expected);
            if (IsSameAction(in found, in expected, PolicyOutputs.SizeOffset, PolicyOutputs.SizeCount)) sizes++;
            if (IsSameAction(in found, in expected, PolicyOutputs.StrategyOffset, PolicyOutputs.StrategyCount))
                strategies++;
            stopError += Math.Abs(found[PolicyOutputs.StopLossOffset] - expected[PolicyOutputs.StopLossOffset]);
        }

        // Five standard errors of a share near 0.98 of ten thousand.
        const double noise = 0.007;
        var claimed = models.Manifest.Validation;
        Assert.That((double)sizes / Contexts, Is.EqualTo(claimed.Size.Accuracy).Within(noise));
        Assert.That((double)strategies / Contexts, Is.EqualTo(claimed.Strategy.Accuracy).Within(noise));
        Assert.That(stopError / Contexts,
            Is.EqualTo(claimed.Brackets.StopMeanAbsoluteErrorAtr).Within(claimed.Brackets.StopMeanAbsoluteErrorAtr));
        Assert.That(claimed.Size.Accuracy, Is.GreaterThan(0.95));
        Assert.That(claimed.Strategy.Accuracy, Is.GreaterThan(0.95));
    }

    [Test]
    public void ShouldDecideAsBeforeWhenWeightsWereRounded()
    {
        var rounding = ModelDirectory.Open(RepositoryFiles.PathOf("models-onnx")).Manifest.Validation.Rounding;
        Assert.That(rounding, Is.Not.Null);
        Assert.That(rounding!.SameSize, Is.GreaterThan(0.999));
        Assert.That(rounding.SameStrategy, Is.GreaterThan(0.999));
    }

    [Test]
    public void ShouldWantMoreWhenConfidenceGrowsAndLessWhenLimitsFillUp()
    {
        using var policy = OnnxRuntimePolicy.Load(ModelDirectory.Open(RepositoryFiles.PathOf("models-onnx")));
        var features = default(ContextFeatures);
        features[Feature.DecisionDirection] = 1f;
        features[Feature.SynergyStrength] = 0.5f;
        features[Feature.UrgencyFactor] = 0.5f;
        features[Feature.BidAskSpreadBps] = 0.52f;
        features[Feature.OrderBookDepth] = 1f;
        features[Feature.RecentVolumeIntensity] = 1f;
        features[Feature.PriceVolatility1Min] = 0.0003f;
        features[Feature.AvailableMargin] = 0.9f;

        var sizes = new List<double>();
        foreach (var confidence in new[] { 0.4f, 0.6f, 0.7f, 0.8f, 0.9f })
        {
            features[Feature.DecisionConfidence] = confidence;
            sizes.Add(ExpectedContracts(policy, in features));
        }

        Assert.That(sizes, Is.Ordered.Ascending);
        Assert.That(sizes[0], Is.LessThan(0.5));
        Assert.That(sizes[^1], Is.GreaterThan(4.0));

        sizes.Clear();
        foreach (var use in new[] { 0.2f, 0.6f, 0.8f, 1f })
        {
            features[Feature.VarUtilization] = use;
            sizes.Add(ExpectedContracts(policy, in features));
        }

        Assert.That(sizes, Is.Ordered.Descending);
        Assert.That(sizes[^1], Is.LessThan(0.5));
    }

    private static double ExpectedContracts(OnnxRuntimePolicy policy, ref readonly ContextFeatures features)
    {
        var outputs = default(PolicyOutputs);
        policy.Run(in features, ref outputs);
        var sum = 0.0;
        for (var i = 0; i < PolicyOutputs.SizeCount; i++) sum += outputs[i] * SizeActions.ContractsOf(i);
        return sum;
    }

    private static bool IsSameAction(
        ref readonly PolicyOutputs found,
        ref readonly PolicyOutputs expected,
        int offset,
        int count) =>
        PolicyBounds.ArgMax(in found, offset, count) == PolicyBounds.ArgMax(in expected, offset, count);
}
