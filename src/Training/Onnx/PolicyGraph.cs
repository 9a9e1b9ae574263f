using System.Globalization;
using ExecutionPipeline.Messages.Events;
using ExecutionPipeline.Stages.Inference;
using ExecutionPipeline.Stages.Inference.Onnx;
using ExecutionPipeline.Training.Networks;

namespace ExecutionPipeline.Training.Onnx;

/// <summary>
/// Actors as ONNX graphs: one actor operator by operator as it is documented, with its parameters' names; or several in
/// one graph with as few operators as they can be computed by.
/// </summary>
public static class PolicyGraph
{
    /// <summary>The first operator set with LayerNormalization.</summary>
    public const long OpsetVersion = 17;

    /// <summary>The format version that came with that operator set.</summary>
    private const long IrVersion = 8;

    private const string Mean = "context.mean";
    private const string Scale = "context.scale";
    private const string Centered = "context.centered";
    private const string Normalized = "context.normalized";

    /// <summary>One actor, with the normalisation of its input, as it is documented.</summary>
    /// <param name="actor">Names the graph.</param>
    public static OnnxModel Build(PolicyActor actor)
    {
        ArgumentNullException.ThrowIfNull(actor);
        var nodes = new List<OnnxNode>
        {
            Node("Sub", [PolicyModels.ContextInput, Mean], Centered),
            Node("Div", [Centered, Scale], Normalized),
        };
        var constants = new List<OnnxTensor>
        {
            new(Mean, [ContextFeatures.Count], FeatureNormalization.Mean.ToArray()),
            new(Scale, [ContextFeatures.Count], FeatureNormalization.Scale.ToArray()),
        };
        AddActor(actor, nodes, constants);
        return Model(actor.Architecture.Name, nodes, constants, [actor]);
    }

    private static OnnxModel Model(
        string name, List<OnnxNode> nodes, List<OnnxTensor> constants, IReadOnlyList<PolicyActor> actors) => new()
        {
            IrVersion = IrVersion,
            OpsetVersion = OpsetVersion,
            ProducerName = "xp models fit",
            Graph = new OnnxGraph
            {
                Name = name,
                Nodes = nodes,
                Initializers = constants,
                Inputs = [Info(PolicyModels.ContextInput, ContextFeatures.Count)],
                Outputs = [.. actors.Select(
                    static actor => Info(actor.Architecture.OutputName, actor.Architecture.OutputCount))],
            },
        };

    private static void AddActor(PolicyActor actor, List<OnnxNode> nodes, List<OnnxTensor> constants)
    {
        AddParameters(actor.Parameters, constants);
        var name = actor.Architecture.Name;
        nodes.Add(Node("Mul", [Normalized, actor.Attention.Name], $"{name}.attended"));
        nodes.Add(Gemm($"{name}.attended", actor.First, $"{name}.first"));
        AddTrunk(actor, nodes);
        if (actor.Heads is [var only])
        {
            AddHead(name, only, actor.Architecture.OutputName, nodes, constants);
            return;
        }

        var parts = new List<string>();
        foreach (var head in actor.Heads)
        {
            parts.Add($"{name}.{head.Architecture.Name}");
            AddHead(name, head, parts[^1], nodes, constants);
        }

        nodes.Add(Node("Concat", parts, actor.Architecture.OutputName, OnnxAttribute.Of("axis", 1L)));
    }

    /// <summary>From the first layer's sums to the features.</summary>
    private static void AddTrunk(PolicyActor actor, List<OnnxNode> nodes)
    {
        var name = actor.Architecture.Name;
        nodes.Add(Node("Relu", [$"{name}.first"], $"{name}.first.relu"));
        nodes.Add(Node(
            "LayerNormalization", [$"{name}.first.relu", actor.Norm.Gain.Name, actor.Norm.Shift.Name], $"{name}.norm",
            OnnxAttribute.Of("axis", -1L), OnnxAttribute.Of("epsilon", LayerNormLayer.Epsilon)));
        nodes.Add(Gemm($"{name}.norm", actor.Second, $"{name}.second"));
        nodes.Add(Node("Relu", [$"{name}.second"], $"{name}.features"));
    }

