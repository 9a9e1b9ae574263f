using ExecutionPipeline.Messages.Events;

namespace ExecutionPipeline.Training.Networks;

/// <summary>
/// One of the documented actors with its gradients. Each trained tensor is a <see cref="Parameter"/>; everything else
/// is scratch for batches up to a fixed number of rows, so fitting allocates nothing.
/// </summary>
public sealed class PolicyActor
{
    private readonly int _rowsMax;
    private readonly ActorHead[] _heads;
    private readonly float[] _normalized;
    private readonly float[] _attended;
    private readonly float[] _attendedGradient;
    private readonly float[] _first;
    private readonly float[] _firstGradient;
    private readonly float[] _layerNormalized;
    private readonly float[] _inverseDeviations;
    private readonly float[] _normOutput;
    private readonly float[] _normOutputGradient;
    private readonly float[] _second;
    private readonly float[] _secondGradient;

    /// <param name="architecture">Which actor.</param>
    /// <param name="seed">Decides the initial weights.</param>
    /// <param name="rowsMax">Largest batch.</param>
    public PolicyActor(ActorArchitecture architecture, long seed, int rowsMax)
    {
        ArgumentNullException.ThrowIfNull(architecture);
        ArgumentOutOfRangeException.ThrowIfLessThan(rowsMax, 1);
        Architecture = architecture;
        _rowsMax = rowsMax;
        var name = architecture.Name;
        Attention = new Parameter($"{name}.attention_weights", ContextFeatures.Count);
        First = new LinearLayer($"{name}.feature_extractor.0", ContextFeatures.Count, ActorArchitecture.FirstWidth);
        Norm = new LayerNormLayer($"{name}.feature_extractor.2", ActorArchitecture.FirstWidth);
        Second = new LinearLayer(
            $"{name}.feature_extractor.3", ActorArchitecture.FirstWidth, ActorArchitecture.SecondWidth);
        _heads = [.. architecture.Heads.Select(head => new ActorHead(name, head, rowsMax))];

        _normalized = new float[rowsMax * ContextFeatures.Count];
        _attended = new float[_normalized.Length];
        _attendedGradient = new float[_normalized.Length];
        _first = new float[rowsMax * ActorArchitecture.FirstWidth];
        _firstGradient = new float[_first.Length];
        _layerNormalized = new float[_first.Length];
        _inverseDeviations = new float[rowsMax];
        _normOutput = new float[_first.Length];
        _normOutputGradient = new float[_first.Length];
        _second = new float[rowsMax * ActorArchitecture.SecondWidth];
        _secondGradient = new float[_second.Length];
        Parameters = [Attention, First.Weight, First.Bias, Norm.Gain, Norm.Shift, Second.Weight, Second.Bias,
            .. _heads.SelectMany(static head => new[]
            {
                head.First.Weight, head.First.Bias, head.Second.Weight, head.Second.Bias,
            })];
        Initialize(new Xoshiro256(seed, 0));
    }

    public ActorArchitecture Architecture { get; }

    /// <summary>Everything that is fitted.</summary>
    public IReadOnlyList<Parameter> Parameters { get; }

    internal Parameter Attention { get; }
    internal LinearLayer First { get; }
    internal LayerNormLayer Norm { get; }
    internal LinearLayer Second { get; }
    internal IReadOnlyList<ActorHead> Heads => _heads;

    /// <param name="contexts">Raw features, [rows, 15].</param>
    /// <param name="outputs">[rows, outputs]: probabilities, or multiples in their ranges.</param>
    /// <param name="rows">At most what the constructor was given.</param>
    public void Forward(ReadOnlySpan<float> contexts, Span<float> outputs, int rows)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(rows, _rowsMax);
        FeatureNormalization.Apply(contexts, _normalized, rows);
        for (var i = 0; i < rows * ContextFeatures.Count; i++)
        {
            _attended[i] = _normalized[i] * Attention.Values[i % ContextFeatures.Count];
        }

