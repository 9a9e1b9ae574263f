namespace ExecutionPipeline.Cli.Histograms;

/// <summary>Everything that `xp hist print` was asked for, validated; paths are absolute.</summary>
public sealed record HistPrintOptions
{
    /// <summary>A HdrHistogram log.</summary>
    public required string LogFile { get; init; }

    /// <summary>Only the histograms with this tag; null: all.</summary>
    public string? Tag { get; init; }

    /// <summary>The whole percentile distribution instead of one line a tag.</summary>
    public bool IsFull { get; init; }
}
