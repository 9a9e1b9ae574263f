using ExecutionPipeline.Messages.Events;

namespace ExecutionPipeline.Stages.Inference;

/// <summary>
/// Where stop and target go, in ATR multiples: a stop widens with volatility, so that noise does not trigger it, and
/// tightens as limits fill up and losses mount; the target is a multiple of the stop that grows with confidence.
/// </summary>
internal static class RuleBasedBrackets
{
    /// <summary>A middling minute of ES.</summary>
    private const double UsualVolatility = 0.0005;

    private const double VolatilityMax = 0.05;

    public static void Write(ref readonly ContextFeatures features, ref PolicyOutputs outputs)
    {
        var volatility = Math.Clamp(features[Feature.PriceVolatility1Min], 0.0, VolatilityMax);
        var varUse = Math.Clamp(features[Feature.VarUtilization], 0.0, 1.2);
        var loss = Math.Clamp(-features[Feature.UnrealizedPnlPct], 0.0, 0.05);
        var confidence = Math.Clamp(features[Feature.DecisionConfidence], 0.0, 1.0);

        var byVolatility = 1.0 + 0.4 * Math.Log2(1.0 + volatility / UsualVolatility);
        var stop = byVolatility * (1.0 - 0.3 * varUse) * (1.0 - 6.0 * loss);
        stop = Math.Clamp(stop, PolicyBounds.StopLossMin, PolicyBounds.StopLossMax);
        var target = stop * (1.2 + 1.2 * confidence);
        target = Math.Clamp(target, PolicyBounds.TakeProfitMin, PolicyBounds.TakeProfitMax);
        outputs[PolicyOutputs.StopLossOffset] = (float)stop;
        outputs[PolicyOutputs.TakeProfitOffset] = (float)target;
    }
}
