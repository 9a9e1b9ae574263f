using System.Text.Json;
using System.Text.Json.Nodes;
using ExecutionPipeline.Cli.CommandLine;

namespace ExecutionPipeline.Cli.Reports;

/// <summary>The figures of a run as one page.</summary>
public static class HtmlReport
{
    /// <summary>Writes the page to a file, over what was there.</summary>
    /// <param name="path">Where to.</param>
    /// <param name="report">The figures.</param>
    /// <param name="curves">The lines of the percentile plot: stages, end to end, platform hiccup.</param>
    public static void Write(string path, RunReport report, IReadOnlyList<PercentileCurve> curves) =>
        WholeFile.WriteText(path, Text(report, curves));

    /// <summary>The page.</summary>
    public static string Text(RunReport report, IReadOnlyList<PercentileCurve> curves)
    {
        ArgumentNullException.ThrowIfNull(curves);
        var lines = curves.Select(curve => new JsonObject
        {
            ["name"] = curve.Name,
            ["points"] = HtmlPage.PointsOf(curve),
        });
        var data = new JsonObject
        {
            ["report"] = JsonSerializer.SerializeToNode(report, HtmlPage.DataOptions),
            ["verdicts"] = JsonSerializer.SerializeToNode(Verdict.Of(report), HtmlPage.DataOptions),
            ["curves"] = new JsonArray([.. lines]),
        };
        return HtmlPage.Text("Execution pipeline: run report", "demo", data);
    }
}
