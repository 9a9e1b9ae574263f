namespace ExecutionPipeline.Stages.Routing;

/// <summary>How decisions become orders.</summary>
public sealed class RoutingOptions
{
    /// <summary>
    /// The average true range that stops and targets are placed with while none is known, as a fraction of the price.
    /// Default 0.01.
    /// </summary>
    public double DefaultAtrFraction { get; init; } = 0.01;

    /// <exception cref="ArgumentException">An option is out of range; the message says what to set.</exception>
    public void Validate()
    {
        if (DefaultAtrFraction is not (> 0 and < 1))
            throw new ArgumentException("routing: set DefaultAtrFraction to a fraction in (0, 1), such as 0.01.");
    }
}
