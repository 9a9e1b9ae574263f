using ExecutionPipeline.Stages.Inference.Compiled;
using ExecutionPipeline.Stages.Inference.Onnx;

namespace ExecutionPipeline.Stages.Tests.Inference.Compiled;

/// <summary>
/// The forms in which exporters write a graph give the same bits as the plain form: what is tested is the difference
/// of the two.
/// </summary>
public sealed class ExportedFormTests
{
    private const string X = GraphBuilder.Input;
    private const int Count = 24;
    private GraphBuilder _graph = null!;

    [SetUp]
    public void SetUp() => _graph = new GraphBuilder(TestSeed.NewRandom(), Count);

    [TestCase(true, true)]
    [TestCase(false, true)]
    [TestCase(true, false)]
    public void ShouldBeOneOperatorWhenNormalizationIsSpelledOut(bool isPower, bool isByInput)
    {
        var (gain, shift) = (_graph.Constant(Count), _graph.Constant(Count));
        var plain = _graph.Add(
            "LayerNormalization", [X, gain, shift], OnnxAttribute.Of("axis", -1L), OnnxAttribute.Of("epsilon", 1e-5f));
        var difference = _graph.Add("Sub", [X, Mean(X, isByInput)]);
        var square = isPower
            ? _graph.Add("Pow", [difference, _graph.Scalar(2f)])
            : _graph.Add("Mul", [difference, difference]);
        var root = _graph.Add("Sqrt", [_graph.Add("Add", [Mean(square, isByInput), _graph.Scalar(1e-5f)])]);
        var quotient = _graph.Add("Div", [difference, root]);
        AssertSame(plain, _graph.Add("Add", [_graph.Add("Mul", [quotient, gain]), shift]));
    }

    [Test]
    public void ShouldBeOneOperatorWhenNormalizationHasNoGain()
    {
        var plain = _graph.Add("LayerNormalization", [X, Ones()], OnnxAttribute.Of("epsilon", 1e-3f));
        var difference = _graph.Add("Sub", [X, Mean(X, isByInput: false)]);
        var square = _graph.Add("Mul", [difference, difference]);
        var sum = _graph.Add("Add", [_graph.Scalar(1e-3f), Mean(square, isByInput: false)]);
        AssertSame(plain, _graph.Add("Div", [difference, _graph.Add("Sqrt", [sum])]));
    }

    [Test]
    public void ShouldRefuseWhenWhatIsSpelledOutIsNoNormalization()
    {
        var difference = _graph.Add("Sub", [X, Mean(X, isByInput: false)]);
        var square = _graph.Add("Pow", [difference, _graph.Scalar(3f)]);
        var sum = _graph.Add("Add", [Mean(square, isByInput: false), _graph.Scalar(1e-3f)]);
        var quotient = _graph.Add("Div", [difference, _graph.Add("Sqrt", [sum])]);
        Assert.That(
            () => _graph.Compile(quotient, Count, LaneWidth.Bits128),
            Throws.TypeOf<UnsupportedGraphException>().With.Message.Contains("ReduceMean"));
    }

    [Test]
    public void ShouldFoldWhenConstantsAreReshaped()
    {
        var weights = _graph.Constant(Count, Count);
        var plain = _graph.Add("Gemm", [X, weights], OnnxAttribute.Of("transB", 1L));
        var flat = _graph.Add("Reshape", [weights, _graph.Integers(-1)]);
        var tall = _graph.Add("Unsqueeze", [flat, _graph.Integers(0)]);
        var square = _graph.Add("Reshape", [_graph.Add("Squeeze", [tall]), _graph.Integers(Count, -1)]);
        var turned = _graph.Add("Transpose", [square], OnnxAttribute.Of("perm", new long[] { 1, 0 }));
        AssertSame(plain, _graph.Add("MatMul", [X, turned]));
    }

    [Test]
    public void ShouldPassOnWhenOperatorsDoNothingInInference()
    {
        var shift = _graph.Constant(Count);
        var plain = _graph.Add("Add", [X, shift]);
        var copy = _graph.Add("Identity", [_graph.Add("Flatten", [X], OnnxAttribute.Of("axis", 1L))]);
        var kept = _graph.Add("Dropout", [copy, _graph.Scalar(0.5f)]);
        AssertSame(plain, _graph.Add("Add", [kept, _graph.Add("Identity", [shift])]));
    }

    [Test]
    public void ShouldTakeItsValueWhenANodeIsAConstant()
    {
        var scale = new OnnxTensor("any", [1], [2.5f]);
        var plain = _graph.Add("Mul", [X, _graph.Scalar(2.5f)]);
        var constant = _graph.Add("Constant", [], OnnxAttribute.Of("value", scale));
        AssertSame(plain, _graph.Add("Mul", [X, constant]));
    }

    [Test]
    public void ShouldGiveItsInputWhenAnOutputIsACopy()
    {
        var plain = _graph.Add("Relu", [X]);
        var plan = _graph.Compile(_graph.Add("Identity", [plain]), Count, LaneWidth.Bits256);
        plan.Input.Fill(-1f);
        plan.Input[3] = 7f;
        plan.Run();
        Assert.That(plan.Output(0).ToArray().Sum(), Is.EqualTo(7f));
    }

    [TestCase(-0.5f, 0.25f)]
    [TestCase(float.NegativeInfinity, 0.25f)]
    [TestCase(0.25f, float.PositiveInfinity)]
    public void ShouldKeepWithinBoundsWhenClipped(float min, float max)
    {
        string[] inputs =
        [
            X,
            float.IsFinite(min) ? _graph.Scalar(min) : "",
            .. float.IsFinite(max) ? [_graph.Scalar(max)] : Array.Empty<string>(),
        ];
        var plan = _graph.Compile(_graph.Add("Clip", inputs), Count, LaneWidth.Bits512);
        for (var i = 0; i < Count; i++)
            plan.Input[i] = i / 10f - 1.2f;

        var expected = plan.Input.ToArray().Select(value => Math.Clamp(value, min, max)).ToArray();
        plan.Run();
        Assert.That(plan.Output(0).ToArray(), Is.EqualTo(expected));
    }

    private string Ones() => _graph.Add(
        "Constant", [], OnnxAttribute.Of("value", new OnnxTensor("any", [1], [1f])));

    private string Mean(string of, bool isByInput) => isByInput
        ? _graph.Add("ReduceMean", [of, _graph.Integers(-1)], OnnxAttribute.Of("keepdims", 1L))
        : _graph.Add("ReduceMean", [of], OnnxAttribute.Of("axes", new long[] { -1 }));

    private void AssertSame(string plain, string exported)
    {
        var difference = _graph.Add("Sub", [plain, exported]);
        var random = TestSeed.NewRandom();
        var input = Enumerable.Range(0, Count).Select(_ => 4f * random.NextSingle() - 2f).ToArray();
        foreach (var width in Enum.GetValues<LaneWidth>())
        {
            var plan = _graph.Compile(difference, Count, width);
            input.CopyTo(plan.Input);
            plan.Run();
            Assert.That(plan.Output(0).ToArray(), Is.All.EqualTo(0f), $"{width}");
        }
    }
}
