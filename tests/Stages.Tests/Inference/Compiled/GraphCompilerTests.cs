using ExecutionPipeline.Stages.Inference.Compiled;
using ExecutionPipeline.Stages.Inference.Onnx;

namespace ExecutionPipeline.Stages.Tests.Inference.Compiled;

/// <summary>Compiled plans against a naive evaluation of the same graph, for every width of registers.</summary>
public sealed class GraphCompilerTests
{
    private const string X = GraphBuilder.Input;
    private static readonly OnnxAttribute LastAxis = OnnxAttribute.Of("axis", -1L);

    [Test]
    public void ShouldAgreeWithNaiveEvaluationWhenLayersAreOfAnySize()
    {
        var random = TestSeed.NewRandom();
        for (var i = 0; i < 200; i++)
        {
            var (inputs, hidden, outputs) = (random.Next(1, 40), random.Next(8, 200), random.Next(1, 100));
            var graph = new GraphBuilder(random, inputs);
            var dense = graph.Add("Gemm", [X, graph.Constant(inputs, hidden), graph.Constant(hidden)]);
            var first = graph.Add("Relu", [dense]);
            var normal = graph.Add(
                "LayerNormalization", [first, graph.Constant(hidden), graph.Constant(hidden)], LastAxis);
            var second = graph.Add("Gemm", [normal, graph.Constant(hidden, outputs), graph.Constant(outputs)]);
            Check(graph, graph.Add("Softmax", [graph.Add("Relu", [second])], LastAxis), outputs, random);
        }
    }

    [Test]
    public void ShouldAgreeWhenWeightsAreBfloat16()
    {
        var random = TestSeed.NewRandom();
        for (var i = 0; i < 100; i++)
        {
            var (inputs, hidden, outputs) = (random.Next(1, 40), random.Next(8, 300), random.Next(1, 100));
            var graph = new GraphBuilder(random, inputs);
            var dense = graph.Add("Gemm", [X, graph.Bfloat16Constant(inputs, hidden), graph.Constant(hidden)]);
            var second = graph.Bfloat16Constant(hidden, outputs);
            Check(graph, graph.Add("Gemm", [graph.Add("Relu", [dense]), second]), outputs, random);
        }
    }

    [TestCase("Add")]
    [TestCase("Sub")]
    [TestCase("Mul")]
    [TestCase("Div")]
    public void ShouldAgreeWhenOperatorTakesConstants(string operation)
    {
        var random = TestSeed.NewRandom();
        long[][] shapes = [[7], [1, 7], [1], [1, 1], []];
        foreach (var shape in shapes)
        {
            var graph = new GraphBuilder(random, 7);
            Check(graph, graph.Add(operation, [X, graph.Constant(2f, shape)]), 7, random);
        }
    }

    [Test]
    public void ShouldAgreeWhenConstantComesFirst()
    {
        var random = TestSeed.NewRandom();
        var graph = new GraphBuilder(random, 5);
        Check(graph, graph.Add("Sub", [graph.Constant(5), X]), 5, random);
    }

    [Test]
    public void ShouldAgreeWhenBothInputsAreComputed()
    {
        var random = TestSeed.NewRandom();
        var graph = new GraphBuilder(random, 9);
        var product = graph.Add("Mul", [X, graph.Add("Sigmoid", [X])]);
        Check(graph, graph.Add("Add", [product, graph.Add("Relu", [X])]), 9, random);
    }

    [Test]
    public void ShouldAgreeWhenMatrixIsTransposedAndScaled()
    {
        var random = TestSeed.NewRandom();
        var graph = new GraphBuilder(random, 6);
        var dense = graph.Add(
            "Gemm", [X, graph.Constant(33, 6), graph.Constant(1, 33)],
            OnnxAttribute.Of("transB", 1L), OnnxAttribute.Of("alpha", 0.5f), OnnxAttribute.Of("beta", 2f));
        Check(graph, dense, 33, random);
    }

    [Test]
    public void ShouldAgreeWhenBiasIsAddedToProduct()
    {
        var random = TestSeed.NewRandom();
        var graph = new GraphBuilder(random, 6);
        var product = graph.Add("MatMul", [X, graph.Constant(6, 48)]);
        Check(graph, graph.Add("Relu", [graph.Add("Add", [graph.Constant(48), product])]), 48, random);
    }

