using ExecutionPipeline.Messages.Events;
using ExecutionPipeline.Stages.Inference;
using ExecutionPipeline.Stages.Inference.Models;

namespace ExecutionPipeline.Stages.Tests.Inference;

public sealed class OnnxRuntimePolicyTests
{
    private const int Contexts = 10_000;

    [Test]
    public void ShouldGiveValidOutputsWhenContextIsAny()
    {
        using var policy = OnnxRuntimePolicy.Load(ShippedModels.Open());
        var source = new ContextSource();
        var outputs = default(PolicyOutputs);
        for (var i = 0; i < Contexts; i++)
        {
            var features = source.Next();
            policy.Run(in features, ref outputs);
            if (!PolicyBounds.IsValid(in outputs)) Assert.Fail(Describe(in outputs));
        }

        Assert.That(policy.Failures, Is.Zero);
    }

    [Test]
    public void ShouldAgreeWithSeparateGraphsWhenMerged()
    {
        var models = ShippedModels.Open();
        using var merged = OnnxRuntimePolicy.Load(models);
        using var separate = SeparateOnnxRuntimePolicy.Load(models);
        var source = new ContextSource();
        PolicyOutputs expected = default, found = default;
        for (var i = 0; i < Contexts; i++)
        {
            var features = source.Next();
            merged.Run(in features, ref found);
            separate.Run(in features, ref expected);
            for (var j = 0; j < PolicyOutputs.Count; j++)
            {
                if (Math.Abs(found[j] - expected[j]) <= 1e-5f) continue;
                Assert.Fail($"{Describe(in found)} {Describe(in expected)}");
            }
        }
    }

    [Test]
    public void ShouldGiveNoAnswerWhenContextIsNotFinite()
    {
        using var policy = OnnxRuntimePolicy.Load(ShippedModels.Open());
        var features = ContextSource.Calm();
        features[Feature.PriceVolatility1Min] = float.NaN;
        var outputs = default(PolicyOutputs);

        policy.Run(in features, ref outputs);

        Assert.That(PolicyBounds.IsValid(in outputs), Is.False);
    }

    [Test]
    public void ShouldRepeatItselfWhenContextIsTheSame()
    {
        using var policy = OnnxRuntimePolicy.Load(ShippedModels.Open());
        var calm = ContextSource.Calm();
        var other = new ContextSource().Next();
        PolicyOutputs first = default, second = default;

        policy.Run(in calm, ref first);
        policy.Run(in other, ref second);
        Assert.That(Describe(in second), Is.Not.EqualTo(Describe(in first)));

        policy.Run(in calm, ref second);
        Assert.That(Describe(in second), Is.EqualTo(Describe(in first)));
    }

    [Test]
    public void ShouldTradeMostSignalsWhenMarketIsCalm()
    {
        const int signals = 4_000;
        using var policy = OnnxRuntimePolicy.Load(ShippedModels.Open());
        var stage = new InferenceStage(policy);
        var source = new ContextSource();
        var e = new PipelineEvent { Header = { Kind = EventKind.TradeQualified } };
        for (var i = 0; i < signals; i++)
        {
            e.Features = source.NextCalmSignal();
            e.Payload.TradeQualified.Action =
                e.Features[Feature.DecisionDirection] > 0 ? TradeAction.Long : TradeAction.Short;
            stage.OnEvent(ref e);
        }

        Assert.That(stage.Fallbacks, Is.Zero);
        Assert.That(signals - stage.ZeroSizes, Is.GreaterThanOrEqualTo(signals * 3 / 4));
    }

    [Test]
    public void ShouldRefuseModelWhenItIsAnotherOnesGraph()
    {
        // An actor's file under the merged graph's name, with an entry to match: the session finds no such outputs.
        var folder = Directory.CreateTempSubdirectory("xp-models-").FullName;
        try
        {
            ShippedModels.CopyTo(folder);
            var manifest = ShippedModels.Open().Manifest;
            var sizing = manifest.Models.Single(static m => m.Name == PolicyModels.PositionSizing);
            var swapped = manifest with { Models = [sizing with { Name = PolicyModels.Merged }] };
            File.WriteAllText(Path.Combine(folder, ModelManifest.FileName), swapped.ToJson());

            const string reason = "position_sizing.onnx: ONNX Runtime refuses it";
            Assert.That(() => OnnxRuntimePolicy.Load(ModelDirectory.Open(folder)),
                Throws.TypeOf<ModelFileException>().With.Message.Contains(reason));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static string Describe(ref readonly PolicyOutputs outputs) =>
        string.Join(" ", ((ReadOnlySpan<float>)outputs).ToArray());
}
