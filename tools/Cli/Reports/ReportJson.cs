using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using ExecutionPipeline.Cli.CommandLine;

namespace ExecutionPipeline.Cli.Reports;

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
