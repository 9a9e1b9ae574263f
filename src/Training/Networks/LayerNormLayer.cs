using System.Numerics.Tensors;

namespace ExecutionPipeline.Training.Networks;

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
