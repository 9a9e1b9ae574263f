using ExecutionPipeline.Messages.Events;
using ExecutionPipeline.Stages.Inference.Sizing;

namespace ExecutionPipeline.Stages.Inference;

/// <summary>
/// How many contracts: the Kelly fraction net of costs, less the variance penalty, times the Kelly multiplier, gives
/// the edge's size; the least of the rooms that position, VaR, margin and losses leave scales it down.
/// </summary>
internal sealed class RuleBasedSizing
{
    /// <summary>Limits leave full room up to this use of them, then less and less.</summary>
    private const double FreeUseOfLimits = 0.5;

    /// <summary>Available margin, as a fraction of equity, below which sizes shrink.</summary>
    private const double AmpleMargin = 0.25;

    /// <summary>Volatility at and above which the document's reward punishes more than two contracts.</summary>
    private const double TurbulentVolatility = 0.004;

    private const double TurbulentContractsMax = 2.0;

    /// <summary>
    /// Standard deviation in contracts that blurs the wanted size into a distribution over the actions.
    /// </summary>
    private const double Blur = 0.5;

    private readonly RuleBasedPolicyOptions _options;
    private readonly KellyEdge _edge;

    public RuleBasedSizing(RuleBasedPolicyOptions options)
    {
        _options = options;
        _edge = new KellyEdge(options.Kelly);
    }

    /// <summary>The wanted size in contracts, [0, 5]; 0 for a hold signal.</summary>
    public double Contracts(ref readonly ContextFeatures features)
    {
        double direction = features[Feature.DecisionDirection];
        if (direction == 0.0) return 0.0;

        var byEdge = SizeActions.ContractsMax * Unit(_edge.Fraction(in features) / _options.FullSizeFraction);
        var calm = Math.Min(byEdge, VolatilityCap(features[Feature.PriceVolatility1Min]));
        var timely = calm * Unit(1.0 - features[Feature.TimeSinceSignal] / _options.SignalLifeSeconds)
            * Unit(0.5 + features[Feature.OrderBookDepth]);
        var admissible = timely * Room(in features);

        // What takes off risk needs no room, up to the position itself.
        double position = features[Feature.CurrentPosition];
        var isReducing = position * direction < 0.0;
        return isReducing ? Math.Max(admissible, Math.Min(timely, Math.Abs(position))) : admissible;
    }

    /// <summary>Probabilities of the actions by their distance from the wanted size.</summary>
    public static void WriteDistribution(double contracts, ref PolicyOutputs outputs)
    {
        Span<double> scores = stackalloc double[PolicyOutputs.SizeCount];
        for (var i = 0; i < scores.Length; i++)
        {
            var distance = (contracts - SizeActions.ContractsOf(i)) / Blur;
            scores[i] = -0.5 * distance * distance;
        }

        Softmax.Write(scores, ref outputs, PolicyOutputs.SizeOffset);
    }

    private double Room(ref readonly ContextFeatures features)
    {
        var margin = Unit(features[Feature.AvailableMargin] / AmpleMargin);
        var loss = Unit(1.0 + features[Feature.UnrealizedPnlPct] / _options.LossLimit);
        var limits = Math.Min(RoomUnder(features[Feature.VarUtilization]), RoomUnder(features[Feature.MaxPositionPct]));
        return Math.Min(limits, Math.Min(margin, loss));
    }

    private static double RoomUnder(double use) => Unit((1.0 - use) / (1.0 - FreeUseOfLimits));

    // From the largest trade at half of the turbulent volatility down to two contracts at and above it.
    private static double VolatilityCap(double volatility)
    {
        var turbulence = Unit(2.0 * volatility / TurbulentVolatility - 1.0);
        return SizeActions.ContractsMax - (SizeActions.ContractsMax - TurbulentContractsMax) * turbulence;
    }

    private static double Unit(double value) => Math.Clamp(value, 0.0, 1.0);
}
