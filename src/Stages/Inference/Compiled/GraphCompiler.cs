using System.Globalization;
using ExecutionPipeline.Stages.Inference.Onnx;

namespace ExecutionPipeline.Stages.Inference.Compiled;

/// <summary>
/// Turns the operators of a graph, for one context at a time, into the steps of a plan. What is linear is fused with
/// the normalisation before it and the rectifier after it; an operator, attribute or shape that is not known ends the
/// compilation with its name.
/// </summary>
internal sealed partial class GraphCompiler
{
    private const int NodesMax = 10_000;
    private const int WidthMax = 16_384;

    private readonly OnnxGraph _graph;
    private readonly PlanBuilder _builder;
    private readonly Dictionary<string, OnnxTensor> _constants = [];
    private readonly Dictionary<string, PlanValue> _values = [];
    private readonly Dictionary<string, Normalization> _normalizations = [];
    private readonly Dictionary<string, List<OnnxNode>> _consumers = [];
    private readonly HashSet<OnnxNode> _fused = new(ReferenceEqualityComparer.Instance);

    private GraphCompiler(OnnxGraph graph, PlanBuilder builder)
    {
        _graph = graph;
        _builder = builder;
    }

    /// <summary>Several graphs over one input in one plan.</summary>
    /// <param name="graphs">Each has one input; no two have an output of the same name.</param>
    /// <param name="inputName">The input's name.</param>
    /// <param name="inputCount">The input's columns.</param>
    /// <param name="outputs">The outputs of all graphs, in the order that the plan gives them in, with their columns.
    /// </param>
    /// <param name="width">The registers to compute with; the machine must have them.</param>
    /// <exception cref="UnsupportedGraphException">Something in a graph is not compiled.</exception>
    public static Plan Compile(
        IReadOnlyList<OnnxGraph> graphs,
        string inputName,
        int inputCount,
        IReadOnlyList<PolicyOutputSlice> outputs,
        LaneWidth width)
    {
        var builder = new PlanBuilder(width);
        var input = builder.AddInput(inputCount);
        var made = new Dictionary<string, PlanValue>();
        foreach (var graph in graphs)
        {
            var compiler = new GraphCompiler(graph, builder);
            compiler.Prepare(inputName, input);
            compiler.CompileNodes();
            foreach (var output in graph.Outputs)
            {
                if (!made.TryAdd(output.Name, compiler.ValueOf(output.Name)))
                    throw new UnsupportedGraphException($"output '{output.Name}' is made twice");
            }
        }

        return builder.Build(input, [.. outputs.Select(output => Find(made, output))]);
    }

    private static PlanValue Find(Dictionary<string, PlanValue> made, PolicyOutputSlice output)
    {
        if (!made.TryGetValue(output.Name, out var value))
            throw new UnsupportedGraphException($"there is no output '{output.Name}'");
        if (value.Count == output.Count) return value;
        throw new UnsupportedGraphException(
            $"output '{output.Name}' has {value.Count} columns in place of {output.Count}");
    }

    private void Prepare(string inputName, PlanValue input)
    {
        if (_graph.Nodes.Count > NodesMax) throw new UnsupportedGraphException($"more than {NodesMax} operators");
        var columns = input.Count.ToString(CultureInfo.InvariantCulture);
        if (_graph.Inputs is not [{ Shape: [_, var last] } only] || only.Name != inputName || last != columns)
            throw new UnsupportedGraphException($"its input is not {inputName}[N,{columns}] alone");

        _values.Add(inputName, input);
        foreach (var tensor in _graph.Initializers)
        {
            if (!Array.TrueForAll(tensor.Values, float.IsFinite))
                throw new UnsupportedGraphException($"initializer '{tensor.Name}' holds a value that is not finite");
            if (!_constants.TryAdd(tensor.Name, tensor))
                throw new UnsupportedGraphException($"initializer '{tensor.Name}' is there twice");
        }

        foreach (var node in _graph.Nodes)
        {
            foreach (var name in node.Inputs)
            {
                if (!_consumers.TryGetValue(name, out var consumers)) _consumers.Add(name, consumers = []);
                consumers.Add(node);
            }
        }
    }