    private static void AddParameters(IReadOnlyList<Parameter> parameters, List<OnnxTensor> constants)
    {
        foreach (var parameter in parameters)
        {
            constants.Add(new OnnxTensor(
                parameter.Name, [.. parameter.Shape.Select(static size => (long)size)], [.. parameter.Values]));
        }
    }

    private static void AddHead(
        string actor,
        ActorHead head,
        string output,
        List<OnnxNode> nodes,
        List<OnnxTensor> constants)
    {
        var name = $"{actor}.{head.Architecture.Name}";
        nodes.Add(Gemm($"{actor}.features", head.First, $"{name}.hidden"));
        nodes.Add(Node("Relu", [$"{name}.hidden"], $"{name}.hidden.relu"));
        nodes.Add(Gemm($"{name}.hidden.relu", head.Second, $"{name}.logits"));
        if (head.Architecture.Kind == HeadKind.Softmax)
        {
            nodes.Add(Node("Softmax", [$"{name}.logits"], output, OnnxAttribute.Of("axis", -1L)));
            return;
        }

        constants.Add(new OnnxTensor($"{name}.range", [1], [head.Architecture.Range]));
        constants.Add(new OnnxTensor($"{name}.offset", [1], [head.Architecture.Offset]));
        AddScaledSigmoid(name, output, nodes);
    }

    private static void AddScaledSigmoid(string name, string output, List<OnnxNode> nodes)
    {
        nodes.Add(Node("Sigmoid", [$"{name}.logits"], $"{name}.sigmoid"));
        nodes.Add(Node("Mul", [$"{name}.sigmoid", $"{name}.range"], $"{name}.scaled"));
        nodes.Add(Node("Add", [$"{name}.scaled", $"{name}.offset"], output));
    }

    private static OnnxNode Gemm(string input, LinearLayer layer, string output) =>
        Node("Gemm", [input, layer.Weight.Name, layer.Bias.Name], output);

    private static OnnxNode Node(
        string opType,
        IReadOnlyList<string> inputs,
        string output,
        params IReadOnlyList<OnnxAttribute> attributes) =>
        new(opType, inputs, [output], attributes) { Name = $"{output}/{opType}" };

    private static OnnxValueInfo Info(string name, int columns) =>
        new(name, [PolicyModels.BatchDimension, columns.ToString(CultureInfo.InvariantCulture)]);

    /// <summary>
    /// Several actors over one input. An operator costs a runtime more than the arithmetic of these small layers, so
    /// what can be worked out beforehand is: normalisation and attention are linear and go into the first layer's
    /// weights, and heads that end alike become one. The function is the same but for rounding.
    /// </summary>
    /// <param name="name">The graph's name.</param>
    /// <param name="actors">In the order of the outputs.</param>
    public static OnnxModel BuildMerged(string name, IReadOnlyList<PolicyActor> actors)
    {
        ArgumentNullException.ThrowIfNull(actors);
        var nodes = new List<OnnxNode>();
        var constants = new List<OnnxTensor>();
        foreach (var actor in actors) AddMergedActor(actor, nodes, constants);
        return Model(name, nodes, constants, actors);
    }

    private static void AddMergedActor(PolicyActor actor, List<OnnxNode> nodes, List<OnnxTensor> constants)
    {
        var name = actor.Architecture.Name;
        FoldFirst(actor, constants);
        AddParameters([actor.Norm.Gain, actor.Norm.Shift, actor.Second.Weight, actor.Second.Bias], constants);
        nodes.Add(Node(
            "Gemm", [PolicyModels.ContextInput, $"{name}.folded.weight", $"{name}.folded.bias"], $"{name}.first"));
        AddTrunk(actor, nodes);
        if (actor.Heads is [var only])
        {
            AddParameters([only.First.Weight, only.First.Bias, only.Second.Weight, only.Second.Bias], constants);
            AddHead(name, only, actor.Architecture.OutputName, nodes, constants);
            return;
        }

        StackHeads(actor, constants);
        var heads = $"{name}.heads";
        nodes.Add(Node("Gemm", [$"{name}.features", $"{heads}.0.weight", $"{heads}.0.bias"], $"{heads}.hidden"));
        nodes.Add(Node("Relu", [$"{heads}.hidden"], $"{heads}.hidden.relu"));
        nodes.Add(Node("Gemm", [$"{heads}.hidden.relu", $"{heads}.2.weight", $"{heads}.2.bias"], $"{heads}.logits"));
        AddScaledSigmoid(heads, actor.Architecture.OutputName, nodes);
    }

