using ExecutionPipeline.Stages.Inference.Onnx;

namespace ExecutionPipeline.Stages.Inference.Compiled;

/// <content>What operators name: values, constants and attributes.</content>
internal sealed partial class GraphCompiler
{
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
        : attribute.IsFloat ? throw Refuse(node, $"attribute '{name}' is no integer")
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
