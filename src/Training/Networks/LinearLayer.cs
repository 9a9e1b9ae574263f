namespace ExecutionPipeline.Training.Networks;

/// <summary>y = x W + b, with W of shape [inputs, outputs] as in ONNX's Gemm.</summary>
internal sealed class LinearLayer
{
    private readonly float[] _transposed;

    public LinearLayer(string name, int inputs, int outputs)
    {
        Inputs = inputs;
        Outputs = outputs;
        Weight = new Parameter($"{name}.weight", inputs, outputs);
        Bias = new Parameter($"{name}.bias", outputs);
        _transposed = new float[inputs * outputs];
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

    /// <param name="input">[rows, inputs].</param>
    /// <param name="output">[rows, outputs].</param>
    public void Forward(ReadOnlySpan<float> input, Span<float> output, int rows)
    {
        for (var row = 0; row < rows; row++) Bias.Values.CopyTo(output.Slice(row * Outputs, Outputs));
        MatrixProduct.Accumulate(input, Inputs, 1, Weight.Values, output, rows, Inputs, Outputs);
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

    private void Transpose()
    {
        var weights = Weight.Values;
        for (var i = 0; i < Inputs; i++)
        {
            for (var o = 0; o < Outputs; o++) _transposed[o * Inputs + i] = weights[i * Outputs + o];
        }
    }
}
