using ExecutionPipeline.Messages.Events;
using ExecutionPipeline.Stages.Inference;
using ExecutionPipeline.Stages.Inference.Onnx;
using ExecutionPipeline.Training.Networks;
using ExecutionPipeline.Training.Onnx;
using ExecutionPipeline.Training.Teacher;
using Microsoft.ML.OnnxRuntime;

namespace ExecutionPipeline.Training.Tests;

public sealed class OnnxRoundTripTests
{
    private const int Contexts = 10_000;
    private const float Tolerance = 1e-5f;

    [OneTimeSetUp]
    public void KeepTheRuntimeToItself() => OnnxRuntimeTelemetry.Disable();

    [Test]
    public void ShouldReadBackEqualWhenWritten()
    {
        var actors = NewActors(TestSeed.Next(), rowsMax: 1);
        var model = PolicyGraph.BuildMerged("merged", actors);

        var read = OnnxModelReader.Read(OnnxModelWriter.Write(model));

        Assert.That((read.IrVersion, read.OpsetVersion), Is.EqualTo((model.IrVersion, model.OpsetVersion)));
        Assert.That(read.Graph.Name, Is.EqualTo("merged"));
        Assert.That(read.Graph.Nodes.Select(Describe), Is.EqualTo(model.Graph.Nodes.Select(Describe)));
        Assert.That(read.Graph.Outputs.Select(Describe), Is.EqualTo(model.Graph.Outputs.Select(Describe)));
        Assert.That(read.Graph.Initializers.Select(static t => t.Name),
            Is.EqualTo(model.Graph.Initializers.Select(static t => t.Name)));
        foreach (var (found, expected) in read.Graph.Initializers.Zip(model.Graph.Initializers))
        {
            Assert.That(found.Dims, Is.EqualTo(expected.Dims));
            Assert.That(found.Values, Is.EqualTo(expected.Values));
        }
    }

    [Test]
    public void ShouldWriteEqualBytesWhenModelsAreEqual()
    {
        var first = OnnxModelWriter.Write(PolicyGraph.BuildMerged("m", NewActors(7, rowsMax: 1)));
        var second = OnnxModelWriter.Write(PolicyGraph.BuildMerged("m", NewActors(7, rowsMax: 1)));
        Assert.That(second, Is.EqualTo(first));
    }

    [Test]
    public void ShouldAgreeWithOnnxRuntimeWhenWeightsAreRandom()
    {
        var seed = TestSeed.Next();
        var actors = NewActors(seed, Contexts);
        AssertAgreement(actors, OnnxModelWriter.Write(PolicyGraph.BuildMerged("merged", actors)), seed);
    }

    [Test]
    public void ShouldAgreeWithOnnxRuntimeWhenAnActorStandsAlone()
    {
        var seed = TestSeed.Next();
        foreach (var actor in NewActors(seed, Contexts))
            AssertAgreement([actor], OnnxModelWriter.Write(PolicyGraph.Build(actor)), seed);
    }

    [Test]
    public void ShouldAgreeWithOnnxRuntimeWhenWeightsAreThoseShipped()
    {
        var actors = NewActors(0, Contexts);
        var seed = TestSeed.Next();
        foreach (var actor in actors)
        {
            var file = ReadModel(actor.Architecture.Name);
            var shipped = OnnxModelReader.Read(file).Graph.Initializers
                .ToDictionary(static tensor => tensor.Name, static tensor => tensor.Values);
            foreach (var parameter in actor.Parameters) shipped[parameter.Name].CopyTo(parameter.Values, 0);
            AssertAgreement([actor], file, seed);
        }

        AssertAgreement(actors, ReadModel(PolicyModels.Merged), seed);
    }

    private static byte[] ReadModel(string name) =>
        File.ReadAllBytes(Path.Combine(RepositoryFiles.PathOf("models-onnx"), $"{name}.onnx"));

    private static void AssertAgreement(IReadOnlyList<PolicyActor> actors, byte[] file, long seed)
    {
        var contexts = new float[Contexts * ContextFeatures.Count];
        var sampler = new ContextSampler(seed, 9);
        for (var row = 0; row < Contexts; row++)
        {
            var features = default(ContextFeatures);
            sampler.Next(ref features);
            ((ReadOnlySpan<float>)features)[..ContextFeatures.Count]
                .CopyTo(contexts.AsSpan(row * ContextFeatures.Count));
        }

        using var options = new SessionOptions { IntraOpNumThreads = 1, InterOpNumThreads = 1 };
        using var session = new InferenceSession(file, options);
        using var runOptions = new RunOptions();
        using var input = OrtValue.CreateTensorValueFromMemory(contexts, [Contexts, ContextFeatures.Count]);
        var names = actors.Select(static actor => actor.Architecture.OutputName).ToArray();
        using var results = session.Run(runOptions, [PolicyModels.ContextInput], [input], names);
        for (var i = 0; i < actors.Count; i++)
        {
            var outputs = new float[Contexts * actors[i].Architecture.OutputCount];
            actors[i].Forward(contexts, outputs, Contexts);
            var difference = LargestDifference(outputs, results[i].GetTensorDataAsSpan<float>());
            Assert.That(difference, Is.LessThanOrEqualTo(Tolerance), names[i]);
        }
    }

    private static float LargestDifference(ReadOnlySpan<float> found, ReadOnlySpan<float> expected)
    {
        Assert.That(found.Length, Is.EqualTo(expected.Length));
        var largest = 0f;
        for (var i = 0; i < found.Length; i++)
        {
            var difference = Math.Abs(found[i] - expected[i]);
            // NaN on either side must not pass for agreement.
            if (!(difference <= largest)) largest = difference;
        }

        return largest;
    }

    private static PolicyActor[] NewActors(long seed, int rowsMax) =>
        [.. ActorArchitecture.All.Select(architecture => new PolicyActor(architecture, seed, rowsMax))];

    private static string Describe(OnnxNode node) =>
        $"{node.Name} {node.OpType}({string.Join(",", node.Inputs)})->{string.Join(",", node.Outputs)}"
        + $"[{string.Join(",", node.Attributes)}]";

    private static string Describe(OnnxValueInfo value) => $"{value.Name}[{string.Join(",", value.Shape)}]";
}
