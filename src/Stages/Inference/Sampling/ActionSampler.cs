using ExecutionPipeline.Messages.Events;
using ExecutionPipeline.Quant;

namespace ExecutionPipeline.Stages.Inference.Sampling;

/// <summary>
/// Takes actions from the policies' outputs. Draws depend on the seed and the event's number alone, so that a replay
/// makes them again.
/// </summary>
internal sealed class ActionSampler
{
    private const ulong ActionStream = 0;
    private const ulong BracketStream = 1;

    private readonly bool _isGreedy;
    private readonly bool _isGaussian;
    private readonly ulong _seed;
    private readonly double _stopDeviation;
    private readonly double _targetDeviation;
    private readonly double _stopFactor;
    private readonly double _targetFactor;

    public ActionSampler(InferenceOptions options)
    {
        _isGreedy = options.Actions == ActionChoice.Greedy;
        _isGaussian = options.Brackets == BracketChoice.Gaussian;
        _seed = (ulong)options.Seed;
        _stopDeviation = options.StopDeviationAtr;
        _targetDeviation = options.TargetDeviationAtr;
        _stopFactor = options.RiskTolerance;
        // The document's 3 - t doubles every target at the neutral t = 1: half of it leaves them alone there.
        _targetFactor = (3.0 - options.RiskTolerance) / 2.0;
    }

    /// <summary>Indices of the size action and of the strategy.</summary>
    public (int Size, int Strategy) ChooseActions(ref readonly PolicyOutputs outputs, ulong number)
    {
        if (_isGreedy)
        {
            return (
                PolicyBounds.ArgMax(in outputs, PolicyOutputs.SizeOffset, PolicyOutputs.SizeCount),
                PolicyBounds.ArgMax(in outputs, PolicyOutputs.StrategyOffset, PolicyOutputs.StrategyCount));
        }

        var draw = Philox.Draw(_seed, number, ActionStream);
        return (
            Categorical(in outputs, PolicyOutputs.SizeOffset, PolicyOutputs.SizeCount, Philox.ToUnit(draw.X)),
            Categorical(in outputs, PolicyOutputs.StrategyOffset, PolicyOutputs.StrategyCount, Philox.ToUnit(draw.Y)));
    }

    /// <summary>Stop and target in ATR multiples, within their ranges.</summary>
    public (float Stop, float Target) ChooseBrackets(ref readonly PolicyOutputs outputs, ulong number)
    {
        double stop = outputs[PolicyOutputs.StopLossOffset];
        double target = outputs[PolicyOutputs.TakeProfitOffset];
        if (_isGaussian)
        {
            var draw = Philox.Draw(_seed, number, BracketStream);
            stop += _stopDeviation * Normal(draw.X);
            target += _targetDeviation * Normal(draw.Y);
        }

        return (
            Math.Clamp((float)(stop * _stopFactor), PolicyBounds.StopLossMin, PolicyBounds.StopLossMax),
            Math.Clamp((float)(target * _targetFactor), PolicyBounds.TakeProfitMin, PolicyBounds.TakeProfitMax));
    }

    // Probabilities add up to 1 but for rounding: what is left over belongs to the last one that is not 0.
    private static int Categorical(ref readonly PolicyOutputs outputs, int offset, int count, float unit)
    {
        var chosen = 0;
        var sum = 0f;
        for (var i = 0; i < count; i++)
        {
            var probability = outputs[offset + i];
            if (probability <= 0f) continue;
            chosen = i;
            sum += probability;
            if (unit < sum) break;
        }

        return chosen;
    }

    // The middle of the interval that the bits stand for: never 0 and never 1.
    private static double Normal(uint bits) => NormalDistribution.Quantile((bits + 0.5) / (1L << 32));
}

/// <summary>How an action is taken from a policy's distribution.</summary>
public enum ActionChoice
{
    /// <summary>The likeliest; of equally likely ones the first.</summary>
    Greedy,

    /// <summary>Drawn with its probability.</summary>
    Sample,
}

/// <summary>How stop and target are taken from the risk actor's multiples.</summary>
public enum BracketChoice
{
    /// <summary>As they are.</summary>
    Mean,

    /// <summary>Drawn from a normal distribution around them.</summary>
    Gaussian,
}
