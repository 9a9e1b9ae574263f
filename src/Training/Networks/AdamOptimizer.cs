namespace ExecutionPipeline.Training.Networks;

/// <summary>Adam with bias correction. Source: Kingma and Ba, "Adam" (2015), algorithm 1.</summary>
internal sealed class AdamOptimizer
{
    private const float Beta1 = 0.9f;
    private const float Beta2 = 0.999f;
    private const float Epsilon = 1e-8f;
    private readonly IReadOnlyList<Parameter> _parameters;
    private readonly float[][] _means;
    private readonly float[][] _squares;
    private double _beta1Power = 1.0;
    private double _beta2Power = 1.0;

    public AdamOptimizer(IReadOnlyList<Parameter> parameters)
    {
        _parameters = parameters;
        _means = [.. parameters.Select(static p => new float[p.Values.Length])];
        _squares = [.. parameters.Select(static p => new float[p.Values.Length])];
    }

    /// <summary>Moves each parameter that is not fixed against its gradient, and clears the gradient.</summary>
    public void Step(float learningRate)
    {
        _beta1Power *= Beta1;
        _beta2Power *= Beta2;
        var rate = (float)(learningRate * Math.Sqrt(1.0 - _beta2Power) / (1.0 - _beta1Power));
        var epsilon = (float)(Epsilon * Math.Sqrt(1.0 - _beta2Power));
        for (var i = 0; i < _parameters.Count; i++)
        {
            if (!_parameters[i].IsFixed) Update(_parameters[i], _means[i], _squares[i], rate, epsilon);
            _parameters[i].ClearGradient();
        }
    }

    private static void Update(Parameter parameter, float[] means, float[] squares, float rate, float epsilon)
    {
        var values = parameter.Values;
        var gradients = parameter.Gradient;
        for (var i = 0; i < values.Length; i++)
        {
            var gradient = gradients[i];
            means[i] += (1f - Beta1) * (gradient - means[i]);
            squares[i] += (1f - Beta2) * (gradient * gradient - squares[i]);
            values[i] -= rate * means[i] / (MathF.Sqrt(squares[i]) + epsilon);
        }
    }
}
