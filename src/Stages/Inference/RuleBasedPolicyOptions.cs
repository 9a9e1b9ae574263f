using ExecutionPipeline.Stages.Inference.Sizing;

namespace ExecutionPipeline.Stages.Inference;

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
