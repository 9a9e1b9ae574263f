using ExecutionPipeline.Messages.Events;
using ExecutionPipeline.Stages.Inference;
using ExecutionPipeline.Training.Networks;
using ExecutionPipeline.Training.Teacher;

namespace ExecutionPipeline.Training.Tests;

/// <summary>Every parameter's gradient against central differences of the loss, computed in double precision.</summary>
public sealed class PolicyActorGradientTests
{
    private const int Rows = 6;
    private const int SamplesPerParameter = 24;
    private const double RelativeTolerance = 2e-3;

    [Test]
    public void ShouldEqualFiniteDifferencesWhenGoingBackward([Range(0, 2)] int actorIndex)
    {
        var seed = TestSeed.Next();
        var actor = new PolicyActor(ActorArchitecture.All[actorIndex], seed, Rows);
        var batch = new TeacherBatch(
            new ContextSampler(seed, 3), new RuleBasedPolicy(new RuleBasedPolicyOptions()), Rows);
        batch.Draw();
        var targets = batch.Targets[actorIndex];
        actor.Forward(batch.Contexts, new float[targets.Length], Rows);
        actor.Backward(targets, Rows);
        var reference = new ReferenceActor(actor);
        var random = new Xoshiro256(seed, 4);
        foreach (var parameter in actor.Parameters)
        {
            double error = 0, length = 0;
            for (var (sample, tried) = (0, 0); sample < SamplesPerParameter; tried++)
            {
                Assert.That(tried, Is.LessThan(10 * SamplesPerParameter), parameter.Name);
                var index = (int)(random.Next() % (ulong)parameter.Values.Length);
                var expected = reference.Slope(parameter.Name, index, batch.Contexts, targets, Rows);
                if (double.IsNaN(expected)) continue;
                sample++;
                error += Math.Pow(parameter.Gradient[index] - expected, 2);
                length += expected * expected;
            }

            // Relative to the gradient's own length: small gradients are held to the same standard as large ones.
            Assert.That(length, Is.Positive, parameter.Name);
            Assert.That(Math.Sqrt(error / length), Is.LessThan(RelativeTolerance), parameter.Name);
        }
    }

    [Test]
    public void ShouldEqualReferenceInDoublePrecisionWhenGoingForward([Range(0, 2)] int actorIndex)
    {
        var seed = TestSeed.Next();
        var actor = new PolicyActor(ActorArchitecture.All[actorIndex], seed, Rows);
        var sampler = new ContextSampler(seed, 3);
        var contexts = new float[Rows * ContextFeatures.Count];
        for (var row = 0; row < Rows; row++)
        {
            var features = default(ContextFeatures);
            sampler.Next(ref features);
            ((ReadOnlySpan<float>)features)[..ContextFeatures.Count]
                .CopyTo(contexts.AsSpan(row * ContextFeatures.Count));
        }

        var outputs = new float[Rows * actor.Architecture.OutputCount];
        actor.Forward(contexts, outputs, Rows);

        var expected = new ReferenceActor(actor).Forward(contexts, Rows);
        Assert.That(outputs.Select(static value => (double)value), Is.EqualTo(expected).Within(1e-4));
    }

    [Test]
    public void ShouldStartWithDocumentedAttentionAndEqualWeightsWhenSeedIsTheSame()
    {
        var actor = new PolicyActor(ActorArchitecture.PositionSizing, 5, 1);
        var same = new PolicyActor(ActorArchitecture.PositionSizing, 5, 1);
        var other = new PolicyActor(ActorArchitecture.PositionSizing, 6, 1);

        Assert.That(actor.Attention.Values[Feature.DecisionConfidence], Is.EqualTo(0.2f));
        Assert.That(same.First.Weight.Values, Is.EqualTo(actor.First.Weight.Values));
        Assert.That(other.First.Weight.Values, Is.Not.EqualTo(actor.First.Weight.Values));
    }
}
