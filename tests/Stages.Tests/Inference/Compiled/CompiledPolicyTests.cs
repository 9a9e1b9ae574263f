using ExecutionPipeline.Messages.Events;
using ExecutionPipeline.Stages.Inference;
using ExecutionPipeline.Stages.Inference.Compiled;

namespace ExecutionPipeline.Stages.Tests.Inference.Compiled;

public sealed class CompiledPolicyTests
{
    private const int Contexts = 20_000;

    [TestCase(false)]
    [TestCase(true)]
    public void ShouldAgreeWithOnnxRuntimeWhenContextIsAny(bool isSeparate)
    {
        using var reference = LoadedPolicy.OpenOnnxRuntime(ShippedModels.Open(), isSeparate);
        var compiled = CompiledPolicy.Load(ShippedModels.Open(), isSeparate);
        var source = new ContextSource();
        PolicyOutputs expected = default, found = default;
        for (var i = 0; i < Contexts; i++)
        {
            var features = source.Next();
            reference.Backend.Run(in features, ref expected);
            compiled.Run(in features, ref found);
            for (var j = 0; j < PolicyOutputs.Count; j++)
            {
                if (!(Math.Abs(found[j] - expected[j]) <= PolicyParity.AbsoluteTolerance))
                    Assert.Fail($"output {j}: {found[j]:R} in place of {expected[j]:R}");
            }
        }
    }

    [TestCase(false)]
    [TestCase(true)]
    public void ShouldGiveTheSameBitsWhateverTheRegisters(bool isSeparate)
    {
        var models = ShippedModels.Open();
        string[] names = isSeparate
            ? [PolicyModels.PositionSizing, PolicyModels.ExecutionTiming, PolicyModels.RiskManagement]
            : [PolicyModels.Merged];
        byte[][] files = [.. names.Select(models.ReadVerified)];
        var policies = Enum.GetValues<LaneWidth>().Select(width => CompiledPolicy.Compile(files, width)).ToArray();
        var source = new ContextSource();
        PolicyOutputs first = default, other = default;
        for (var i = 0; i < Contexts; i++)
        {
            var features = source.Next();
            policies[0].Run(in features, ref first);
            foreach (var policy in policies[1..])
            {
                policy.Run(in features, ref other);
                if (!((ReadOnlySpan<float>)first).SequenceEqual(other)) Assert.Fail($"context {i}");
            }
        }
    }

    [TestCase(float.NaN)]
    [TestCase(float.PositiveInfinity)]
    [TestCase(float.NegativeInfinity)]
    public void ShouldGiveNoAnswerWhenContextIsNotFiniteAndOneAgainAfterwards(float value)
    {
        var policy = CompiledPolicy.Load(ShippedModels.Open());
        var calm = ContextSource.Calm();
        PolicyOutputs before = default, broken = default, after = default;
        policy.Run(in calm, ref before);
        for (var i = 0; i < ContextFeatures.Count; i++)
        {
            var features = calm;
            features[i] = value;
            policy.Run(in features, ref broken);
            Assert.That(PolicyBounds.IsValid(in broken), Is.False);
        }

        policy.Run(in calm, ref after);
        Assert.That(((ReadOnlySpan<float>)after).ToArray(), Is.EqualTo(((ReadOnlySpan<float>)before).ToArray()));
    }

    [Test]
    public void ShouldMarkDecisionsAsItsOwn()
    {
        var stage = new InferenceStage(CompiledPolicy.Load(ShippedModels.Open()));
        var e = new PipelineEvent { Header = { Kind = EventKind.TradeQualified }, Features = ContextSource.Calm() };
        e.Payload.TradeQualified.Action = TradeAction.Long;

        stage.OnEvent(ref e);

        Assert.That(e.Decision.Source, Is.EqualTo(DecisionSource.Compiled));
        Assert.That(stage.Fallbacks, Is.Zero);
    }
}
