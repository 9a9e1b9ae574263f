using System.Numerics.Tensors;
using ExecutionPipeline.Stages.Inference.Compiled;

namespace ExecutionPipeline.Training.Networks;

/// <summary>A tensor that is fitted, with the gradient of the loss by it. Row-major.</summary>
public sealed class Parameter
{
    internal Parameter(string name, params int[] shape)
    {
        Name = name;
        Shape = shape;
        var count = 1;
        foreach (var size in shape) count *= size;
        Values = new float[count];
        Gradient = new float[count];
    }

    public string Name { get; }
    public IReadOnlyList<int> Shape { get; }
    public float[] Values { get; }
    public float[] Gradient { get; }

    /// <summary>Is no longer fitted: it keeps its values.</summary>
    internal bool IsFixed { get; set; }

    internal void ClearGradient() => Array.Clear(Gradient);
}

/// <summary>
/// y = x W + b, with W of shape [inputs, outputs] as in ONNX's Gemm. It can be fitted with rounded weights: W is the
/// nearest bfloat16 to the parameter, and the parameter is moved by the gradient at W.
/// </summary>
internal sealed class LinearLayer
{
    private readonly float[] _transposed;
    private readonly float[] _rounded;
    private bool _isRounded;

    public LinearLayer(string name, int inputs, int outputs)
    {
        Inputs = inputs;
        Outputs = outputs;
        Weight = new Parameter($"{name}.weight", inputs, outputs);
        Bias = new Parameter($"{name}.bias", outputs);
        _transposed = new float[inputs * outputs];
        _rounded = new float[inputs * outputs];
    }

    public int Inputs { get; }
    public int Outputs { get; }
    public Parameter Weight { get; }
    public Parameter Bias { get; }

    /// <summary>
    /// Uniform within 1 / sqrt(inputs) of 0, weights and biases, as PyTorch starts its linear layers.
    /// </summary>
    public void Initialize(ref Xoshiro256 random)
    {
        var bound = 1f / MathF.Sqrt(Inputs);
        foreach (ref var value in Weight.Values.AsSpan()) value = (float)random.NextBetween(-bound, bound);
        foreach (ref var value in Bias.Values.AsSpan()) value = (float)random.NextBetween(-bound, bound);
    }

    /// <summary>From now on, weights are rounded wherever they are used.</summary>
    public void RoundWeights() => _isRounded = true;

    /// <summary>The parameter takes on the values that were used: rounded ones.</summary>
    public void KeepRoundedWeights()
    {
        Round();
        _rounded.CopyTo(Weight.Values, 0);
    }

    /// <param name="input">[rows, inputs].</param>
    /// <param name="output">[rows, outputs].</param>
    public void Forward(ReadOnlySpan<float> input, Span<float> output, int rows)
    {
        if (_isRounded) Round();
        for (var row = 0; row < rows; row++) Bias.Values.CopyTo(output.Slice(row * Outputs, Outputs));
        MatrixProduct.Accumulate(input, Inputs, 1, Used, output, rows, Inputs, Outputs);
    }

    /// <summary>Adds to the parameters' gradients, and to <paramref name="inputGradient"/>.</summary>
    /// <param name="input">What <see cref="Forward"/> was given.</param>
    /// <param name="outputGradient">[rows, outputs].</param>
    /// <param name="inputGradient">[rows, inputs].</param>
    public void Backward(
        ReadOnlySpan<float> input,
        ReadOnlySpan<float> outputGradient,
        Span<float> inputGradient,
        int rows)
    {
        MatrixProduct.Accumulate(input, 1, Inputs, outputGradient, Weight.Gradient, Inputs, rows, Outputs);
        for (var row = 0; row < rows; row++)
        {
            var gradient = outputGradient.Slice(row * Outputs, Outputs);
            for (var i = 0; i < Outputs; i++) Bias.Gradient[i] += gradient[i];
        }

        Transpose();
        MatrixProduct.Accumulate(outputGradient, Outputs, 1, _transposed, inputGradient, rows, Outputs, Inputs);
    }

    private float[] Used => _isRounded ? _rounded : Weight.Values;

    private void Round()
    {
        for (var i = 0; i < _rounded.Length; i++) _rounded[i] = Bfloat16.Round(Weight.Values[i]);
    }

    private void Transpose()
    {
        var weights = Used;
        for (var i = 0; i < Inputs; i++)
        {
            for (var o = 0; o < Outputs; o++) _transposed[o * Inputs + i] = weights[i * Outputs + o];
        }
    }
}

