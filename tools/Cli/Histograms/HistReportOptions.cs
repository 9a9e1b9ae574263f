namespace ExecutionPipeline.Cli.Histograms;

/// <summary>Everything that `xp hist report` was asked for, validated; paths are absolute.</summary>
public sealed record HistReportOptions
{
    /// <summary>A HdrHistogram log.</summary>
    public required string LogFile { get; init; }

    public LogSelection Selection { get; init; } = new();

    /// <summary>Where the page goes.</summary>
    public required string OutputFile { get; init; }

    /// <summary>Where the figures go as JSON; null: nowhere.</summary>
    public string? JsonFile { get; init; }
}
