namespace ExecutionPipeline.Cli.Drivers;

/// <summary>Everything that `xp stat` was asked for.</summary>
public sealed record StatOptions : MonitorOptions
{
    /// <summary>Only the counters of this type; null: all.</summary>
    public int? TypeId { get; init; }

    /// <summary>Only the counters whose label has this text in it, in upper or lower case; null: all.</summary>
    public string? Label { get; init; }
}
