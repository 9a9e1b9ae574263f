namespace ExecutionPipeline.Cli.Drivers;

/// <summary>Which driver to look at, and how often; the path is absolute.</summary>
public record MonitorOptions
{
    /// <summary>The driver's directory.</summary>
    public required string AeronDirectory { get; init; }

    /// <summary>Time between two looks, in seconds; null: one look alone.</summary>
    public double? IntervalSeconds { get; init; }

    /// <summary>Looks at what a dead driver left, too.</summary>
    public bool IsDeadAllowed { get; init; }
}
