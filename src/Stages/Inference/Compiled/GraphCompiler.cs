using System.Globalization;
using ExecutionPipeline.Stages.Inference.Onnx;

namespace ExecutionPipeline.Stages.Inference.Compiled;

/// <summary>
/// Turns the operators of a graph, for one context at a time, into the steps of a plan. What is linear is fused with
/// the normalisation before it and the rectifier after it; an operator, attribute or shape that is not known ends the
/// compilation with its name.
/// </summary>
internal sealed class GraphCompiler
{
    private const int NodesMax = 10_000;
    private const int WidthMax = 16_384;
    private const float DefaultEpsilon = 1e-5f;

    private readonly OnnxGraph _graph;
    private readonly PlanBuilder _builder;
    private readonly bool _mustBeBfloat16;
    private readonly Dictionary<string, OnnxTensor> _constants = [];
    private readonly Dictionary<string, PlanValue> _values = [];
    private readonly Dictionary<string, Normalization> _normalizations = [];
    private readonly Dictionary<string, List<OnnxNode>> _consumers = [];
    private readonly HashSet<OnnxNode> _fused = new(ReferenceEqualityComparer.Instance);

    private GraphCompiler(OnnxGraph graph, PlanBuilder builder, bool mustBeBfloat16)
    {
        _mustBeBfloat16 = mustBeBfloat16;
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
    /// <param name="mustBeBfloat16">Whether weights of linear layers that are not bfloat16 are refused.</param>
    /// <exception cref="UnsupportedGraphException">Something in a graph is not compiled.</exception>
    public static Plan Compile(
        IReadOnlyList<OnnxGraph> graphs,
        string inputName,
        int inputCount,
        IReadOnlyList<PolicyOutputSlice> outputs,
        LaneWidth width,
        bool mustBeBfloat16 = false)
    {
        var builder = new PlanBuilder(width);
        var input = builder.AddInput(inputCount);
        var made = new Dictionary<string, PlanValue>();
        foreach (var graph in graphs)
        {
            var compiler = new GraphCompiler(GraphSimplifier.Simplify(graph), builder, mustBeBfloat16);
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
            if (!tensor.IsFloat) continue;
            if (!Array.TrueForAll(tensor.Values, float.IsFinite))
                throw new UnsupportedGraphException($"initializer '{tensor.Name}' holds a value that is not finite");
            _constants.Add(tensor.Name, tensor);
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
            if (node.Domain.Length > 0) throw Refuse(node, $"operators of the set '{node.Domain}' are not compiled");
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
                case "Clip": CompileClip(node); break;
                case "Identity": Define(node, Operands(node, 1, 1)[0]); break;
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

    /// <summary>The bounds are inputs, or attributes in older operator sets; each may be missing.</summary>
    private void CompileClip(OnnxNode node)
    {
        CheckAttributes(node, "min", "max");
        if (node.Inputs.Count is < 1 or > 3) throw Refuse(node, "it does not have one to three inputs");
        var value = ValueOf(node.Inputs[0]);
        if (BoundOf(node, 1, "min") is { } min) value = AddBound<Elementwise.Max>(value, min);
        if (BoundOf(node, 2, "max") is { } max) value = AddBound<Elementwise.Min>(value, max);
        Define(node, value);
    }

    private float? BoundOf(OnnxNode node, int input, string attribute)
    {
        if (node.Inputs.Count > input && node.Inputs[input].Length > 0)
            return Expand(node, node.Inputs[input], 1)[0];
        if (node.Attributes.All(a => a.Name != attribute)) return null;
        return FloatOf(node, attribute, 0f);
    }

    // Behind the end of a value are zeros, and the zeros that stand behind a bound keep them.
    private PlanValue AddBound<TOperation>(PlanValue value, float bound)
        where TOperation : struct, IElementwise
    {
        var bounds = _builder.AddConstants(Enumerable.Repeat(bound, value.Count).ToArray());
        return _builder.Add(
            value.Count, [value], output => new ElementwiseStep<TOperation>(value.Offset, bounds, output));
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

    private void CompileDense(OnnxNode node)
    {
        if (node.Inputs.Count is < 2 or > 3) throw Refuse(node, "it does not have two or three inputs");
        var weights = node.OpType == "Gemm" ? ReadGemm(node) : ReadMatMul(node);
        var normalization = _normalizations.GetValueOrDefault(node.Inputs[0]);
        var input = normalization?.Input ?? ValueOf(node.Inputs[0]);
        if (input.Count != weights.Rows)
            throw Refuse(node, $"its input has {input.Count} columns, its weights {weights.Rows} rows");
        if (normalization is not null)
            weights = weights.Normalize(normalization.Gain, normalization.Shift);
        if (_mustBeBfloat16 && !weights.AreBfloat16)
            throw Refuse(node, "its weights are not bfloat16, as the manifest says");

        var last = node;
        if (node.OpType == "MatMul" && SoleConsumer(last) is { OpType: "Add" } add && BiasOf(add, last) is { } bias)
        {
            var shift = Expand(add, bias, weights.Columns);
            weights = weights with { Bias = [.. weights.Bias.Zip(shift, static (left, right) => left + right)] };
            last = Fuse(add);
        }

        // Behind the last of other columns are some that only look active when there is NaN.
        if (weights.Columns == PlanBuilder.RoundUp(weights.Columns) && SoleConsumer(last) is { OpType: "Relu" } relu)
        {
            CheckAttributes(relu);
            weights = weights with { IsRectified = true };
            last = Fuse(relu);
        }

        Define(last, _builder.AddDense(input, normalization?.Moments, weights));
    }

    private DenseWeights ReadMatMul(OnnxNode node)
    {
        CheckAttributes(node);
        if (node.Inputs.Count != 2) throw Refuse(node, "it does not have two inputs");
        var (rows, columns, values) = Matrix(node, isTransposed: false);
        return Weights(rows, columns, values, new float[columns]);
    }

    private DenseWeights ReadGemm(OnnxNode node)
    {
        CheckAttributes(node, "alpha", "beta", "transA", "transB");
        if (IntegerOf(node, "transA", 0) != 0) throw Refuse(node, "transA is not compiled");
        var (rows, columns, values) = Matrix(node, IntegerOf(node, "transB", 0) != 0);
        var alpha = FloatOf(node, "alpha", 1f);
        var beta = FloatOf(node, "beta", 1f);
        var hasBias = node.Inputs.Count == 3 && node.Inputs[2].Length > 0;
        var bias = hasBias ? Expand(node, node.Inputs[2], columns) : new float[columns];
        return Weights(
            rows,
            columns,
            Array.ConvertAll(values, value => alpha * value),
            Array.ConvertAll(bias, value => beta * value));
    }

    private static DenseWeights Weights(int rows, int columns, float[] values, float[] bias) => new()
    {
        Rows = rows,
        Columns = columns,
        Values = values,
        Bias = bias,
        ColumnSums = new float[columns],
    };

    private (int Rows, int Columns, float[] Values) Matrix(OnnxNode node, bool isTransposed)
    {
        if (!_constants.TryGetValue(node.Inputs[1], out var tensor)) throw Refuse(node, "its weights are not constant");
        if (tensor.Dims is not [>= 1 and <= WidthMax, >= 1 and <= WidthMax])
            throw Refuse(node, $"weights of shape [{string.Join(",", tensor.Dims)}] are not compiled");

        var (rows, columns) = ((int)tensor.Dims[0], (int)tensor.Dims[1]);
        if (!isTransposed) return (rows, columns, tensor.Values);
        var values = new float[tensor.Values.Length];
        for (var i = 0; i < values.Length; i++) values[i % columns * rows + i / columns] = tensor.Values[i];
        return (columns, rows, values);
    }

    /// <summary>
    /// Linear layers take a normalisation into their weights; it is a step of its own where anything else uses it.
    /// </summary>
    private void CompileNormalization(OnnxNode node)
    {
        CheckAttributes(node, "axis", "epsilon", "stash_type");
        CheckAxis(node, -1);
        if (node.Inputs.Count is < 2 or > 3) throw Refuse(node, "it does not have two or three inputs");
        var input = ValueOf(node.Inputs[0]);
        var hasShift = node.Inputs.Count == 3 && node.Inputs[2].Length > 0;
        var gain = Expand(node, node.Inputs[1], input.Count);
        var shift = hasShift ? Expand(node, node.Inputs[2], input.Count) : new float[input.Count];
        var epsilon = FloatOf(node, "epsilon", DefaultEpsilon);
        if (!(epsilon >= 0f)) throw Refuse(node, "its epsilon is below 0");

        var moments = _builder.AddMoments(input, epsilon);
        var name = OutputOf(node);
        if (!IsOutput(name) && ConsumersOf(name).All(consumer => IsDenseOver(consumer, name)))
        {
            if (!_normalizations.TryAdd(name, new Normalization(input, moments, gain, shift)))
                throw Refuse(node, $"'{name}' is made twice");
            return;
        }

        var (gainOffset, shiftOffset) = (_builder.AddConstants(gain), _builder.AddConstants(shift));
        Define(node, _builder.Add(
            input.Count, [moments], output => new NormalizeStep(input, output, gainOffset, shiftOffset, moments)));
    }

    private static bool IsDenseOver(OnnxNode node, string input) =>
        node.OpType is "Gemm" or "MatMul" && node.Inputs[0] == input && !node.Inputs.Skip(1).Contains(input);

    private OnnxNode? SoleConsumer(OnnxNode node) =>
        !IsOutput(OutputOf(node)) && ConsumersOf(OutputOf(node)) is [var only] ? only : null;

    /// <summary>The constant that is added to a node's output, by name.</summary>
    private string? BiasOf(OnnxNode add, OnnxNode node)
    {
        var other = add.Inputs.FirstOrDefault(name => name != OutputOf(node));
        return add.Inputs.Count == 2 && other is not null && _constants.ContainsKey(other) ? other : null;
    }

    private OnnxNode Fuse(OnnxNode node)
    {
        _fused.Add(node);
        return node;
    }

    private sealed record Normalization(PlanValue Input, PlanValue Moments, float[] Gain, float[] Shift);

    /// <summary>A row of a batch is all that is compiled, so the last axis is the only one there is.</summary>
    private static void CheckAxis(OnnxNode node, long defaultAxis)
    {
        var axis = IntegerOf(node, "axis", defaultAxis);
        if (axis is not (-1 or 1)) throw Refuse(node, $"axis {axis} is not compiled");
    }

    private static void CheckAttributes(OnnxNode node, params ReadOnlySpan<string> known)
    {
        foreach (var attribute in node.Attributes)
        {
            if (!known.Contains(attribute.Name)) throw Refuse(node, $"attribute '{attribute.Name}' is not compiled");
        }
    }

    private static long IntegerOf(OnnxNode node, string name, long otherwise) =>
        node.Attributes.FirstOrDefault(a => a.Name == name) is not { } attribute ? otherwise
        : !attribute.IsInteger ? throw Refuse(node, $"attribute '{name}' is no integer")
        : attribute.IntegerValue;

    private static float FloatOf(OnnxNode node, string name, float otherwise) =>
        node.Attributes.FirstOrDefault(a => a.Name == name) is not { } attribute ? otherwise
        : attribute.IsFloat && float.IsFinite(attribute.FloatValue) ? attribute.FloatValue
        : throw Refuse(node, $"attribute '{name}' is no finite number");

    private static string OutputOf(OnnxNode node) =>
        node.Outputs is [{ Length: > 0 } only] ? only : throw Refuse(node, "it does not have one output");

    private PlanValue ValueOf(string name) => _values.GetValueOrDefault(name)
        ?? throw new UnsupportedGraphException($"'{name}' is used and not computed before");

    private void Define(OnnxNode node, PlanValue value)
    {
        var name = OutputOf(node);
        if (_constants.ContainsKey(name) || _normalizations.ContainsKey(name) || !_values.TryAdd(name, value))
            throw Refuse(node, $"'{name}' is made twice");
    }

    private List<OnnxNode> ConsumersOf(string name) => _consumers.GetValueOrDefault(name) ?? [];

    private bool IsOutput(string name) => _graph.Outputs.Any(output => output.Name == name);

    private PlanValue[] Operands(OnnxNode node, int min, int max)
    {
        if (node.Inputs.Count < min || node.Inputs.Count > max)
            throw Refuse(node, $"{node.Inputs.Count} inputs are not compiled");

        return [.. node.Inputs.Select(ValueOf)];
    }

    private int Constants(OnnxNode node, string name, int count, float padding) =>
        _builder.AddConstants(Expand(node, name, count), padding);

    /// <summary>A constant as a row of <paramref name="count"/> columns, as ONNX broadcasts it.</summary>
    private float[] Expand(OnnxNode node, string name, int count)
    {
        if (!_constants.TryGetValue(name, out var tensor)) throw Refuse(node, $"'{name}' is not constant");
        if (tensor.Dims is [] or [1] or [1, 1] && tensor.Values is [var one])
            return [.. Enumerable.Repeat(one, count)];
        if ((tensor.Dims is [var only] && only == count) || (tensor.Dims is [1, var last] && last == count))
            return tensor.Values;

        throw Refuse(node, $"'{name}' of shape [{string.Join(",", tensor.Dims)}] is no row of {count} columns");
    }
}

/// <summary>A graph has something that is not compiled; the message names it in one line.</summary>
internal sealed class UnsupportedGraphException : Exception
{
    public UnsupportedGraphException(string message) : base(message)
    {
    }
}
