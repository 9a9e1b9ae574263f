using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace ExecutionPipeline.Cli.Reports;

/// <summary>A page that needs nothing but itself: style, scripts and data are in it.</summary>
public static class HtmlPage
{
    private const string Folder = "ExecutionPipeline.Cli.Reports.Html.";

    /// <summary>How a page's data are written.</summary>
    // The serializer's default encoder leaves no "<" in the text, so nothing in it can end the script element.
    public static JsonSerializerOptions DataOptions { get; } = new(ReportJson.Line) { Encoder = null };

    /// <summary>The page.</summary>
    /// <param name="title">What the page is called.</param>
    /// <param name="name">Its own parts in Html/: NAME.html is the body, NAME.js fills it.</param>
    /// <param name="data">What the script reads.</param>
    public static string Text(string title, string name, JsonObject data)
    {
        ArgumentNullException.ThrowIfNull(data);
        return Part("page.html")
            .Replace("{{title}}", title, StringComparison.Ordinal)
            .Replace("{{style}}", Part("style.css"), StringComparison.Ordinal)
            .Replace("{{body}}", Part($"{name}.html"), StringComparison.Ordinal)
            .Replace("{{plot}}", Part("plot.js"), StringComparison.Ordinal)
            .Replace("{{common}}", Part("common.js"), StringComparison.Ordinal)
            .Replace("{{script}}", Part($"{name}.js"), StringComparison.Ordinal)
            .Replace("{{data}}", data.ToJsonString(DataOptions), StringComparison.Ordinal);
    }

    /// <summary>A line of the percentile plot for the script: [percentile, nanoseconds] in turn.</summary>
    public static JsonArray PointsOf(PercentileCurve curve)
    {
        ArgumentNullException.ThrowIfNull(curve);
        return [.. curve.Points.Select(point => new JsonArray(point.Percentile, point.ValueNs))];
    }

    private static string Part(string name)
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream(Folder + name)
            ?? throw new InvalidOperationException($"the page's part {name} is not in the assembly");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
