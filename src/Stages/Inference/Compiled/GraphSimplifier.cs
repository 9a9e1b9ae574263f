using ExecutionPipeline.Stages.Inference.Onnx;

namespace ExecutionPipeline.Stages.Inference.Compiled;

/// <summary>
/// Rewrites a graph from the forms that exporters write into those that are compiled: constants of nodes become
/// initializers, what only passes a value on goes, what only changes a constant is worked out, and a normalisation
/// that is spelled out becomes one operator. What it does not know it leaves as it is.
/// </summary>
internal sealed class GraphSimplifier
{
    private readonly OnnxGraph _graph;
    private readonly Dictionary<string, OnnxTensor> _constants = [];
    private readonly Dictionary<string, string> _aliases = [];
    private readonly List<OnnxNode> _nodes = [];

    private GraphSimplifier(OnnxGraph graph) => _graph = graph;

    /// <summary>The same function in fewer operators.</summary>
    /// <exception cref="UnsupportedGraphException">A constant is there twice.</exception>
    public static OnnxGraph Simplify(OnnxGraph graph)
    {
        var simplifier = new GraphSimplifier(graph);
        foreach (var tensor in graph.Initializers)
        {
            if (!simplifier._constants.TryAdd(tensor.Name, tensor))
                throw new UnsupportedGraphException($"initializer '{tensor.Name}' is there twice");
        }

        foreach (var node in graph.Nodes)
            simplifier.Take(node);

        var nodes = NormalizationPattern.Fuse(simplifier._nodes, graph.Outputs, simplifier._constants);
        return graph with
        {
            Nodes = nodes,
            Initializers = [.. simplifier._constants.Values],
            Inputs = [.. graph.Inputs.Where(input => !simplifier._constants.ContainsKey(input.Name))],
        };
    }

    private void Take(OnnxNode node)
    {
        if (node.Domain.Length == 0 && node.Outputs.Count > 0)
        {
            node = node with { Inputs = [.. node.Inputs.Select(name => _aliases.GetValueOrDefault(name, name))] };
            if (TryMakeConstant(node) is { } constant)
            {
                if (!_constants.TryAdd(constant.Name, constant))
                    throw new UnsupportedGraphException($"'{constant.Name}' is made twice");

                return;
            }

            if (PassesOn(node))
            {
                PassOn(node);
                return;
            }
        }

        _nodes.Add(node);
    }

    /// <summary>What a graph gives back must still be made under its name.</summary>
    private void PassOn(OnnxNode node)
    {
        var (input, output) = (node.Inputs[0], node.Outputs[0]);
        if (_graph.Outputs.Any(value => value.Name == output))
            _nodes.Add(new OnnxNode("Identity", [input], [output], []) { Name = node.Name });
        else
            _aliases[output] = input;
    }

    /// <summary>
    /// Whether a computed row comes out as it went in. Dropout does in inference, where its mask is not asked for.
    /// </summary>
    private bool PassesOn(OnnxNode node) => node.OpType switch
    {
        "Identity" => node.Inputs.Count == 1,
        "Dropout" => node.Outputs.Skip(1).All(string.IsNullOrEmpty) && node.Inputs.Count is 1 or 2,
        "Flatten" => IntegerOf(node, "axis", 1) == 1,
        _ => false,
    };

    private OnnxTensor? TryMakeConstant(OnnxNode node)
    {
        var name = node.Outputs[0];
        if (node.OpType == "Constant")
            return node.Attributes is [{ } value] ? Named(value, name) : null;
        if (node.Inputs.Count == 0 || !_constants.TryGetValue(node.Inputs[0], out var source))
            return null;

        return node.OpType switch
        {
            "Identity" => source.Renamed(name, source.Dims),
            "Reshape" => Reshaped(node, source, name),
            "Flatten" => Flattened(source, (int)IntegerOf(node, "axis", 1), name),
            "Squeeze" => Squeezed(node, source, name),
            "Unsqueeze" => Unsqueezed(node, source, name),
            "Transpose" => Transposed(node, source, name),
            _ => null,
        };
    }

