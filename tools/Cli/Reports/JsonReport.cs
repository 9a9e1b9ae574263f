using System.Text.Json;

namespace ExecutionPipeline.Cli.Reports;

/// <summary>The figures for machines.</summary>
public static class JsonReport
{
    /// <summary>Writes the report to a file, over what was there.</summary>
    public static void Write(string path, RunReport report) => ReportJson.Write(path, report);

    /// <summary>The report as indented JSON.</summary>
    public static string Text(RunReport report) => JsonSerializer.Serialize(report, ReportJson.Indented);

    /// <summary>The engine's own report as one line.</summary>
    public static string Line(EngineReport report) => JsonSerializer.Serialize(report, ReportJson.Line);

    /// <summary>Reads what <see cref="Line"/> wrote. False where it is something else.</summary>
    public static bool TryReadEngine(string line, out EngineReport? report)
    {
        try
        {
            report = JsonSerializer.Deserialize<EngineReport>(line, ReportJson.Line);
            return report is not null;
        }
        catch (JsonException)
        {
            report = null;
            return false;
        }
    }
}
