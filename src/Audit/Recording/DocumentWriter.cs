using System.Buffers;
using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using ExecutionPipeline.Messages.Events;

namespace ExecutionPipeline.Audit.Recording;

/// <summary>
/// Writes a record's document: JSON, keys in snake case, prices and money as decimal numbers, times as ISO 8601 in UTC
/// with microseconds. What is not there is null. Equal values give equal bytes.
/// </summary>
internal sealed class DocumentWriter
{
    private readonly ArrayBufferWriter<byte> _buffer = new(8_192);
    private readonly Utf8JsonWriter _json;

    public DocumentWriter()
    {
        var encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping;
        _json = new Utf8JsonWriter(_buffer, new JsonWriterOptions { Encoder = encoder, SkipValidation = true });
    }

    /// <summary>Begins a document.</summary>
    public void Begin()
    {
        _buffer.ResetWrittenCount();
        _json.Reset(_buffer);
        _json.WriteStartObject();
    }

    /// <summary>Ends it, and gives its text.</summary>
    public string End()
    {
        _json.WriteEndObject();
        _json.Flush();
        return Encoding.UTF8.GetString(_buffer.WrittenSpan);
    }

    public void BeginObject(string name) => _json.WriteStartObject(name);

    public void BeginObject() => _json.WriteStartObject();

    public void EndObject() => _json.WriteEndObject();

    public void BeginList(string name) => _json.WriteStartArray(name);

    public void EndList() => _json.WriteEndArray();

    public void Item(string text) => _json.WriteStringValue(text);

    public void Value(float number)
    {
        if (float.IsFinite(number))
            _json.WriteNumberValue(number);
        else
            _json.WriteNullValue();
    }

    public void Text(string name, string? value) => _json.WriteString(name, value);

    public void Word<T>(string name, T value)
        where T : struct, Enum =>
        _json.WriteString(name, Words.KeyOf(value));

    public void Whole(string name, long value) => _json.WriteNumber(name, value);

    public void Flag(string name, bool value) => _json.WriteBoolean(name, value);

    public void None(string name) => _json.WriteNull(name);

    public void Raw(string name, string json)
    {
        _json.WritePropertyName(name);
        _json.WriteRawValue(json, skipInputValidation: true);
    }

    /// <summary>An id; 0 stands for none.</summary>
    public void Id(string name, ulong value)
    {
        if (value == 0)
            _json.WriteNull(name);
        else
            _json.WriteNumber(name, value);
    }

    /// <summary>A number; one that is not finite is none.</summary>
    public void Number(string name, double value)
    {
        if (double.IsFinite(value))
            _json.WriteNumber(name, value);
        else
            _json.WriteNull(name);
    }

    /// <inheritdoc cref="Number(string, double)"/>
    public void Number(string name, float value)
    {
        if (float.IsFinite(value))
            _json.WriteNumber(name, value);
        else
            _json.WriteNull(name);
    }

    /// <summary>A price in 1e-9; 0 and the market's null stand for none.</summary>
    public void Price(string name, long valueE9)
    {
        if (valueE9 is 0 or MarketUpdate.NoPrice)
            _json.WriteNull(name);
        else
            _json.WriteNumber(name, Figures.Price(valueE9));
    }

    /// <summary>Money in 1e-6 of the account's currency.</summary>
    public void Money(string name, long valueE6) => _json.WriteNumber(name, Figures.Money(valueE6));

    /// <summary>A time in nanoseconds since the Unix epoch; 0 stands for none.</summary>
    public void Time(string name, long timeNs)
    {
        if (timeNs == 0)
            _json.WriteNull(name);
        else
            _json.WriteString(name, Figures.Time(timeNs / 1_000));
    }
}

/// <summary>Figures as records write them.</summary>
public static class Figures
{
    private const decimal Billion = 1_000_000_000;
    private const decimal Million = 1_000_000;

    /// <summary>A price without zeros at its end.</summary>
    public static decimal Price(long valueE9) => valueE9 / Billion;

    /// <summary>An amount.</summary>
    public static decimal Money(long valueE6) => valueE6 / Million;

    /// <summary>ISO 8601 in UTC with microseconds.</summary>
    /// <param name="timeUs">Microseconds since the Unix epoch.</param>
    public static string Time(long timeUs) =>
        DateTime.UnixEpoch.AddTicks(timeUs * TimeSpan.TicksPerMicrosecond)
            .ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", CultureInfo.InvariantCulture);

    /// <summary>A number in at most six significant digits' worth of decimals.</summary>
    public static string Text(double value) => value.ToString("#,0.######", CultureInfo.InvariantCulture);

    /// <inheritdoc cref="Text(double)"/>
    public static string Text(decimal value) => value.ToString("#,0.#########", CultureInfo.InvariantCulture);
}

/// <summary>Names of values in words.</summary>
internal static class Words
{
    /// <summary>In snake case, as keys and values of a document.</summary>
    public static string KeyOf<T>(T value)
        where T : struct, Enum =>
        Names<T>.Keys.GetOrAdd(value, static one => JsonNamingPolicy.SnakeCaseLower.ConvertName(one.ToString()));

    /// <summary>In lower case with spaces, as within a sentence.</summary>
    public static string Of<T>(T value)
        where T : struct, Enum =>
        KeyOf(value).Replace('_', ' ');

    /// <summary>The single bits of a set.</summary>
    public static IEnumerable<T> BitsOf<T>(T set)
        where T : struct, Enum =>
        Names<T>.Bits.Where(bit => set.HasFlag(bit));

    private static class Names<T>
        where T : struct, Enum
    {
        public static readonly ConcurrentDictionary<T, string> Keys = new();

        public static readonly T[] Bits = [.. Enum.GetValues<T>().Where(static value => Convert.ToUInt64(value) != 0)];
    }
}