    [Test]
    public void ShouldAgreeWhenNormalizationIsUsedByMoreThanLayers()
    {
        var random = TestSeed.NewRandom();
        var graph = new GraphBuilder(random, 21);
        var normal = graph.Add("LayerNormalization", [X, graph.Constant(21)], OnnxAttribute.Of("epsilon", 0.1f));
        var dense = graph.Add("Gemm", [normal, graph.Constant(21, 21)]);
        Check(graph, graph.Add("Add", [normal, dense]), 21, random);
    }

    [Test]
    public void ShouldAgreeWhenNormalizedValueIsAnOutput()
    {
        var random = TestSeed.NewRandom();
        var graph = new GraphBuilder(random, 19);
        Check(graph, graph.Add("LayerNormalization", [X, graph.Constant(19), graph.Constant(19)]), 19, random);
    }

    [Test]
    public void ShouldAgreeWhenPartsAreJoined()
    {
        var random = TestSeed.NewRandom();
        var graph = new GraphBuilder(random, 4);
        var wide = graph.Add("Relu", [graph.Add("Gemm", [X, graph.Constant(4, 16)])]);
        var joined = graph.Add("Concat", [X, wide, X], OnnxAttribute.Of("axis", 1L));
        Check(graph, graph.Add("Gemm", [joined, graph.Constant(24, 3)]), 3, random);
    }

    [Test]
    public void ShouldAgreeWhenLayerIsUsedBeforeAndAfterItsRectifier()
    {
        var random = TestSeed.NewRandom();
        var graph = new GraphBuilder(random, 8);
        var dense = graph.Add("Gemm", [X, graph.Constant(8, 16)]);
        Check(graph, graph.Add("Add", [graph.Add("Relu", [dense]), dense]), 16, random);
    }

    /// <summary>In the widest registers, narrow layers of three networks are computed in turns.</summary>
    [Test]
    public void ShouldAgreeWhenThreeNetworksAreSideBySide(
        [Values("10,5,16", "32,20,17", "20,30,64", "64,50,60", "16,32,64", "64,20,20")] string columns,
        [Values] bool isNormalized,
        [Values] bool areBfloat16)
    {
        var random = TestSeed.NewRandom();
        var graph = new GraphBuilder(random, 15);
        string Weights(params long[] dims) => areBfloat16 ? graph.Bfloat16Constant(dims) : graph.Constant(dims);
        var counts = columns.Split(',').Select(int.Parse).ToArray();
        var outputs = counts.Select((count, i) =>
        {
            var hidden = new[] { 130, 64, 70 }[i];
            var value = graph.Add("Relu", [graph.Add("Gemm", [X, Weights(15, hidden)])]);
            if (isNormalized)
                value = graph.Add("LayerNormalization", [value, graph.Constant(hidden), graph.Constant(hidden)]);
            value = graph.Add("Relu", [graph.Add("Gemm", [value, Weights(hidden, count), graph.Constant(count)])]);
            return graph.Add("Gemm", [value, Weights(count, count)]);
        }).ToArray();
        Check(graph, graph.Add("Concat", outputs, OnnxAttribute.Of("axis", 1L)), counts.Sum(), random);
    }

    [TestCase(5)]
    [TestCase(16)]
    [TestCase(40)]
    public void ShouldAgreeWhenNormalizedInputsAreNearlyEqual(int count)
    {
        var random = TestSeed.NewRandom();
        var graph = new GraphBuilder(random, count);
        var epsilon = OnnxAttribute.Of("epsilon", 1e-9f);
        var normal = graph.Add("LayerNormalization", [X, graph.Constant(count)], epsilon);
        Check(graph, normal, count, random, low: 1f, range: 0.01f);
    }

    private static void Check(
        GraphBuilder graph, string output, int count, Random random, float low = -2f, float range = 4f)
    {
        var input = Enumerable.Range(0, 200).Select(_ => low + range * random.NextSingle()).ToArray();
        var model = graph.Build(output);
        input = input[..int.Parse(model.Inputs[0].Shape[1])];
        var expected = NaiveGraph.Evaluate(model, input, output);
        float[]? first = null;
        foreach (var width in Enum.GetValues<LaneWidth>())
        {
            var plan = graph.Compile(output, count, width);
            // Twice, since what a run leaves behind must not matter to the next.
            for (var run = 0; run < 2; run++)
            {
                input.CopyTo(plan.Input);
                plan.Run();
            }

            var found = plan.Output(0).ToArray();
            first ??= found;
            Assert.That(found, Is.EqualTo(first), $"{width} gives other bits");
            for (var i = 0; i < count; i++)
            {
                var within = 1e-4 + 1e-4 * Math.Abs(expected[i]);
                Assert.That(found[i], Is.EqualTo(expected[i]).Within(within), $"{width} {i}");
            }
        }
    }
}
