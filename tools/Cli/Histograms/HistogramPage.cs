using System.Text.Json;
using System.Text.Json.Nodes;
using ExecutionPipeline.Cli.CommandLine;
using ExecutionPipeline.Cli.Reports;

namespace ExecutionPipeline.Cli.Histograms;

/// <summary>Histogram logs as one page: percentiles, latency over time, and the figures of each tag.</summary>
public static class HistogramPage
{
    /// <summary>Writes the page to a file, over what was there.</summary>
    /// <param name="path">Where to.</param>
    /// <param name="logs">One log, or two that are compared.</param>
    /// <param name="comparisons">Their percentiles side by side, by tag; null for one log.</param>
    public static void Write(
        string path, IReadOnlyList<LogDigest> logs,
        IReadOnlyDictionary<string, IReadOnlyList<PercentileComparison>>? comparisons = null) =>
        WholeFile.WriteText(path, Text(logs, comparisons));

    /// <inheritdoc cref="Write"/>
    /// <returns>The page.</returns>
    public static string Text(
        IReadOnlyList<LogDigest> logs,
        IReadOnlyDictionary<string, IReadOnlyList<PercentileComparison>>? comparisons = null)
    {
        ArgumentNullException.ThrowIfNull(logs);
        var data = new JsonObject
        {
            ["logs"] = new JsonArray([.. logs.Select(NodeOf)]),
            ["comparisons"] = JsonSerializer.SerializeToNode(comparisons ?? Nothing, HtmlPage.DataOptions),
        };
        return HtmlPage.Text("Execution pipeline: histograms", "hist", data);
    }

    private static Dictionary<string, IReadOnlyList<PercentileComparison>> Nothing { get; } = [];

    private static JsonObject NodeOf(LogDigest log) => new()
    {
        ["file"] = Path.GetFileName(log.Path),
        ["start_ms"] = log.StartMs,
        ["intervals"] = log.IntervalCount,
        ["tags"] = new JsonArray([.. log.Stages.Select(stage => NodeOf(stage, log.Series[stage.Name]))]),
    };

    private static JsonObject NodeOf(StageHistogram stage, IntervalSeries series) => new()
    {
        ["name"] = stage.Name,
        ["start_ms"] = stage.Histogram.StartTimeStamp,
        ["summary"] = JsonSerializer.SerializeToNode(HistogramFigures.Summarise(stage.Histogram), HtmlPage.DataOptions),
        ["points"] = HtmlPage.PointsOf(HistogramFigures.CurveOf(stage)),
        ["times"] = new JsonArray([.. series.Points.Select(point =>
            new JsonArray(point.EndMs, point.P50, point.P99, point.P999, point.Max))]),
    };
}

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
