namespace ExecutionPipeline.HdrHistogram.Analysis;

/// <summary>Which intervals of a log to take.</summary>
public sealed class HistogramLogFilter
{
    /// <summary>The tags to take, "" standing for no tag; null (the default) for all, tagged or not.</summary>
    public IReadOnlySet<string>? Tags { get; init; }

    /// <summary>The earliest start of an interval, in milliseconds since 1970; by default any.</summary>
    public long FromMs { get; init; } = long.MinValue;

    /// <summary>What an interval must start before, in milliseconds since 1970; by default any.</summary>
    public long UntilMs { get; init; } = long.MaxValue;

    /// <summary>Whether an interval is to be taken.</summary>
    public bool IsMatch(HistogramBase interval)
    {
        ArgumentNullException.ThrowIfNull(interval);
        return interval.StartTimeStamp >= FromMs
            && interval.StartTimeStamp < UntilMs
            && (Tags is null || Tags.Contains(interval.Tag ?? ""));
    }
}