    private void CompileNodes()
    {
        foreach (var node in _graph.Nodes)
        {
            if (_fused.Contains(node)) continue;
            switch (node.OpType)
            {
                case "Gemm" or "MatMul": CompileDense(node); break;
                case "LayerNormalization": CompileNormalization(node); break;
                case "Add": CompileBinary<Elementwise.Add>(node, padding: 0f); break;
                case "Sub": CompileBinary<Elementwise.Sub>(node, padding: 0f); break;
                case "Mul": CompileBinary<Elementwise.Mul>(node, padding: 0f); break;
                case "Div": CompileBinary<Elementwise.Div>(node, padding: 1f); break;
                case "Relu": CompileUnary<Elementwise.Relu>(node); break;
                case "Sigmoid": CompileUnary<Elementwise.Sigmoid>(node); break;
                case "Softmax": CompileSoftmax(node); break;
                case "Concat": CompileConcat(node); break;
                default: throw Refuse(node, "the operator is not compiled");
            }
        }
    }

    private void CompileUnary<TOperation>(OnnxNode node)
        where TOperation : struct, IElementwise
    {
        var input = Operands(node, 1, 1)[0];
        var ones = _builder.AddConstants(Enumerable.Repeat(1f, input.Count).ToArray());
        CheckAttributes(node);
        Define(node, _builder.Add(
            input.Count, [input], output => new ElementwiseStep<TOperation>(input.Offset, ones, output)));
    }

    private void CompileBinary<TOperation>(OnnxNode node, float padding)
        where TOperation : struct, IElementwise
    {
        CheckAttributes(node);
        if (node.Inputs is not [var left, var right]) throw Refuse(node, "it does not have two inputs");
        var leftValue = _values.GetValueOrDefault(left);
        var rightValue = _values.GetValueOrDefault(right);
        if ((leftValue ?? rightValue) is not { } vector) throw Refuse(node, "neither input is computed before it");
        if (leftValue is not null && rightValue is not null && leftValue.Count != rightValue.Count)
            throw Refuse(node, $"its inputs have {leftValue.Count} and {rightValue.Count} columns");
        // Behind the end of a computed value are zeros, which nothing may be divided by.
        if (rightValue is not null && padding != 0f) throw Refuse(node, "its divisor is computed");

        var leftOffset = leftValue?.Offset ?? Constants(node, left, vector.Count, 0f);
        var rightOffset = rightValue?.Offset ?? Constants(node, right, vector.Count, padding);
        Define(node, _builder.Add(
            vector.Count,
            [leftValue ?? vector, rightValue ?? vector],
            output => new ElementwiseStep<TOperation>(leftOffset, rightOffset, output)));
    }

    private void CompileSoftmax(OnnxNode node)
    {
        var input = Operands(node, 1, 1)[0];
        CheckAttributes(node, "axis");
        CheckAxis(node, -1);
        Define(node, _builder.Add(input.Count, [input], output => new SoftmaxStep(input, output)));
    }

    private void CompileConcat(OnnxNode node)
    {
        var inputs = Operands(node, 1, NodesMax);
        CheckAttributes(node, "axis");
        CheckAxis(node, 0);
        var count = inputs.Sum(static input => input.Count);
        if (count > WidthMax) throw Refuse(node, $"{count} columns are more than {WidthMax}");
        var whole = _builder.Add(count, inputs, output => new CopyStep(inputs[0], output.Offset));
        var offset = inputs[0].Count;
        foreach (var input in inputs.Skip(1))
        {
            _builder.AddPart(whole, new CopyStep(input, whole.Offset + offset));
            offset += input.Count;
        }

        Define(node, whole);
    }

    private static UnsupportedGraphException Refuse(OnnxNode node, string reason) =>
        new($"{node.OpType} '{(node.Name.Length > 0 ? node.Name : string.Join(",", node.Outputs))}': {reason}");
}