/// <summary>
/// y = gain (x - mean) / sqrt(variance + epsilon) + shift over each row, with the variance over n.
/// Source: Ba, Kiros, Hinton, "Layer Normalization" (2016).
/// </summary>
internal sealed class LayerNormLayer
{
    /// <summary>PyTorch's and ONNX's default.</summary>
    public const float Epsilon = 1e-5f;

    private readonly float[] _scratch;

    public LayerNormLayer(string name, int width)
    {
        Width = width;
        Gain = new Parameter($"{name}.weight", width);
        Shift = new Parameter($"{name}.bias", width);
        _scratch = new float[width];
    }

    public int Width { get; }
    public Parameter Gain { get; }
    public Parameter Shift { get; }

    public void Initialize()
    {
        Array.Fill(Gain.Values, 1f);
        Array.Clear(Shift.Values);
    }

    /// <param name="input">[rows, width].</param>
    /// <param name="normalized">[rows, width]: the rows before gain and shift, which the way back needs.</param>
    /// <param name="inverseDeviations">[rows]: 1 / sqrt(variance + epsilon), which the way back needs.</param>
    /// <param name="output">[rows, width].</param>
    public void Forward(
        ReadOnlySpan<float> input,
        Span<float> normalized,
        Span<float> inverseDeviations,
        Span<float> output,
        int rows)
    {
        for (var row = 0; row < rows; row++)
        {
            var x = input.Slice(row * Width, Width);
            var n = normalized.Slice(row * Width, Width);
            var y = output.Slice(row * Width, Width);
            TensorPrimitives.Subtract(x, TensorPrimitives.Sum(x) / Width, n);
            var inverse = 1f / MathF.Sqrt(TensorPrimitives.SumOfSquares<float>(n) / Width + Epsilon);
            inverseDeviations[row] = inverse;
            TensorPrimitives.Multiply(n, inverse, n);
            TensorPrimitives.MultiplyAdd(n, Gain.Values, Shift.Values, y);
        }
    }

    /// <summary>Adds to the parameters' gradients; overwrites <paramref name="inputGradient"/>.</summary>
    public void Backward(
        ReadOnlySpan<float> normalized,
        ReadOnlySpan<float> inverseDeviations,
        ReadOnlySpan<float> outputGradient,
        Span<float> inputGradient,
        int rows)
    {
        for (var row = 0; row < rows; row++)
        {
            var n = normalized.Slice(row * Width, Width);
            var dy = outputGradient.Slice(row * Width, Width);
            var dx = inputGradient.Slice(row * Width, Width);
            TensorPrimitives.MultiplyAdd(dy, n, Gain.Gradient, Gain.Gradient);
            TensorPrimitives.Add(dy, Shift.Gradient, Shift.Gradient);

            // With g = dy * gain: dx = (g - mean(g) - n * mean(g * n)) / deviation.
            TensorPrimitives.Multiply(dy, Gain.Values, _scratch);
            var mean = TensorPrimitives.Sum<float>(_scratch) / Width;
            var slope = TensorPrimitives.Dot<float>(_scratch, n) / Width;
            TensorPrimitives.Subtract(_scratch, mean, _scratch);
            TensorPrimitives.MultiplyAdd(n, -slope, _scratch, dx);
            TensorPrimitives.Multiply(dx, inverseDeviations[row], dx);
        }
    }
}

/// <summary>The parameterless layers.</summary>
internal static class Activations
{
    /// <summary>max(x, 0), in place.</summary>
    public static void Relu(Span<float> values) => TensorPrimitives.Max(values, 0f, values);

    /// <summary>Clears the gradient where the output, and so the slope, is 0; in place.</summary>
    public static void ReluBackward(ReadOnlySpan<float> output, Span<float> gradient)
    {
        for (var i = 0; i < gradient.Length; i++)
        {
            if (!(output[i] > 0f)) gradient[i] = 0f;
        }
    }

    /// <summary>Softmax over each row of <paramref name="width"/>, in place.</summary>
    public static void Softmax(Span<float> values, int width)
    {
        for (var start = 0; start < values.Length; start += width)
        {
            var row = values.Slice(start, width);
            // Relative to the row's largest, nothing overflows.
            TensorPrimitives.Subtract(row, TensorPrimitives.Max<float>(row), row);
            TensorPrimitives.Exp(row, row);
            TensorPrimitives.Divide(row, TensorPrimitives.Sum<float>(row), row);
        }
    }

    /// <summary>1 / (1 + exp(-x)), in place.</summary>
    public static void Sigmoid(Span<float> values) => TensorPrimitives.Sigmoid(values, values);
}
