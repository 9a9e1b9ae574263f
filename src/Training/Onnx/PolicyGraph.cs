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
public static partial class PolicyGraph
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
}