    private static OnnxTensor? Named(OnnxAttribute value, string name) => value switch
    {
        { Tensor: { } tensor } => tensor.Renamed(name, tensor.Dims),
        { Name: "value_float" } => new OnnxTensor(name, [], [value.FloatValue]),
        { Name: "value_int" } => new OnnxTensor(name, [], [value.IntegerValue]),
        { Name: "value_ints", Integers: { } integers } => new OnnxTensor(name, [integers.Count], [.. integers]),
        _ => null,
    };

    private OnnxTensor? Reshaped(OnnxNode node, OnnxTensor source, string name)
    {
        if (IntegersOf(node, "shape") is not { } shape || IntegerOf(node, "allowzero", 0) != 0)
            return null;

        var dims = shape.Select((dim, i) => dim == 0 && i < source.Dims.Count ? source.Dims[i] : dim).ToArray();
        var known = dims.Where(static dim => dim > 0).Aggregate(1L, static (product, dim) => product * dim);
        if (dims.Count(static dim => dim == -1) == 1 && known > 0)
            dims = Array.ConvertAll(dims, dim => dim == -1 ? source.Count / known : dim);

        return HasCount(dims, source.Count) ? source.Renamed(name, dims) : null;
    }

    private static OnnxTensor? Flattened(OnnxTensor source, int axis, string name)
    {
        if (axis < 0 || axis > source.Dims.Count)
            return null;

        var rows = source.Dims.Take(axis).Aggregate(1L, static (product, dim) => product * dim);
        return rows > 0 ? source.Renamed(name, [rows, source.Count / rows]) : null;
    }

    private OnnxTensor Squeezed(OnnxNode node, OnnxTensor source, string name)
    {
        var axes = IntegersOf(node, "axes")?.Select(axis => axis < 0 ? axis + source.Dims.Count : axis).ToHashSet();
        return source.Renamed(
            name, [.. source.Dims.Where((dim, i) => dim != 1 || axes is not null && !axes.Contains(i))]);
    }

    private OnnxTensor? Unsqueezed(OnnxNode node, OnnxTensor source, string name)
    {
        if (IntegersOf(node, "axes") is not { } axes)
            return null;

        var dims = source.Dims.ToList();
        var rank = dims.Count + axes.Count;
        foreach (var axis in axes.Select(axis => axis < 0 ? axis + rank : axis).Order())
        {
            if (axis < 0 || axis > dims.Count)
                return null;

            dims.Insert((int)axis, 1);
        }

        return source.Renamed(name, dims);
    }

    private OnnxTensor? Transposed(OnnxNode node, OnnxTensor source, string name)
    {
        if (source.Dims.Count == 1)
            return source.Renamed(name, source.Dims);
        var order = IntegersOf(node, "perm") ?? [1, 0];
        if (source is not { IsFloat: true, Dims: [var rows, var columns] } || order is not [1, 0])
            return null;

        var values = new float[source.Values.Length];
        for (var i = 0; i < values.Length; i++)
            values[i % columns * rows + i / columns] = source.Values[i];

        return new OnnxTensor(name, [columns, rows], values);
    }

    /// <summary>What newer operator sets take as a second input and older ones as an attribute.</summary>
    private IReadOnlyList<long>? IntegersOf(OnnxNode node, string attribute) =>
        node.Inputs.Count > 1 && _constants.TryGetValue(node.Inputs[1], out var tensor) ? tensor.Integers
        : node.Attributes.FirstOrDefault(a => a.Name == attribute)?.Integers;

    private static long IntegerOf(OnnxNode node, string name, long otherwise) =>
        node.Attributes.FirstOrDefault(a => a.Name == name)?.IntegerValue ?? otherwise;

    private static bool HasCount(long[] dims, long count) =>
        Array.TrueForAll(dims, static dim => dim is >= 0 and <= int.MaxValue)
        && dims.Aggregate(1L, static (product, dim) => product > int.MaxValue ? product : product * dim) == count;
}
