using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using ExecutionPipeline.Audit.Recording;
using ExecutionPipeline.Audit.Records;

namespace ExecutionPipeline.Audit.Reading;

/// <summary>Writes records for other programs.</summary>
public static class RecordExport
{
    private static readonly SearchValues<char> Quoted = SearchValues.Create(",\"\r\n");

    private static readonly JsonWriterOptions Json = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>How JSON is written, here and by whoever shows records.</summary>
    public static JsonSerializerOptions Line { get; } = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>A JSON object a line, its document within it. Returns how many.</summary>
    public static long WriteJson(IEnumerable<AuditRecord> records, Stream output, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(records);
        ArgumentNullException.ThrowIfNull(output);
        using var writer = new Utf8JsonWriter(output, Json);
        var count = 0L;
        foreach (var record in records)
        {
            cancel.ThrowIfCancellationRequested();
            WriteJson(writer, record);
            writer.Flush();
            writer.Reset();
            output.WriteByte((byte)'\n');
            count++;
        }

        return count;
    }

    /// <summary>A JSON object a line. Returns how many.</summary>
    public static long WriteJson(IEnumerable<JsonObject> documents, Stream output, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(documents);
        ArgumentNullException.ThrowIfNull(output);
        var count = 0L;
        foreach (var document in documents)
        {
            cancel.ThrowIfCancellationRequested();
            output.Write(Encoding.UTF8.GetBytes(document.ToJsonString(Line) + "\n"));
            count++;
        }

        return count;
    }

    /// <summary>A table with a head; texts as RFC 4180 has them. Returns how many records.</summary>
    public static long WriteCsv(IEnumerable<AuditRecord> records, Stream output, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(records);
        using var writer = new StreamWriter(output, new UTF8Encoding(false), leaveOpen: true) { NewLine = "\r\n" };
        writer.WriteLine("id,journal,sequence,time,kind,instrument,signal,outcome,explanation,document,previous,hash");
        var count = 0L;
        foreach (var record in records)
        {
            cancel.ThrowIfCancellationRequested();
            writer.WriteLine(string.Join(',', FieldsOf(record).Select(Quote)));
            count++;
        }

        return count;
    }

    /// <summary>A record as a JSON object.</summary>
    public static JsonObject ObjectOf(AuditRecord record)
    {
        using var bytes = new MemoryStream();
        using (var writer = new Utf8JsonWriter(bytes, Json))
            WriteJson(writer, record);
        return JsonNode.Parse(bytes.ToArray())!.AsObject();
    }

    private static void WriteJson(Utf8JsonWriter writer, AuditRecord record)
    {
        var entry = record.Entry;
        writer.WriteStartObject();
        writer.WriteNumber("id", record.Id);
        writer.WriteNumber("journal", record.Journal);
        writer.WriteNumber("sequence", entry.Sequence);
        writer.WriteString("time", Figures.Time(entry.TimeUs));
        writer.WriteString("kind", RecordChain.NameOf(entry.Kind));
        writer.WriteNumber("instrument", entry.InstrumentId);
        writer.WriteNumber("signal", entry.SignalId);
        writer.WriteString("outcome", entry.Outcome);
        writer.WriteString("explanation", entry.Explanation);
        writer.WritePropertyName("document");
        writer.WriteRawValue(entry.Document);
        writer.WriteString("previous", Convert.ToHexStringLower(record.Previous.Span));
        writer.WriteString("hash", Convert.ToHexStringLower(record.Hash.Span));
        writer.WriteEndObject();
    }

    private static string[] FieldsOf(AuditRecord record)
    {
        var entry = record.Entry;
        return
        [
            Whole(record.Id), Whole(record.Journal), Whole(entry.Sequence), Figures.Time(entry.TimeUs),
            RecordChain.NameOf(entry.Kind), Whole(entry.InstrumentId),
            entry.SignalId.ToString(CultureInfo.InvariantCulture), entry.Outcome, entry.Explanation, entry.Document,
            Convert.ToHexStringLower(record.Previous.Span), Convert.ToHexStringLower(record.Hash.Span),
        ];
    }

    private static string Whole(long value) => value.ToString(CultureInfo.InvariantCulture);

    private static string Quote(string text) =>
        text.AsSpan().ContainsAny(Quoted) ? $"\"{text.Replace("\"", "\"\"")}\"" : text;
}
