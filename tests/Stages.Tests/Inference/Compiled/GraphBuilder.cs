using ExecutionPipeline.Stages.Inference;
using ExecutionPipeline.Stages.Inference.Compiled;
using ExecutionPipeline.Stages.Inference.Onnx;

namespace ExecutionPipeline.Stages.Tests.Inference.Compiled;

/// <summary>Small graphs for tests: each call adds an operator and returns its output's name.</summary>
internal sealed class GraphBuilder
{
    public const string Input = "x";
    private readonly List<OnnxNode> _nodes = [];
    private readonly List<OnnxTensor> _constants = [];
    private readonly Random _random;
    private readonly int _inputs;

    public GraphBuilder(Random random, int inputs)
    {
        _random = random;
        _inputs = inputs;
    }

    public string Add(string opType, string[] inputs, params OnnxAttribute[] attributes)
    {
        var name = $"v{_nodes.Count}";
        _nodes.Add(new OnnxNode(opType, inputs, [name], attributes));
        return name;
    }

    /// <summary>A constant of random values in [-1, 1).</summary>
    public string Constant(params long[] dims) => Constant(0f, dims);

    /// <summary>A constant of random values in [offset - 1, offset + 1).</summary>
    public string Constant(float offset, long[] dims)
    {
        var count = (int)dims.Aggregate(1L, static (product, dim) => product * dim);
        var values = Enumerable.Range(0, count).Select(_ => offset + 2f * _random.NextSingle() - 1f).ToArray();
        _constants.Add(new OnnxTensor($"c{_constants.Count}", dims, values));
        return _constants[^1].Name;
    }

    /// <summary>A constant of random values that bfloat16 holds, in [-1, 1].</summary>
    public string Bfloat16Constant(params long[] dims)
    {
        var name = Constant(dims);
        foreach (ref var value in _constants[^1].Values.AsSpan()) value = Bfloat16.Round(value);
        return name;
    }

    /// <summary>A constant of one given value, without dimensions.</summary>
    public string Scalar(float value) => Keep(new OnnxTensor($"c{_constants.Count}", [], [value]));

    /// <summary>A constant of given integers.</summary>
    public string Integers(params long[] values) =>
        Keep(new OnnxTensor($"c{_constants.Count}", [values.Length], values));

    private string Keep(OnnxTensor constant)
    {
        _constants.Add(constant);
        return constant.Name;
    }

    public OnnxGraph Build(params string[] outputs) => new()
    {
        Name = "test",
        Nodes = _nodes,
        Initializers = _constants,
        Inputs = [new OnnxValueInfo(Input, ["N", $"{_inputs}"])],
        Outputs = [.. outputs.Select(static name => new OnnxValueInfo(name, []))],
    };

    public Plan Compile(string output, int count, LaneWidth width) => GraphCompiler.Compile(
        [Build(output)], Input, _inputs, [new PolicyOutputSlice(output, 0, count)], width);
}
