namespace ExecutionPipeline.Stages.Inference.Swap;

/// <summary>When a canary is rolled back without anybody asking.</summary>
public sealed class CanaryOptions
{
    /// <summary>Decisions before agreement is looked at, at least 1. Default 100.</summary>
    public int MinDecisions { get; init; } = 100;

    /// <summary>Largest share of decisions whose size or strategy differs, [0, 1]. Default 0.2.</summary>
    public double MaxDisagreement { get; init; } = 0.2;

    /// <summary>Answers out of bounds or not finite that are let pass, at least 0. Default 0.</summary>
    public int MaxInvalid { get; init; }

    /// <exception cref="ArgumentException">An option is out of range; the message says what to set.</exception>
    public void Validate()
    {
        if (MinDecisions < 1)
            throw new ArgumentException("inference: set Canary.MinDecisions to 1 or more.");
        if (MaxDisagreement is not (>= 0 and <= 1))
            throw new ArgumentException("inference: set Canary.MaxDisagreement to 0 to 1.");
        if (MaxInvalid < 0)
            throw new ArgumentException("inference: set Canary.MaxInvalid to 0 or more.");
    }
}
