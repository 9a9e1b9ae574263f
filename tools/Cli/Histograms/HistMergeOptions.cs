namespace ExecutionPipeline.Cli.Histograms;

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
