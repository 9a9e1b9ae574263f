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
