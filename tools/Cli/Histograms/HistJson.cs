using ExecutionPipeline.Cli.Reports;

namespace ExecutionPipeline.Cli.Histograms;

/// <summary>The figures of logs for machines.</summary>
public static class HistJson
{
    /// <summary>Writes the figures to a file, over what was there; nothing when there is no file.</summary>
    /// <param name="path">The file; null: none.</param>
    /// <param name="logs">What was read.</param>
    /// <param name="faults">The lines that were skipped.</param>
    /// <param name="comparisons">Two logs' percentiles side by side, by tag; null where they are not compared.</param>
    public static void Write(
        string? path, IReadOnlyList<LogDigest> logs, LogFaults faults,
        IReadOnlyDictionary<string, IReadOnlyList<PercentileComparison>>? comparisons = null)
    {
        ArgumentNullException.ThrowIfNull(logs);
        ArgumentNullException.ThrowIfNull(faults);
        if (path is null)
            return;

        var figures = new
        {
            Logs = logs.Select(log => new
            {
                File = log.Path,
                Intervals = log.IntervalCount,
                Tags = log.Stages.Select(stage => new
                {
                    Tag = stage.Histogram.Tag,
                    StartMs = stage.Histogram.StartTimeStamp,
                    EndMs = stage.Histogram.EndTimeStamp,
                    LatencyNs = HistogramFigures.Summarise(stage.Histogram),
                }),
            }),
            DamagedLines = faults.Count,
            Comparisons = comparisons,
        };
        ReportJson.Write(path, figures);
    }
}
