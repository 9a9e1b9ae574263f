using ExecutionPipeline.Messages.Events;
using ExecutionPipeline.Training.Networks;

namespace ExecutionPipeline.Training.Tests;

/// <summary>The same actor written out plainly in double precision, one context at a time.</summary>
internal sealed class ReferenceActor
{
    private readonly ActorArchitecture _architecture;
    private readonly Dictionary<string, double[]> _values;

    public ReferenceActor(PolicyActor actor)
    {
        _architecture = actor.Architecture;
        _values = actor.Parameters.ToDictionary(
            static p => p.Name, static p => p.Values.Select(static value => (double)value).ToArray());
    }

    /// <summary>
    /// The loss's derivative by one parameter, by a central difference; NaN where a rectifier begins or ends nearby, at
    /// which there is none.
    /// </summary>
    public double Slope(string name, int index, float[] contexts, float[] targets, int rows)
    {
        const double near = 1e-5;
        var (_, left, right) = Differences(name, index, contexts, targets, rows, near);
        return Math.Abs(right - left) > 1e-3 * Math.Max(Math.Abs(left), Math.Abs(right)) + near
            ? double.NaN
            : Differences(name, index, contexts, targets, rows, 1e-6).Central;
    }

    private (double Central, double Left, double Right) Differences(
        string name, int index, float[] contexts, float[] targets, int rows, double step)
    {
        var values = _values[name];
        var value = values[index];
        values[index] = value + step;
        var above = Loss(contexts, targets, rows);
        values[index] = value - step;
        var below = Loss(contexts, targets, rows);
        values[index] = value;
        var here = Loss(contexts, targets, rows);
        return ((above - below) / (2 * step), (here - below) / step, (above - here) / step);
    }

    public double[] Forward(float[] contexts, int rows)
    {
        var outputs = new List<double>();
        for (var row = 0; row < rows; row++)
        {
            var context = contexts[(row * ContextFeatures.Count)..((row + 1) * ContextFeatures.Count)];
            outputs.AddRange(ForwardOne(context));
        }

        return [.. outputs];
    }

    private double Loss(float[] contexts, float[] targets, int rows)
    {
        var outputs = Forward(contexts, rows);
        var loss = 0.0;
        for (var i = 0; i < outputs.Length; i++)
        {
            if (_architecture.Heads[0].Kind == HeadKind.Softmax)
            {
                loss -= targets[i] * Math.Log(outputs[i]);
                continue;
            }

            var error = (outputs[i] - targets[i]) / _architecture.Heads[i % 2].Range;
            loss += error * error;
        }

        return loss / rows;
    }

    private List<double> ForwardOne(float[] context)
    {
        var name = _architecture.Name;
        var attention = _values[$"{name}.attention_weights"];
        var attended = context
            .Select((x, i) => ((double)x - FeatureNormalization.Mean[i]) / FeatureNormalization.Scale[i] * attention[i])
            .ToArray();
        var features = Relu(Linear(Norm(Relu(Linear(attended, $"{name}.feature_extractor.0")),
            $"{name}.feature_extractor.2"), $"{name}.feature_extractor.3"));
        var outputs = new List<double>();
        foreach (var head in _architecture.Heads)
        {
            var raw = Linear(Relu(Linear(features, $"{name}.{head.Name}.0")), $"{name}.{head.Name}.2");
            outputs.AddRange(head.Kind == HeadKind.Softmax
                ? Softmax(raw)
                : raw.Select(x => head.Offset + head.Range / (1 + Math.Exp(-x))));
        }

        return outputs;
    }

    private double[] Linear(double[] input, string name)
    {
        var weights = _values[$"{name}.weight"];
        var output = (double[])_values[$"{name}.bias"].Clone();
        for (var i = 0; i < input.Length; i++)
        {
            for (var o = 0; o < output.Length; o++) output[o] += input[i] * weights[i * output.Length + o];
        }

        return output;
    }

    private double[] Norm(double[] input, string name)
    {
        var mean = input.Average();
        var deviation = Math.Sqrt(input.Average(x => (x - mean) * (x - mean)) + LayerNormLayer.Epsilon);
        return [.. input.Select((x, i) =>
            (x - mean) / deviation * _values[$"{name}.weight"][i] + _values[$"{name}.bias"][i])];
    }

    private static double[] Relu(double[] input) => [.. input.Select(static x => Math.Max(0, x))];

    private static double[] Softmax(double[] input)
    {
        var sum = input.Sum(Math.Exp);
        return [.. input.Select(x => Math.Exp(x) / sum)];
    }
}
