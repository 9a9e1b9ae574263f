namespace ExecutionPipeline.Cli.Histograms;

/// <summary>What of a log is printed.</summary>
public enum HistView
{
    /// <summary>A line a tag, over the whole time.</summary>
    Totals,

    /// <summary>A line an interval.</summary>
    Intervals,

    /// <summary>The percentile distribution of each tag, over the whole time.</summary>
    Percentiles,
}

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

/// <summary>Everything that `xp hist merge` was asked for, validated; paths are absolute.</summary>
public sealed record HistMergeOptions
{
    /// <summary>HdrHistogram logs.</summary>
    public required IReadOnlyList<string> LogFiles { get; init; }

    public LogSelection Selection { get; init; } = new();

    /// <summary>The log to write.</summary>
    public required string OutputFile { get; init; }

    /// <summary>One histogram a tag over the whole time, instead of every interval.</summary>
    public bool IsSum { get; init; }
}

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
