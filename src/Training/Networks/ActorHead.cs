namespace ExecutionPipeline.Training.Networks;

/// <summary>A head with its intermediate values.</summary>
internal sealed class ActorHead
{
    private readonly float[] _hidden;
    private readonly float[] _hiddenGradient;
    private readonly float[] _raw;
    private readonly float[] _rawGradient;

    public ActorHead(string prefix, HeadArchitecture architecture, int rowsMax)
    {
        Architecture = architecture;
        var name = $"{prefix}.{architecture.Name}";
        First = new LinearLayer($"{name}.0", ActorArchitecture.SecondWidth, ActorArchitecture.HeadWidth);
        Second = new LinearLayer($"{name}.2", ActorArchitecture.HeadWidth, architecture.Outputs);
        _hidden = new float[rowsMax * First.Outputs];
        _hiddenGradient = new float[rowsMax * First.Outputs];
        _raw = new float[rowsMax * Second.Outputs];
        _rawGradient = new float[rowsMax * Second.Outputs];
    }

    public HeadArchitecture Architecture { get; }
    public LinearLayer First { get; }
    public LinearLayer Second { get; }

    /// <param name="features">[rows, 64].</param>
    /// <param name="outputs">[rows, <paramref name="stride"/>]: this head's columns start at the span's first.</param>
    public void Forward(ReadOnlySpan<float> features, Span<float> outputs, int stride, int rows)
    {
        var hidden = _hidden.AsSpan(0, rows * First.Outputs);
        var raw = _raw.AsSpan(0, rows * Second.Outputs);
        First.Forward(features, hidden, rows);
        Activations.Relu(hidden);
        Second.Forward(hidden, raw, rows);
        if (Architecture.Kind == HeadKind.Softmax) Activations.Softmax(raw, Second.Outputs);
        else Activations.Sigmoid(raw);
        for (var row = 0; row < rows; row++)
        {
            for (var i = 0; i < Second.Outputs; i++)
            {
                var value = raw[row * Second.Outputs + i];
                outputs[row * stride + i] = Architecture.Kind == HeadKind.Softmax
                    ? value
                    : value * Architecture.Range + Architecture.Offset;
            }
        }
    }

    /// <summary>Loss of the last <see cref="Forward"/>, mean over rows; adds to all gradients.</summary>
    /// <param name="targets">[rows, <paramref name="stride"/>]: this head's columns start at the span's first.</param>
    public double Backward(
        ReadOnlySpan<float> features,
        ReadOnlySpan<float> targets,
        Span<float> featureGradient,
        int stride,
        int rows)
    {
        var hidden = _hidden.AsSpan(0, rows * First.Outputs);
        var hiddenGradient = _hiddenGradient.AsSpan(0, rows * First.Outputs);
        var rawGradient = _rawGradient.AsSpan(0, rows * Second.Outputs);
        var loss = Architecture.Kind == HeadKind.Softmax
            ? CrossEntropy(targets, rawGradient, stride, rows)
            : SquaredError(targets, rawGradient, stride, rows);
        hiddenGradient.Clear();
        Second.Backward(hidden, rawGradient, hiddenGradient, rows);
        Activations.ReluBackward(hidden, hiddenGradient);
        First.Backward(features, hiddenGradient, featureGradient, rows);
        return loss;
    }

    // The gradient by the logits of cross-entropy after softmax is simply the difference of the distributions.
    private double CrossEntropy(ReadOnlySpan<float> targets, Span<float> rawGradient, int stride, int rows)
    {
        var loss = 0.0;
        for (var row = 0; row < rows; row++)
        {
            for (var i = 0; i < Second.Outputs; i++)
            {
                var probability = _raw[row * Second.Outputs + i];
                var target = targets[row * stride + i];
                if (target > 0f) loss -= target * Math.Log(Math.Max(probability, float.Epsilon));
                rawGradient[row * Second.Outputs + i] = (probability - target) / rows;
            }
        }

        return loss / rows;
    }

    // In units of the range, so that neither multiple outweighs the other.
    private double SquaredError(ReadOnlySpan<float> targets, Span<float> rawGradient, int stride, int rows)
    {
        var loss = 0.0;
        for (var row = 0; row < rows; row++)
        {
            for (var i = 0; i < Second.Outputs; i++)
            {
                var sigmoid = _raw[row * Second.Outputs + i];
                var target = (targets[row * stride + i] - Architecture.Offset) / Architecture.Range;
                var error = sigmoid - target;
                loss += error * error;
                rawGradient[row * Second.Outputs + i] = 2f * error * sigmoid * (1f - sigmoid) / rows;
            }
        }

        return loss / rows;
    }
}
