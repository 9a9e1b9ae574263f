using System.Runtime.CompilerServices;
using ExecutionPipeline.Messages.Events;
using ExecutionPipeline.Stages.Inference.Sizing;

namespace ExecutionPipeline.Stages.Inference;

/// <summary>
/// Decides by rules alone: modified Kelly sizing within the room that limits leave, a strategy by urgency and state of
/// the book, stop and target by volatility and confidence. It teaches the shipped models, and decides in their place
/// when they cannot. Same outputs as the actors, so everything after it is the same too.
/// </summary>
public sealed class RuleBasedPolicy : IPolicyBackend
{
    private readonly RuleBasedSizing _sizing;

    /// <exception cref="ArgumentException">A parameter is out of its range.</exception>
    public RuleBasedPolicy(RuleBasedPolicyOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        _sizing = new RuleBasedSizing(options);
    }

    public DecisionSource Source => DecisionSource.RuleBased;

    /// <inheritdoc />
    /// <remarks>
    /// A context that is not finite is answered with no trade, for certain, and the middle of the rest.
    /// </remarks>
    public void Run(ref readonly ContextFeatures features, ref PolicyOutputs outputs)
    {
        if (!IsFinite(in features))
        {
            Abstain(ref outputs);
            return;
        }

        var contracts = _sizing.Contracts(in features);
        RuleBasedSizing.WriteDistribution(contracts, ref outputs);
        RuleBasedTiming.WriteDistribution(in features, contracts, ref outputs);
        RuleBasedBrackets.Write(in features, ref outputs);
    }

    /// <summary>The size that the rules want before it is rounded to an action, in contracts, [0, 5].</summary>
    public double Contracts(ref readonly ContextFeatures features) =>
        IsFinite(in features) ? _sizing.Contracts(in features) : 0.0;

    private static bool IsFinite(ref readonly ContextFeatures features)
    {
        // Subtracting a number from itself gives 0 unless it is NaN or infinite.
        var sum = 0f;
        for (var i = 0; i < ContextFeatures.Count; i++) sum += features[i] - features[i];
        return sum == 0f;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Abstain(ref PolicyOutputs outputs)
    {
        outputs = default;
        outputs[PolicyOutputs.SizeOffset] = 1f;
        for (var i = 0; i < PolicyOutputs.StrategyCount; i++)
        {
            outputs[PolicyOutputs.StrategyOffset + i] = 1f / PolicyOutputs.StrategyCount;
        }

        outputs[PolicyOutputs.StopLossOffset] = (PolicyBounds.StopLossMin + PolicyBounds.StopLossMax) / 2f;
        outputs[PolicyOutputs.TakeProfitOffset] = (PolicyBounds.TakeProfitMin + PolicyBounds.TakeProfitMax) / 2f;
    }
}

/// <summary>The rule-based policy's parameters. Defaults are the requirement document's where it has one.</summary>
public sealed class RuleBasedPolicyOptions
{
    /// <summary>How a signal's edge is weighed.</summary>
    public KellyOptions Kelly { get; init; } = new();

    /// <summary>
    /// The fraction, after the multiplier, at which the largest trade is made; in (0, 1]. Default 0.2: a bet with a
    /// Kelly fraction of 0.8. The document spends a fixed budget of 2 % of equity from the first percent of edge on,
    /// which makes nearly every trade the largest one; here the budget is spent in proportion to the edge, up to the
    /// same largest trade.
    /// </summary>
    public double FullSizeFraction { get; init; } = 0.2;

    /// <summary>Fall of the account at which no trade is made any more, as a fraction. Default 0.02.</summary>
    public double LossLimit { get; init; } = 0.02;

    /// <summary>Age at which a signal is worth nothing any more, in seconds. Default 60.</summary>
    public double SignalLifeSeconds { get; init; } = 60.0;

    /// <exception cref="ArgumentException">A parameter is out of its range; the message says what to set.</exception>
    public void Validate()
    {
        Kelly.Validate();
        KellyOptions.Require(FullSizeFraction is > 0 and <= 1, nameof(FullSizeFraction), "in (0, 1]");
        KellyOptions.Require(LossLimit is > 0 and <= 1, nameof(LossLimit), "in (0, 1]");
        KellyOptions.Require(SignalLifeSeconds is > 0 and <= 86_400, nameof(SignalLifeSeconds), "in (0, 86400]");
    }
}

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

/// <summary>Scores to probabilities.</summary>
internal static class Softmax
{
    /// <summary>
    /// Overwrites <paramref name="scores"/>, and writes their softmax from <paramref name="offset"/> on.
    /// </summary>
    public static void Write(Span<double> scores, ref PolicyOutputs outputs, int offset)
    {
        // Relative to the largest score nothing overflows, whatever the scores are.
        var max = double.NegativeInfinity;
        foreach (var score in scores) max = Math.Max(max, score);

        var sum = 0.0;
        for (var i = 0; i < scores.Length; i++) sum += scores[i] = Math.Exp(scores[i] - max);
        for (var i = 0; i < scores.Length; i++) outputs[offset + i] = (float)(scores[i] / sum);
    }
}
