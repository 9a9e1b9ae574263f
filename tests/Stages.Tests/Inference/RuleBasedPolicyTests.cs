using ExecutionPipeline.Messages.Events;
using ExecutionPipeline.Stages.Inference;
using ExecutionPipeline.Stages.Inference.Sizing;

namespace ExecutionPipeline.Stages.Tests.Inference;

public sealed class RuleBasedPolicyTests
{
    private const int Contexts = 50_000;
    private const float PressingUrgency = 0.95f;
    private readonly RuleBasedPolicy _policy = new(new RuleBasedPolicyOptions());

    [Test]
    public void ShouldGiveValidOutputsWhenContextIsAny()
    {
        var source = new ContextSource();
        for (var i = 0; i < Contexts; i++)
        {
            var features = source.Next();
            var outputs = Run(in features);
            if (!PolicyBounds.IsValid(in outputs)) Assert.Fail(Describe(in features));
        }
    }

    [Test]
    public void ShouldAbstainWhenAFeatureIsNotFinite([Range(0, ContextFeatures.Count - 1)] int feature)
    {
        foreach (var value in new[] { float.NaN, float.PositiveInfinity, float.NegativeInfinity })
        {
            var features = ContextSource.Calm();
            features[feature] = value;

            var outputs = Run(in features);

            Assert.That(PolicyBounds.IsValid(in outputs), Is.True);
            Assert.That(outputs[PolicyOutputs.SizeOffset], Is.EqualTo(1f));
            Assert.That(_policy.Contracts(in features), Is.Zero);
        }
    }

    [Test]
    public void ShouldWantNothingWhenSignalIsHold()
    {
        var source = new ContextSource();
        for (var i = 0; i < 1000; i++)
        {
            var features = source.Next();
            features[Feature.DecisionDirection] = 0f;
            Assert.That(_policy.Contracts(in features), Is.Zero);
            Assert.That(SizeAction(in features), Is.Zero);
        }
    }

    // What must never make the size larger when it grows.
    [TestCase(Feature.BidAskSpreadBps, 0f, 10f)]
    [TestCase(Feature.VarUtilization, 0f, 1.5f)]
    [TestCase(Feature.TimeSinceSignal, 0f, 100f)]
    public void ShouldNotSizeUpWhenFeatureGrows(int feature, float low, float high) =>
        AssertMonotone(feature, low, high, sign: -1, static (ref ContextFeatures _) => { });

    // A position in the signal's own direction: what is near its limit gets no more.
    [Test]
    public void ShouldNotSizeUpWhenPositionNearsItsLimit() =>
        AssertMonotone(Feature.MaxPositionPct, 0f, 1.2f, sign: -1, static (ref ContextFeatures features) =>
            features[Feature.CurrentPosition] = 5f * features[Feature.DecisionDirection]);

    // What must never make the size smaller when it grows.
    [TestCase(Feature.DecisionConfidence, 0f, 1f)]
    [TestCase(Feature.SynergyStrength, 0f, 1f)]
    [TestCase(Feature.AvailableMargin, 0f, 1f)]
    [TestCase(Feature.OrderBookDepth, 0f, 3f)]
    [TestCase(Feature.UnrealizedPnlPct, -0.05f, 0.05f)]
    public void ShouldNotSizeDownWhenFeatureGrows(int feature, float low, float high) =>
        AssertMonotone(feature, low, high, sign: 1, static (ref ContextFeatures _) => { });

    [Test]
    public void ShouldWantNothingMoreWhenALimitIsUsedUp()
    {
        var features = ContextSource.Calm();
        Assert.That(_policy.Contracts(in features), Is.GreaterThan(1.0));

        features[Feature.VarUtilization] = 1f;
        Assert.That(_policy.Contracts(in features), Is.Zero);
    }

    [Test]
    public void ShouldOnlyReduceWhenLimitsAreUsedUpAndSignalIsAgainstPosition()
    {
        var features = ContextSource.Calm();
        features[Feature.DecisionConfidence] = 0.95f;
        features[Feature.VarUtilization] = 1.1f;
        features[Feature.MaxPositionPct] = 1.1f;
        features[Feature.CurrentPosition] = -2f;

        Assert.That(_policy.Contracts(in features), Is.EqualTo(2.0));
    }

    [Test]
    public void ShouldWantSomethingForMostSignalsWhenMarketIsCalm()
    {
        const int signals = 10_000;
        var source = new ContextSource();
        var traded = 0;
        for (var i = 0; i < signals; i++)
        {
            var features = source.NextCalmSignal();
            if (SizeAction(in features) > 0) traded++;
        }

        Assert.That(traded, Is.GreaterThanOrEqualTo(signals * 3 / 4));
    }

