namespace ExecutionPipeline.Stages.Context;

/// <summary>How the context stage averages the market.</summary>
public sealed class ContextOptions
{
    /// <summary>
    /// Updates over which depth is averaged, exponentially with weight 2 / (n + 1) for the latest. Default 1,000.
    /// </summary>
    public int DepthAverageUpdates { get; init; } = 1_000;

    /// <summary>One-minute bars of the average true range. Default 14.</summary>
    public int AtrPeriod { get; init; } = 14;

    /// <summary>
    /// The average true range that a signal is sized and its stop and target are placed with while none is known, as a
    /// fraction of the price. Default 0.01.
    /// </summary>
    public double DefaultAtrFraction { get; init; } = 0.01;

    /// <summary>Executions remembered, so that one that is reported twice is booked once. Default 16,384.</summary>
    public int ExecutionIdsRemembered { get; init; } = 16_384;

    /// <exception cref="ArgumentException">An option is out of range; the message says what to set.</exception>
    public void Validate()
    {
        if (DepthAverageUpdates is < 1 or > 10_000_000)
            throw new ArgumentException("context: set depth_average_updates to 1 to 10,000,000 updates.");
        if (AtrPeriod is < 1 or > 10_000)
            throw new ArgumentException("context: set atr_period to 1 to 10,000 bars.");
        if (DefaultAtrFraction is not (> 0 and < 1))
            throw new ArgumentException("context: set default_atr_fraction to a fraction in (0, 1), such as 0.01.");
        if (ExecutionIdsRemembered is < 1 or > 16_777_216)
            throw new ArgumentException("context: set execution_ids_remembered to 1 to 16,777,216.");
    }
}
