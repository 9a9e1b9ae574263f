namespace ExecutionPipeline.Cli.Histograms;

/// <summary>Which intervals of a log to take; by default all.</summary>
public sealed record LogSelection
{
    /// <summary>The tags to take, separated by commas, none between them standing for no tag; null: all.</summary>
    public string? Tags { get; init; }

    /// <summary>When an interval must begin at the earliest; null: any time.</summary>
    public LogTime? Start { get; init; }

    /// <summary>What an interval must begin before; null: any time.</summary>
    public LogTime? End { get; init; }

    /// <summary>Whether an interval of a log that began at <paramref name="logStartMs"/> is to be taken.</summary>
    public bool IsMatch(HistogramBase interval, long logStartMs)
    {
        ArgumentNullException.ThrowIfNull(interval);
        return !(interval.StartTimeStamp < Start?.ToMs(logStartMs))
            && !(interval.StartTimeStamp >= End?.ToMs(logStartMs))
            && (Tags is null || Tags.Split(',').Contains(interval.Tag ?? ""));
    }
}
