namespace ExecutionPipeline.Cli.Histograms;

/// <summary>Everything that `xp hist print` or `xp hist csv` was asked for, validated; paths are absolute.</summary>
public sealed record HistPrintOptions
{
    /// <summary>A HdrHistogram log.</summary>
    public required string LogFile { get; init; }

    public LogSelection Selection { get; init; } = new();

    public HistView View { get; init; }

    /// <summary>Comma-separated values in nanoseconds, instead of text in microseconds.</summary>
    public bool IsCsv { get; init; }

    /// <summary>Where comma-separated values go; null: the standard output.</summary>
    public string? OutputFile { get; init; }

    /// <summary>Where the figures go as JSON; null: nowhere.</summary>
    public string? JsonFile { get; init; }
}