        First.Forward(_attended, _first, rows);
        Activations.Relu(_first.AsSpan(0, rows * First.Outputs));
        Norm.Forward(_first, _layerNormalized, _inverseDeviations, _normOutput, rows);
        Second.Forward(_normOutput, _second, rows);
        Activations.Relu(_second.AsSpan(0, rows * Second.Outputs));
        var column = 0;
        foreach (var head in _heads)
        {
            head.Forward(_second, outputs[column..], Architecture.OutputCount, rows);
            column += head.Architecture.Outputs;
        }
    }

    /// <summary>
    /// Mean loss over the rows of the last <see cref="Forward"/>, cross-entropy or squared error in units of the range;
    /// adds its gradient to every parameter's.
    /// </summary>
    /// <param name="targets">[rows, outputs].</param>
    /// <param name="rows">As <see cref="Forward"/> was given.</param>
    public double Backward(ReadOnlySpan<float> targets, int rows)
    {
        var secondGradient = _secondGradient.AsSpan(0, rows * Second.Outputs);
        var normGradient = _normOutputGradient.AsSpan(0, rows * First.Outputs);
        var firstGradient = _firstGradient.AsSpan(0, rows * First.Outputs);
        var attendedGradient = _attendedGradient.AsSpan(0, rows * ContextFeatures.Count);
        secondGradient.Clear();
        normGradient.Clear();
        attendedGradient.Clear();
        var loss = 0.0;
        var column = 0;
        foreach (var head in _heads)
        {
            loss += head.Backward(_second, targets[column..], secondGradient, Architecture.OutputCount, rows);
            column += head.Architecture.Outputs;
        }

        Activations.ReluBackward(_second, secondGradient);
        Second.Backward(_normOutput, secondGradient, normGradient, rows);
        Norm.Backward(_layerNormalized, _inverseDeviations, normGradient, firstGradient, rows);
        Activations.ReluBackward(_first, firstGradient);
        First.Backward(_attended, firstGradient, attendedGradient, rows);
        for (var i = 0; i < attendedGradient.Length; i++)
        {
            Attention.Gradient[i % ContextFeatures.Count] += attendedGradient[i] * _normalized[i];
        }

        return loss;
    }

    /// <summary>
    /// The same function, with attention in the first layer's weights and the normalisation's gain and shift in the
    /// second's, and with weights that are rounded to bfloat16: to be fitted on until the rounding is made up for.
    /// </summary>
    internal PolicyActor Round()
    {
        var folded = new PolicyActor(Architecture, 0, _rowsMax);
        for (var i = 0; i < Parameters.Count; i++) Parameters[i].Values.CopyTo(folded.Parameters[i].Values, 0);
        folded.Fold();
        foreach (var layer in folded.Layers) layer.RoundWeights();
        foreach (var parameter in new[] { folded.Attention, folded.Norm.Gain, folded.Norm.Shift })
            parameter.IsFixed = true;
        return folded;
    }

    internal void KeepRoundedWeights()
    {
        foreach (var layer in Layers) layer.KeepRoundedWeights();
    }

    private IEnumerable<LinearLayer> Layers =>
        [First, Second, .. _heads.SelectMany(static head => new[] { head.First, head.Second })];

    // (a x) W = x (diag(a) W), and (u gain + shift) W + b = u (diag(gain) W) + (shift W + b).
    private void Fold()
    {
        for (var i = 0; i < First.Inputs; i++)
        {
            foreach (ref var weight in First.Weight.Values.AsSpan(i * First.Outputs, First.Outputs))
                weight *= Attention.Values[i];
        }

        for (var i = 0; i < Second.Inputs; i++)
        {
            for (var o = 0; o < Second.Outputs; o++)
            {
                ref var weight = ref Second.Weight.Values[i * Second.Outputs + o];
                Second.Bias.Values[o] += Norm.Shift.Values[i] * weight;
                weight *= Norm.Gain.Values[i];
            }
        }

        Array.Fill(Attention.Values, 1f);
        Norm.Initialize();
    }

    private void Initialize(Xoshiro256 random)
    {
        for (var i = 0; i < ContextFeatures.Count; i++) Attention.Values[i] = Architecture.InitialAttention[i];
        First.Initialize(ref random);
        Norm.Initialize();
        Second.Initialize(ref random);
        foreach (var head in _heads)
        {
            head.First.Initialize(ref random);
            head.Second.Initialize(ref random);
        }
    }
}
