using ExecutionPipeline.Stages.Inference.Onnx;

namespace ExecutionPipeline.Stages.Inference.Compiled;

/// <content>Linear layers and what is fused into them.</content>
internal sealed partial class GraphCompiler
{
    private const float DefaultEpsilon = 1e-5f;

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
}
