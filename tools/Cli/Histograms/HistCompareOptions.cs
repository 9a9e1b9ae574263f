namespace ExecutionPipeline.Cli.Histograms;

/// <summary>Everything that `xp hist compare` was asked for, validated; paths are absolute.</summary>
public sealed record HistCompareOptions
{
    /// <summary>The log to compare with.</summary>
    public required string BaselineFile { get; init; }

    /// <summary>The log that is compared.</summary>
    public required string CandidateFile { get; init; }

    public LogSelection Selection { get; init; } = new();

    /// <summary>Where the page goes; null: nowhere.</summary>
    public string? ReportFile { get; init; }

    /// <summary>Where the figures go as JSON; null: nowhere.</summary>
    public string? JsonFile { get; init; }
}
