using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using ExecutionPipeline.Pipeline.Options;

namespace ExecutionPipeline.Daemon;

/// <summary>
/// One line for each event of importance, in words or as a JSON object, with the time in UTC to the microsecond. For
/// threads off the path.
/// </summary>
/// <param name="output">Takes the lines.</param>
/// <param name="isJson">Whether each line is a JSON object.</param>
public sealed class DaemonLog(TextWriter output, bool isJson)
{
    private const string TimeFormat = "yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'";

    private static readonly JsonWriterOptions Json = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly Lock _lock = new();
    private long _missing;
    private string _why = "";

    /// <summary>What is less important is left out. Default: info.</summary>
    public LogLevel Level { get; set; } = LogLevel.Info;

    /// <summary>Whether such lines are written.</summary>
    public bool IsAt(LogLevel level) => level >= Level;

    /// <summary>
    /// Writes a line. One that cannot be written, for want of room for instance, is counted: a log ends no trading. How
    /// many are missing is said before the next one that can.
    /// </summary>
    /// <param name="level">How important it is.</param>
    /// <param name="name">The event, in one word.</param>
    /// <param name="text">One sentence.</param>
    /// <param name="fields">What a program should not have to take out of the sentence.</param>
    public void Write(LogLevel level, string name, string text, params ReadOnlySpan<(string Name, object Value)> fields)
    {
        if (!IsAt(level))
            return;

        var line = LineOf(level, name, text, fields);
        lock (_lock)
        {
            try
            {
                if (_missing > 0)
                    TellMissing();
                output.WriteLine(line);
                output.Flush();
            }
            catch (IOException problem)
            {
                _missing++;
                _why = problem.Message;
            }
        }
    }

    private void TellMissing()
    {
        output.WriteLine(LineOf(
            LogLevel.Warning, "log", $"{_missing} lines could not be written: {_why}", ("missing", _missing)));
        _missing = 0;
    }

    private string LineOf(
        LogLevel level, string name, string text, params ReadOnlySpan<(string Name, object Value)> fields)
    {
        var time = DateTime.UtcNow.ToString(TimeFormat, CultureInfo.InvariantCulture);
        return isJson
            ? JsonLine(time, level, name, text, fields)
            : $"{time} {NameOf(level),-7} {name,-8} {text.ReplaceLineEndings(" ")}";
    }

    private static string NameOf(LogLevel level) => level.ToString().ToLowerInvariant();

    private static string JsonLine(
        string time, LogLevel level, string name, string text, ReadOnlySpan<(string Name, object Value)> fields)
    {
        using var bytes = new MemoryStream();
        using (var json = new Utf8JsonWriter(bytes, Json))
        {
            json.WriteStartObject();
            json.WriteString("time", time);
            json.WriteString("level", NameOf(level));
            json.WriteString("event", name);
            json.WriteString("text", text);
            foreach (var (field, value) in fields)
            {
                json.WritePropertyName(field);
                JsonSerializer.Serialize(json, value);
            }

            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(bytes.ToArray());
    }
}
