using System.Runtime.CompilerServices;
using ExecutionPipeline.Messages.Events;

namespace ExecutionPipeline.Stages.Inference;

/// <summary>What the actors' outputs may be, by the requirement document's section 2.3.</summary>
public static class PolicyBounds
{
    /// <summary>ATR multiples.</summary>
    public const float StopLossMin = 0.5f;

    /// <summary>ATR multiples.</summary>
    public const float StopLossMax = 3.0f;

    /// <summary>ATR multiples.</summary>
    public const float TakeProfitMin = 1.0f;

    /// <summary>ATR multiples.</summary>
    public const float TakeProfitMax = 5.0f;

    /// <summary>Largest distance of a distribution's sum from 1: float32 rounding with room to spare.</summary>
    public const float ProbabilitySumTolerance = 1e-3f;

    /// <summary>A multiple may leave its range by float32 rounding; what is used of it is clamped.</summary>
    private const float MultipleTolerance = 1e-4f;

    /// <summary>
    /// Both distributions are ones, and both multiples are finite and in range. NaN fails each comparison.
    /// </summary>
    public static bool IsValid(ref readonly PolicyOutputs outputs)
    {
        return IsDistribution(in outputs, PolicyOutputs.SizeOffset, PolicyOutputs.SizeCount)
            && IsDistribution(in outputs, PolicyOutputs.StrategyOffset, PolicyOutputs.StrategyCount)
            && IsWithin(outputs[PolicyOutputs.StopLossOffset], StopLossMin, StopLossMax)
            && IsWithin(outputs[PolicyOutputs.TakeProfitOffset], TakeProfitMin, TakeProfitMax);
    }

    /// <summary>Index of the largest of the probabilities, counted from 0; of equal ones the smallest index.</summary>
    public static int ArgMax(ref readonly PolicyOutputs outputs, int offset, int count)
    {
        var best = 0;
        for (var i = 1; i < count; i++)
        {
            if (outputs[offset + i] > outputs[offset + best]) best = i;
        }

        return best;
    }

    private static bool IsDistribution(ref readonly PolicyOutputs outputs, int offset, int count)
    {
        var sum = 0f;
        for (var i = 0; i < count; i++)
        {
            var probability = outputs[offset + i];
            if (!(probability >= 0f)) return false;
            sum += probability;
        }

        return sum >= 1f - ProbabilitySumTolerance && sum <= 1f + ProbabilitySumTolerance;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool IsWithin(float value, float min, float max) =>
        value >= min - MultipleTolerance && value <= max + MultipleTolerance;
}

/// <summary>Asks a backend for answers before it may decide, which warms it up as well.</summary>
public static class PolicyProbe
{
    private const int Contexts = 1_000;

    /// <summary>
    /// Whether every answer is one, on contexts within what the edge admits and far beyond; if not, why.
    /// </summary>
    public static bool TryPass(IPolicyBackend backend, out string reason)
    {
        ArgumentNullException.ThrowIfNull(backend);
        var outputs = default(PolicyOutputs);
        for (var i = 0; i < Contexts; i++)
        {
            var features = PolicyParity.Context(i);
            ((Span<float>)outputs).Fill(float.NaN);
            if (!TryRun(backend, in features, ref outputs, out reason))
            {
                reason = $"its run on context {i} failed: {reason}";
                return false;
            }

            if (PolicyBounds.IsValid(in outputs)) continue;
            reason = FormattableString.Invariant($"its outputs for context {i} are out of bounds or not finite");
            return false;
        }

        reason = "";
        return true;
    }

    /// <summary>
    /// Runs a backend that is not trusted yet. One that may decide never throws, but whether it keeps that is what is
    /// to be found out.
    /// </summary>
    internal static bool TryRun(
        IPolicyBackend backend, ref readonly ContextFeatures features, ref PolicyOutputs outputs, out string problem)
    {
        try
        {
            backend.Run(in features, ref outputs);
            problem = "";
            return true;
        }
        catch (Exception thrown)
        {
            problem = thrown.Message.ReplaceLineEndings(" ");
            return false;
        }
    }
}
