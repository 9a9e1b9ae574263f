using ExecutionPipeline.Stages.Inference.Onnx;

namespace ExecutionPipeline.Stages.Inference.Compiled;

/// <summary>
/// Finds LayerNormalization that an exporter spelled out: the mean, the difference from it, the mean of its squares,
/// epsilon, the root, the quotient, and the gain and shift where they follow.
/// </summary>
internal sealed class NormalizationPattern
{
    private readonly IReadOnlyList<OnnxValueInfo> _outputs;
    private readonly Dictionary<string, OnnxTensor> _constants;
    private readonly Dictionary<string, OnnxNode> _makers = [];
    private readonly ILookup<string, OnnxNode> _users;

    private NormalizationPattern(
        IReadOnlyList<OnnxNode> nodes, IReadOnlyList<OnnxValueInfo> outputs, Dictionary<string, OnnxTensor> constants)
    {
        (_outputs, _constants) = (outputs, constants);
        _users = nodes.SelectMany(node => node.Inputs.Distinct().Select(name => (Name: name, Node: node)))
            .ToLookup(static pair => pair.Name, static pair => pair.Node);
        foreach (var node in nodes)
            _makers.TryAdd(node.Outputs.FirstOrDefault() ?? "", node);
    }

    /// <summary>The operators with each pattern in one; its constants are added to those that there are.</summary>
    public static IReadOnlyList<OnnxNode> Fuse(
        IReadOnlyList<OnnxNode> nodes, IReadOnlyList<OnnxValueInfo> outputs, Dictionary<string, OnnxTensor> constants)
    {
        var pattern = new NormalizationPattern(nodes, outputs, constants);
        var replaced = new Dictionary<OnnxNode, OnnxNode?>(ReferenceEqualityComparer.Instance);
        foreach (var node in nodes)
        {
            if (node.OpType == "Div")
                pattern.Match(node, replaced);
        }

        return replaced.Count == 0
            ? nodes
            : [.. nodes.Select(node => replaced.GetValueOrDefault(node, node)).OfType<OnnxNode>()];
    }

    private void Match(OnnxNode quotient, Dictionary<OnnxNode, OnnxNode?> replaced)
    {
        if (quotient.Inputs is not [var differenceName, var rootName]
            || MakerOf(differenceName, "Sub") is not { Inputs: [var source, var meanName] } difference
            || MakerOf(meanName, "ReduceMean") is not { } mean || !IsMeanOfRow(mean, source)
            || MakerOf(rootName, "Sqrt") is not { Inputs: [var sumName] } root
            || MakerOf(sumName, "Add") is not { } sum || ConstantBeside(sum, out var varianceName) is not { } epsilon
            || MakerOf(varianceName, "ReduceMean") is not { Inputs: [var squareName, ..] } variance
            || !IsMeanOfRow(variance, squareName)
            || !_makers.TryGetValue(squareName, out var square) || !IsSquare(square, differenceName)
            || epsilon is not { IsFloat: true, Values: [var added] })
            return;

        OnnxNode[] within = [mean, square, variance, sum, root];
        if (within.Any(node => IsSeen(node, 1)) || IsSeen(difference, 2))
            return;

        var last = quotient;
        var gain = Following(ref last, "Mul");
        var shift = Following(ref last, "Add");
        foreach (var node in within.Append(difference).Append(quotient))
            replaced[node] = null;
        foreach (var node in Between(quotient, last))
            replaced[node] = null;

        replaced[last] = new OnnxNode(
            "LayerNormalization",
            shift is null ? [source, gain ?? One(last)] : [source, gain ?? One(last), shift],
            [last.Outputs[0]],
            [OnnxAttribute.Of("axis", -1L), OnnxAttribute.Of("epsilon", added)])
        {
            Name = last.Name,
        };
    }

    /// <summary>Whether something outside the pattern uses a value of it.</summary>
    private bool IsSeen(OnnxNode node, int users) =>
        _outputs.Any(output => output.Name == node.Outputs[0]) || _users[node.Outputs[0]].Count() != users;

    private OnnxNode? MakerOf(string name, string opType) =>
        _makers.TryGetValue(name, out var node) && node.OpType == opType && node.Domain.Length == 0 ? node : null;

    private bool IsMeanOfRow(OnnxNode node, string source)
    {
        if (node.Inputs.Count == 0 || node.Inputs[0] != source)
            return false;

        var axes = node.Inputs.Count > 1 && _constants.TryGetValue(node.Inputs[1], out var tensor)
            ? tensor.Integers
            : node.Attributes.FirstOrDefault(static a => a.Name == "axes")?.Integers;
        var keeps = node.Attributes.FirstOrDefault(static a => a.Name == "keepdims")?.IntegerValue ?? 1;
        return axes is [-1] or [1] && keeps == 1;
    }

    private bool IsSquare(OnnxNode node, string of) => node switch
    {
        { OpType: "Mul", Inputs: [var left, var right] } => left == of && right == of,
        { OpType: "Pow", Inputs: [var power, var exponent] } => power == of
            && _constants.TryGetValue(exponent, out var two)
            && (two.IsFloat ? two.Values is [2f] : two.Integers is [2L]),
        _ => false,
    };

    private OnnxTensor? ConstantBeside(OnnxNode node, out string other)
    {
        other = "";
        if (node.Inputs is not [var left, var right])
            return null;

        (other, var constant) = _constants.ContainsKey(left) ? (right, left) : (left, right);
        return _constants.GetValueOrDefault(constant);
    }

    /// <summary>The constant that the one operator after it applies, which is then the pattern's last.</summary>
    private string? Following(ref OnnxNode last, string opType)
    {
        var made = last.Outputs[0];
        if (IsSeen(last, 1) || _users[made].Single() is not { Inputs: [var left, var right] } next
            || next.OpType != opType)
            return null;

        var constant = left == made ? right : left;
        if (!_constants.ContainsKey(constant))
            return null;

        last = next;
        return constant;
    }

    private IEnumerable<OnnxNode> Between(OnnxNode first, OnnxNode last)
    {
        for (var node = first; node != last; node = _users[node.Outputs[0]].Single())
            yield return node;
    }

    private string One(OnnxNode node)
    {
        var name = $"{node.Outputs[0]}.one";
        _constants.TryAdd(name, new OnnxTensor(name, [1], [1f]));
        return name;
    }
}