    /// <summary>
    /// ((x - mean) / scale * attention) W + b = x W' + b', with W' = diag(attention / scale) W and b' = b - mean W'.
    /// </summary>
    private static void FoldFirst(PolicyActor actor, List<OnnxTensor> constants)
    {
        var layer = actor.First;
        var weight = new float[layer.Inputs * layer.Outputs];
        var bias = Array.ConvertAll(layer.Bias.Values, static value => (double)value);
        for (var i = 0; i < layer.Inputs; i++)
        {
            var factor = (double)actor.Attention.Values[i] / FeatureNormalization.Scale[i];
            for (var o = 0; o < layer.Outputs; o++)
            {
                var folded = factor * layer.Weight.Values[i * layer.Outputs + o];
                weight[i * layer.Outputs + o] = (float)folded;
                bias[o] -= FeatureNormalization.Mean[i] * folded;
            }
        }

        var name = actor.Architecture.Name;
        constants.Add(new OnnxTensor($"{name}.folded.weight", [ContextFeatures.Count, layer.Outputs], weight));
        constants.Add(new OnnxTensor(
            $"{name}.folded.bias", [layer.Outputs], Array.ConvertAll(bias, static value => (float)value)));
    }

    /// <summary>
    /// Hidden layers side by side, output layers along the diagonal. All heads end in a scaled sigmoid.
    /// </summary>
    private static void StackHeads(PolicyActor actor, List<OnnxTensor> constants)
    {
        var heads = actor.Heads;
        var inputs = heads[0].First.Inputs;
        var width = heads.Sum(static head => head.First.Outputs);
        var outputs = heads.Sum(static head => head.Second.Outputs);
        var first = new float[inputs * width];
        var second = new float[width * outputs];
        var column = 0;
        var output = 0;
        foreach (var head in heads)
        {
            if (head.Architecture.Kind != HeadKind.ScaledSigmoid)
                throw new NotSupportedException($"head {head.Architecture.Name} cannot be stacked");

            CopyBlock(head.First, first, 0, column, width);
            CopyBlock(head.Second, second, column, output, outputs);
            column += head.First.Outputs;
            output += head.Second.Outputs;
        }

        var name = $"{actor.Architecture.Name}.heads";
        constants.Add(new OnnxTensor($"{name}.0.weight", [inputs, width], first));
        constants.Add(new OnnxTensor($"{name}.0.bias", [width], Join(heads, static h => h.First.Bias.Values)));
        constants.Add(new OnnxTensor($"{name}.2.weight", [width, outputs], second));
        constants.Add(new OnnxTensor($"{name}.2.bias", [outputs], Join(heads, static h => h.Second.Bias.Values)));
        constants.Add(new OnnxTensor($"{name}.range", [outputs], Join(heads, static h => h.Architecture.Range)));
        constants.Add(new OnnxTensor($"{name}.offset", [outputs], Join(heads, static h => h.Architecture.Offset)));
    }

    private static void CopyBlock(LinearLayer layer, float[] target, int row, int column, int columns)
    {
        for (var i = 0; i < layer.Inputs; i++)
        {
            layer.Weight.Values.AsSpan(i * layer.Outputs, layer.Outputs)
                .CopyTo(target.AsSpan((row + i) * columns + column));
        }
    }

    private static float[] Join(IReadOnlyList<ActorHead> heads, Func<ActorHead, float[]> values) =>
        [.. heads.SelectMany(values)];

    private static float[] Join(IReadOnlyList<ActorHead> heads, Func<ActorHead, float> value) =>
        [.. heads.SelectMany(head => Enumerable.Repeat(value(head), head.Second.Outputs))];
}
