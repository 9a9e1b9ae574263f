using ExecutionPipeline.Quant;

namespace ExecutionPipeline.Stages.Inference.Sizing;

/// <summary>The bound that the Kelly criterion sets to what the policy chooses.</summary>
public sealed class SizingGuardOptions
{
    /// <summary>Whether sizes are held against it. Default true.</summary>
    public bool Enabled { get; init; } = true;

    /// <summary>How a signal's edge is weighed.</summary>
    public KellyOptions Kelly { get; init; } = new();

    /// <summary>The largest share of equity that a trade's stop may lose, (0, 1]. Default 0.02.</summary>
    public double MaxFraction { get; init; } = KellySizing.DefaultMaxFraction;

    /// <summary>The largest trade in contracts, at least 1. Default 5.</summary>
    public int MaxContracts { get; init; } = KellySizing.DefaultMaxContracts;

    /// <exception cref="ArgumentException">An option is out of range; the message says what to set.</exception>
    public void Validate()
    {
        Kelly.Validate();
        KellyOptions.Require(MaxFraction is > 0 and <= 1, nameof(MaxFraction), "in (0, 1]");
        KellyOptions.Require(MaxContracts >= 1, nameof(MaxContracts), "at least 1");
    }
}
