using ExecutionPipeline.Messages.Events;

namespace ExecutionPipeline.Stages.Inference;

/// <summary>
/// Which strategy: urgency calls for an immediate order, heavy trading for an aggressive VWAP, a thin book and a large
/// order for an iceberg, leisure, wide spreads and quiet trading for a TWAP. Each circumstance adds to or takes from
/// the scores, and a softmax makes them probabilities.
/// </summary>
internal static class RuleBasedTiming
{
    private const double SpreadMaxBps = 4.0;
    private const double VolumeMax = 3.0;

    /// <summary>The document's penalty for delay starts above this urgency (section 2.4.2).</summary>
    private const double PressingUrgency = 0.8;

    /// <param name="features">The context, finite.</param>
    /// <param name="contracts">The wanted size, [0, 5].</param>
    /// <param name="outputs">Takes the four probabilities.</param>
    public static void WriteDistribution(
        ref readonly ContextFeatures features,
        double contracts,
        ref PolicyOutputs outputs)
    {
        var urgency = Math.Clamp(features[Feature.UrgencyFactor], 0.0, 1.0);
        var wideBps = Math.Clamp(features[Feature.BidAskSpreadBps], 0.0, SpreadMaxBps) - 1.0;
        var thinness = 1.0 - Math.Clamp(features[Feature.OrderBookDepth], 0.0, 2.0);
        var volume = Math.Clamp(features[Feature.RecentVolumeIntensity], 0.0, VolumeMax);
        var pressure = Math.Max(0.0, urgency - PressingUrgency);

        Span<double> scores = stackalloc double[PolicyOutputs.StrategyCount];
        scores[(int)ExecutionStrategy.Immediate] =
            6.0 * (urgency - 0.5) + 20.0 * pressure - Math.Max(0.0, wideBps) - Math.Max(0.0, thinness);
        scores[(int)ExecutionStrategy.Twap5Min] =
            4.0 * (0.5 - urgency) + 0.8 * wideBps + 1.5 * Math.Max(0.0, 0.8 - volume);
        scores[(int)ExecutionStrategy.VwapAggressive] = 2.0 * (volume - 1.25) + 2.0 * (urgency - 0.4);
        scores[(int)ExecutionStrategy.Iceberg] =
            2.5 * thinness + 0.5 * wideBps + 0.5 * (contracts - 2.0) - 3.0 * Math.Max(0.0, urgency - 0.5);
        Softmax.Write(scores, ref outputs, PolicyOutputs.StrategyOffset);
    }
}
