using ExecutionPipeline.Stages.Inference.Compiled;
using ExecutionPipeline.Stages.Inference.Onnx;

namespace ExecutionPipeline.Stages.Tests.Inference.Compiled;

/// <summary>What is not compiled is named.</summary>
public sealed class UnsupportedGraphTests
{
    private const string X = GraphBuilder.Input;
    private GraphBuilder _graph = null!;

    [SetUp]
    public void SetUp() => _graph = new GraphBuilder(new Random(1), 4);

    private static IEnumerable<TestCaseData> Refused()
    {
        yield return Case("Tanh 'v0': the operator is not compiled", g => g.Add("Tanh", [X]));
        yield return Case("Softmax 'v0': axis 0", g => g.Add("Softmax", [X], OnnxAttribute.Of("axis", 0L)));
        yield return Case("Concat 'v0': axis 0", g => g.Add("Concat", [X, X]));
        yield return Case("Relu 'v0': attribute 'slope'", g => g.Add("Relu", [X], OnnxAttribute.Of("slope", 1f)));
        yield return Case("Gemm 'v0': transA", g => g.Add(
            "Gemm", [X, g.Constant(4, 4)], OnnxAttribute.Of("transA", 1L)));
        yield return Case("its input has 4 columns, its weights 3 rows", g => g.Add("Gemm", [X, g.Constant(3, 4)]));
        yield return Case("weights of shape [4,0]", g => g.Add("Gemm", [X, g.Constant(4, 0)]));
        yield return Case("weights of shape [2,2,2]", g => g.Add("MatMul", [X, g.Constant(2, 2, 2)]));
        yield return Case("its weights are not constant", g => g.Add("MatMul", [X, X]));
        yield return Case("is no row of 4 columns", g => g.Add("Add", [X, g.Constant(3)]));
        yield return Case("is no row of 4 columns", g => g.Add("Gemm", [X, g.Constant(4, 4), g.Constant(4, 4)]));
        yield return Case("'nobody' is not constant", g => g.Add("Add", [X, "nobody"]));
        yield return Case("'nobody' is used and not computed before", g => g.Add("Relu", ["nobody"]));
        yield return Case("neither input is computed", g => g.Add("Add", [g.Constant(4), g.Constant(4)]));
        yield return Case("its divisor is computed", g => g.Add("Div", [g.Constant(4), X]));
        yield return Case("two or three inputs", g => g.Add("LayerNormalization", [X]));
        yield return Case("2 inputs are not compiled", g => g.Add("Softmax", [X, X]));
        yield return Case("'epsilon' is no finite number", g => g.Add(
            "LayerNormalization", [X, g.Constant(4)], OnnxAttribute.Of("epsilon", float.NaN)));
    }

    [TestCaseSource(nameof(Refused))]
    public void ShouldNameWhatItIsWhenSomethingIsNotCompiled(string reason, Delegate build) =>
        Refuse(reason, () => _graph.Compile(((Func<GraphBuilder, string>)build)(_graph), 4, LaneWidth.Bits128));

    [Test]
    public void ShouldRefuseWhenOutputIsMissing() =>
        Refuse("'nothing' is used and not computed before", () => _graph.Compile("nothing", 4, LaneWidth.Bits128));

    [Test]
    public void ShouldRefuseWhenOutputHasOtherColumns() =>
        Refuse("has 4 columns in place of 5", () => _graph.Compile(_graph.Add("Relu", [X]), 5, LaneWidth.Bits128));

    private static TestCaseData Case(string reason, Func<GraphBuilder, string> build) =>
        new TestCaseData(reason, build).SetArgDisplayNames(reason);

    private static void Refuse(string reason, Action compile) =>
        Assert.That(compile, Throws.TypeOf<UnsupportedGraphException>().With.Message.Contains(reason));
}
