using ExecutionPipeline.Messages.Events;
using ExecutionPipeline.Stages.Inference;
using ExecutionPipeline.Stages.Inference.Onnx;
using ExecutionPipeline.Training.Networks;

namespace ExecutionPipeline.Training.Onnx;

/// <content>
/// The merged graph. An operator costs a runtime more than the arithmetic of these small layers, so what can be worked
/// out beforehand is: normalisation and attention are linear and go into the first layer's weights, and heads that end
/// alike become one. The function is the same but for rounding.
/// </content>
public static partial class PolicyGraph
{
    /// <summary>Several actors over one input.</summary>
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
