using System.Text.Json;
using System.Text.Json.Nodes;
using ExecutionPipeline.Analysis.Reports;
using ExecutionPipeline.Cli.CommandLine;
using Spectre.Console;

namespace ExecutionPipeline.Cli.Reports;

/// <summary>What executions cost: tables for the terminal, a page with charts, and JSON for machines.</summary>
public static class CostReport
{
    private static readonly JsonSerializerOptions ReadOptions = new(ReportJson.Line)
    {
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
    };

    /// <summary>Writes the tables and what is recommended.</summary>
    public static void Write(IAnsiConsole console, AnalysisFigures analysis)
    {
        ArgumentNullException.ThrowIfNull(console);
        ArgumentNullException.ThrowIfNull(analysis);
        if (analysis.All is null)
            console.WriteLine("There are no orders to analyse.");
        foreach (var table in AnalysisTables.Of(analysis))
        {
            console.WriteLine();
            FigureTable.Write(console, table.Title, table.Columns, table.Rows);
        }

        foreach (var recommendation in analysis.Recommendations)
            console.WriteLine(recommendation.Recommendation);
        var blind = analysis.Orders.Sum(static order => order.FillsWithoutQuote);
        if (blind > 0)
        {
            console.WriteLine(
                $"{ReportNames.Count(blind)} fills are older than the market's first quote: their spread and impact "
                + "count as timing.");
        }
    }

    /// <summary>Writes the page to a file, over what was there.</summary>
    public static void WriteHtml(string path, AnalysisFigures analysis) => WholeFile.WriteText(path, Html(analysis));

    /// <summary>Writes the figures to a file, over what was there.</summary>
    public static void WriteJson(string path, AnalysisFigures analysis) => ReportJson.Write(path, analysis);

    /// <summary>Reads figures that <see cref="WriteJson"/> wrote.</summary>
    /// <exception cref="UsageException">The file is none of these; the message names it.</exception>
    public static AnalysisFigures ReadJson(string path)
    {
        try
        {
            var figures = JsonSerializer.Deserialize<AnalysisFigures>(File.ReadAllBytes(path), ReadOptions);
            return figures is { Version: AnalysisFigures.CurrentVersion }
                ? figures
                : throw new UsageException($"{path}: its version is not {AnalysisFigures.CurrentVersion}");
        }
        catch (JsonException problem)
        {
            var place = problem.Path is null or "$" ? "" : $" at {problem.Path}";
            throw new UsageException($"{path}: not the costs.json of a backtest{place}");
        }
    }

    /// <summary>The page; it needs nothing but itself.</summary>
    public static string Html(AnalysisFigures analysis)
    {
        ArgumentNullException.ThrowIfNull(analysis);
        var data = new JsonObject
        {
            ["analysis"] = JsonSerializer.SerializeToNode(analysis, HtmlPage.DataOptions),
        };
        return HtmlPage.Text("Execution pipeline: transaction costs", "tca", data);
    }
}
