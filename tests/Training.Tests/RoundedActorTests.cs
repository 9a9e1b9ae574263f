using ExecutionPipeline.Stages.Inference;
using ExecutionPipeline.Stages.Inference.Compiled;
using ExecutionPipeline.Training.Networks;
using ExecutionPipeline.Training.Onnx;
using ExecutionPipeline.Training.Teacher;

namespace ExecutionPipeline.Training.Tests;

/// <summary>What becomes of an actor when its weights are rounded.</summary>
public sealed class RoundedActorTests
{
    private const int Rows = 64;

    [Test]
    public void ShouldBeNearlyTheSameFunctionWithBfloat16WeightsWhenRounded([Range(0, 2)] int actorIndex)
    {
        var seed = TestSeed.Next();
        var actor = new PolicyActor(ActorArchitecture.All[actorIndex], seed, Rows);
        var random = new Random((int)seed);
        foreach (var parameter in new[] { actor.Attention, actor.Norm.Gain, actor.Norm.Shift })
        {
            foreach (ref var value in parameter.Values.AsSpan()) value = 0.5f + random.NextSingle();
        }

        var contexts = Batch(seed).Contexts;
        var before = new float[Rows * actor.Architecture.OutputCount];
        var after = new float[before.Length];
        actor.Forward(contexts, before, Rows);

        var rounded = actor.Round();
        rounded.Forward(contexts, after, Rows);
        rounded.KeepRoundedWeights();

        Assert.That(after, Is.Not.EqualTo(before));
        for (var i = 0; i < before.Length; i++) Assert.That(after[i], Is.EqualTo(before[i]).Within(0.05f));
        // Of the merged graph too, where the scale of the features is in the first layer.
        foreach (var model in new[] { PolicyGraph.Build(rounded), PolicyGraph.BuildMerged("merged", [rounded]) })
        {
            var matrices = model.Graph.Initializers.Where(static tensor => tensor.Dims.Count == 2).ToList();
            Assert.That(matrices, Is.Not.Empty);
            foreach (var matrix in matrices) Assert.That(matrix.Values.All(Bfloat16.Holds), matrix.Name);
        }
    }

    [Test]
    public void ShouldGoOnLearningWithRoundedWeightsAndFixedNormalisation()
    {
        var seed = TestSeed.Next();
        var rounded = new PolicyActor(ActorArchitecture.PositionSizing, seed, Rows).Round();
        var batch = Batch(seed);
        var optimizer = new AdamOptimizer(rounded.Parameters);
        double first = 0, last = 0;
        for (var step = 0; step < 100; step++)
        {
            rounded.Forward(batch.Contexts, new float[batch.Targets[0].Length], Rows);
            last = rounded.Backward(batch.Targets[0], Rows);
            if (step == 0) first = last;
            optimizer.Step(0.005f);
        }

        Assert.That(last, Is.LessThan(0.8 * first));
        Assert.That(rounded.Attention.Values, Is.All.EqualTo(1f));
        Assert.That(rounded.Norm.Gain.Values, Is.All.EqualTo(1f));
        Assert.That(rounded.Norm.Shift.Values, Is.All.EqualTo(0f));
    }

    private static TeacherBatch Batch(long seed)
    {
        var batch = new TeacherBatch(
            new ContextSampler(seed, 3), new RuleBasedPolicy(new RuleBasedPolicyOptions()), Rows);
        batch.Draw();
        return batch;
    }
}
