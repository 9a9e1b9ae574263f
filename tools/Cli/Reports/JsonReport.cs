using System.Text.Json;
using ExecutionPipeline.Cli.CommandLine;

namespace ExecutionPipeline.Cli.Reports;

/// <summary>The figures for machines.</summary>
public static class JsonReport
{
    /// <summary>
    /// Writes the report to a file, over the one that was there; the report of a run that was not whole goes beside it.
    /// </summary>
    /// <returns>Where it was written to.</returns>
    public static string Write(string path, RunReport report)
    {
        ArgumentNullException.ThrowIfNull(report);
        var hasContent = File.Exists(path) && new FileInfo(path).Length > 0;
        var written = hasContent && !report.IsComplete ? WrittenFiles.FreeName(path) : path;
        ReportJson.Write(written, report);
        return written;
    }

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
