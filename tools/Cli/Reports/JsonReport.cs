using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
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

/// <summary>How the reports are written as JSON: snake case, enums as words.</summary>
public static class ReportJson
{
    /// <summary>For files that people read too.</summary>
    public static JsonSerializerOptions Indented { get; } = Options(isIndented: true);

    /// <summary>One line.</summary>
    public static JsonSerializerOptions Line { get; } = Options(isIndented: false);

    /// <summary>Writes a value to a file, over what was there.</summary>
    /// <exception cref="IOException">It cannot be written; what was there is still there.</exception>
    public static void Write<T>(string path, T value) =>
        WholeFile.WriteText(path, JsonSerializer.Serialize(value, Indented) + "\n");

    private static JsonSerializerOptions Options(bool isIndented) => new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower) },
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        WriteIndented = isIndented,
        NewLine = "\n",
    };
}

/// <summary>Words and figures as the reports write them.</summary>
public static class ReportNames
{
    public const string EndToEnd = "end_to_end";
    public const string PlatformHiccup = "platform_hiccup";

    /// <summary>The name of what one thread's processor did: "platform_hiccup_engine".</summary>
    public static string HiccupOf(string thread) => $"{PlatformHiccup}_{thread}";

    /// <summary>An enum's value as a JSON key: "RiskRefused" becomes "risk_refused".</summary>
    public static string KeyOf<T>(T value)
        where T : struct, Enum =>
        JsonNamingPolicy.SnakeCaseLower.ConvertName(value.ToString());

    /// <summary>A key for people: "end_to_end" becomes "end to end".</summary>
    public static string Words(string key)
    {
        ArgumentNullException.ThrowIfNull(key);
        return key.Replace('_', ' ');
    }

    /// <summary>Nanoseconds as microseconds: two decimals up to 100, then one, then none.</summary>
    public static string Microseconds(double ns)
    {
        var us = ns / 1000;
        var format = Math.Abs(us) switch
        {
            < 99.995 => "0.00",
            < 9999.95 => "#,0.0",
            _ => "#,0",
        };
        return us.ToString(format, CultureInfo.InvariantCulture);
    }

    /// <summary>A count with separators.</summary>
    public static string Count(long value) => value.ToString("#,0", CultureInfo.InvariantCulture);
}
