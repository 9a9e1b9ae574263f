using ExecutionPipeline.Stages.Inference.Onnx;

namespace ExecutionPipeline.Stages.Tests.Inference.Compiled;

/// <summary>Evaluates a graph operator by operator in double, as ONNX's documentation defines them.</summary>
internal sealed class NaiveGraph
{
    private readonly Dictionary<string, double[]> _values = [];

    public static double[] Evaluate(OnnxGraph graph, float[] input, string output)
    {
        var naive = new NaiveGraph();
        naive._values[graph.Inputs[0].Name] = Array.ConvertAll(input, static value => (double)value);
        foreach (var tensor in graph.Initializers)
        {
            naive._values[tensor.Name] = Array.ConvertAll(tensor.Values, static value => (double)value);
        }

        foreach (var node in graph.Nodes) naive._values[node.Outputs[0]] = naive.Evaluate(node);
        return naive._values[output];
    }

    private double[] Evaluate(OnnxNode node)
    {
        var inputs = node.Inputs.Select(name => _values[name]).ToArray();
        var x = inputs[0];
        return node.OpType switch
        {
            "Add" => Pairwise(x, inputs[1], static (a, b) => a + b),
            "Sub" => Pairwise(x, inputs[1], static (a, b) => a - b),
            "Mul" => Pairwise(x, inputs[1], static (a, b) => a * b),
            "Div" => Pairwise(x, inputs[1], static (a, b) => a / b),
            "Relu" => Array.ConvertAll(x, static a => Math.Max(a, 0)),
            "Sigmoid" => Array.ConvertAll(x, static a => 1 / (1 + Math.Exp(-a))),
            "Softmax" => Softmax(x),
            "Concat" => [.. inputs.SelectMany(static part => part)],
            "LayerNormalization" => Normalize(
                x, inputs[1], inputs.Length > 2 ? inputs[2] : [0], Float(node, "epsilon", 1e-5f)),
            "MatMul" => Multiply(x, inputs[1], isTransposed: false),
            "Gemm" => Gemm(node, inputs),
            _ => throw new NotSupportedException(node.OpType),
        };
    }

    private static double[] Gemm(OnnxNode node, double[][] inputs)
    {
        var isTransposed = node.Attributes.Any(static a => a.Name == "transB" && a.IntegerValue == 1);
        var alpha = Float(node, "alpha", 1f);
        var product = Array.ConvertAll(Multiply(inputs[0], inputs[1], isTransposed), a => alpha * a);
        if (inputs.Length < 3) return product;
        var beta = Float(node, "beta", 1f);
        return Pairwise(product, Array.ConvertAll(inputs[2], a => beta * a), static (a, b) => a + b);
    }

    private static double[] Multiply(double[] x, double[] weights, bool isTransposed)
    {
        var columns = weights.Length / x.Length;
        return [.. Enumerable.Range(0, columns).Select(column => Enumerable.Range(0, x.Length).Sum(
            row => x[row] * weights[isTransposed ? column * x.Length + row : row * columns + column]))];
    }

    private static double[] Softmax(double[] x)
    {
        var powers = Array.ConvertAll(x, a => Math.Exp(a - x.Max()));
        return Array.ConvertAll(powers, a => a / powers.Sum());
    }

    private static double[] Normalize(double[] x, double[] gain, double[] shift, double epsilon)
    {
        var mean = x.Average();
        var deviation = Math.Sqrt(x.Average(a => (a - mean) * (a - mean)) + epsilon);
        var normal = Array.ConvertAll(x, a => (a - mean) / deviation);
        return Pairwise(Pairwise(normal, gain, static (a, b) => a * b), shift, static (a, b) => a + b);
    }

    private static double[] Pairwise(double[] left, double[] right, Func<double, double, double> operation) =>
        [.. Enumerable.Range(0, Math.Max(left.Length, right.Length)).Select(
            i => operation(left[left.Length == 1 ? 0 : i], right[right.Length == 1 ? 0 : i]))];

    private static double Float(OnnxNode node, string name, float otherwise) =>
        node.Attributes.FirstOrDefault(a => a.Name == name)?.FloatValue ?? otherwise;
}