    [Test]
    public void ShouldExecuteAtOnceWhenUrgencyIsPressing()
    {
        var features = ContextSource.Calm();
        features[Feature.UrgencyFactor] = PressingUrgency;
        Assert.That(Strategy(in features), Is.EqualTo(ExecutionStrategy.Immediate));
    }

    [Test]
    public void ShouldHideSizeWhenBookIsThinAndThereIsNoHurry()
    {
        var features = ContextSource.Calm();
        features[Feature.UrgencyFactor] = 0.4f;
        features[Feature.OrderBookDepth] = 0.2f;
        features[Feature.DecisionConfidence] = 0.95f;
        Assert.That(Strategy(in features), Is.EqualTo(ExecutionStrategy.Iceberg));
    }

    [Test]
    public void ShouldFollowVolumeWhenTradingIsHeavy()
    {
        var features = ContextSource.Calm();
        features[Feature.RecentVolumeIntensity] = 2.5f;
        Assert.That(Strategy(in features), Is.EqualTo(ExecutionStrategy.VwapAggressive));
    }

    [Test]
    public void ShouldSpreadOverTimeWhenSpreadIsWideAndThereIsNoHurry()
    {
        var features = ContextSource.Calm();
        features[Feature.UrgencyFactor] = 0.05f;
        features[Feature.BidAskSpreadBps] = 2f;
        features[Feature.RecentVolumeIntensity] = 0.4f;
        Assert.That(Strategy(in features), Is.EqualTo(ExecutionStrategy.Twap5Min));
    }

    [Test]
    public void ShouldWidenStopWhenVolatilityGrowsAndTightenItWhenVarDoes()
    {
        var calm = ContextSource.Calm();
        var rough = ContextSource.Calm();
        rough[Feature.PriceVolatility1Min] = 0.003f;
        var strained = ContextSource.Calm();
        strained[Feature.VarUtilization] = 1f;

        var usual = Run(in calm)[PolicyOutputs.StopLossOffset];
        Assert.That(Run(in rough)[PolicyOutputs.StopLossOffset], Is.GreaterThan(usual));
        Assert.That(Run(in strained)[PolicyOutputs.StopLossOffset], Is.LessThan(usual));
    }

    [Test]
    public void ShouldRefuseOptionsWhenOneIsOutOfRange()
    {
        var noKelly = new KellyOptions { Multiplier = 0 };
        Assert.That(() => new RuleBasedPolicy(new RuleBasedPolicyOptions { Kelly = noKelly }),
            Throws.ArgumentException.With.Message.Contains("Multiplier must be in (0, 1]"));
        Assert.That(() => new RuleBasedPolicy(new RuleBasedPolicyOptions { LossLimit = double.NaN }),
            Throws.ArgumentException.With.Message.Contains("LossLimit"));
    }

    private delegate void ContextChange(ref ContextFeatures features);

    private void AssertMonotone(int feature, float low, float high, int sign, ContextChange prepare)
    {
        const int ladders = 500;
        const int steps = 40;
        var source = new ContextSource();
        for (var ladder = 0; ladder < ladders; ladder++)
        {
            var features = source.Next();
            prepare(ref features);
            var previous = double.NaN;
            for (var step = 0; step <= steps; step++)
            {
                features[feature] = low + (high - low) * step / steps;
                var contracts = _policy.Contracts(in features);
                if ((contracts - previous) * sign < -1e-6)
                    Assert.Fail($"{previous} then {contracts}: {Describe(in features)}");
                previous = contracts;
            }
        }
    }

    private PolicyOutputs Run(ref readonly ContextFeatures features)
    {
        var outputs = default(PolicyOutputs);
        _policy.Run(in features, ref outputs);
        return outputs;
    }

    private int SizeAction(ref readonly ContextFeatures features)
    {
        var outputs = Run(in features);
        return PolicyBounds.ArgMax(in outputs, PolicyOutputs.SizeOffset, PolicyOutputs.SizeCount);
    }

    private ExecutionStrategy Strategy(ref readonly ContextFeatures features)
    {
        var outputs = Run(in features);
        return (ExecutionStrategy)PolicyBounds.ArgMax(
            in outputs, PolicyOutputs.StrategyOffset, PolicyOutputs.StrategyCount);
    }

    private static string Describe(ref readonly ContextFeatures features) =>
        string.Join(" ", ((ReadOnlySpan<float>)features).ToArray());
}
