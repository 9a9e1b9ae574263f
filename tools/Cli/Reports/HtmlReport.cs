using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace ExecutionPipeline.Cli.Reports;

/// <summary>The figures as one page that needs nothing but itself: style, script and data are in it.</summary>
public static class HtmlReport
{
    private const string Folder = "ExecutionPipeline.Cli.Reports.Html.";

    /// <summary>Writes the page to a file, over what was there.</summary>
    /// <param name="path">Where to.</param>
    /// <param name="report">The figures.</param>
    /// <param name="curves">The lines of the percentile plot: stages, end to end, platform hiccup.</param>
    public static void Write(string path, RunReport report, IReadOnlyList<PercentileCurve> curves) =>
        File.WriteAllText(path, Text(report, curves));

    /// <summary>The page.</summary>
    public static string Text(RunReport report, IReadOnlyList<PercentileCurve> curves)
    {
        ArgumentNullException.ThrowIfNull(curves);
        return Part("page.html")
            .Replace("{{style}}", Part("style.css"), StringComparison.Ordinal)
            .Replace("{{plot}}", Part("plot.js"), StringComparison.Ordinal)
            .Replace("{{script}}", Part("script.js"), StringComparison.Ordinal)
            .Replace("{{data}}", Data(report, curves), StringComparison.Ordinal);
    }

    // The serializer's default encoder leaves no "<" in the text, so nothing in it can end the script element.
    private static string Data(RunReport report, IReadOnlyList<PercentileCurve> curves)
    {
        var options = new JsonSerializerOptions(ReportJson.Line) { Encoder = null };
        var lines = new JsonArray();
        foreach (var curve in curves)
        {
            var points = new JsonArray();
            foreach (var point in curve.Points)
                points.Add(new JsonArray(point.Percentile, point.ValueNs));
            lines.Add(new JsonObject { ["name"] = curve.Name, ["points"] = points });
        }

        var data = new JsonObject
        {
            ["report"] = JsonSerializer.SerializeToNode(report, options),
            ["verdicts"] = JsonSerializer.SerializeToNode(Verdict.Of(report), options),
            ["curves"] = lines,
        };
        return data.ToJsonString(options);
    }

    private static string Part(string name)
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream(Folder + name)
            ?? throw new InvalidOperationException($"the page's part {name} is not in the assembly");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
