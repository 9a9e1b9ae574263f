using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using System.Text.Json;
using ExecutionPipeline.Messages.Wire;

namespace ExecutionPipeline.Control.Link;

/// <summary>
/// Writes the pipeline's messages as JSON: fields in snake case; times in UTC with microseconds; prices and money as
/// exact decimal numbers; 64-bit ids as strings, since a browser's numbers end at 2^53; what is not given as null.
/// </summary>
public static class MessageJson
{
    private const string TimeFormat = "yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'";

    /// <summary>Writes an object of the message's fields, after what the caller has written of the object.</summary>
    /// <returns>Whether the schema has the message; nothing is written where it has not.</returns>
    public static bool TryWriteFields(Utf8JsonWriter writer, ReadOnlySpan<byte> message)
    {
        ArgumentNullException.ThrowIfNull(writer);
        if (!TryFind(message, out var layout, out var block))
            return false;

        writer.WriteString("type", layout.Name);
        foreach (var field in layout.Fields)
        {
            // A sender of an older version gives fewer fields.
            if (field.Offset + field.Size * field.Count > block.Length)
                continue;

            writer.WritePropertyName(field.Name);
            WriteField(writer, field, block);
        }

        return true;
    }

    /// <summary>A field's value as JSON shows it, without quotes; null: the message does not give it.</summary>
    public static string? TextOf(ReadOnlySpan<byte> message, string name)
    {
        if (!TryFind(message, out var layout, out var block) || layout.Find(name) is not { } field
            || field.Offset + field.Size > block.Length)
            return null;

        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream))
            WriteField(writer, field, block);
        var text = Encoding.UTF8.GetString(stream.ToArray());
        return text == "null" ? null : text.Trim('"');
    }

    /// <summary>A time in nanoseconds since the Unix epoch as text.</summary>
    public static string TimeOf(long timeNs) => DateTime.UnixEpoch
        .AddTicks(timeNs / TimeSpan.NanosecondsPerTick).ToString(TimeFormat, CultureInfo.InvariantCulture);

    /// <summary>A time of the system's clock as text.</summary>
    public static string TimeOf(DateTime time) => time.ToString(TimeFormat, CultureInfo.InvariantCulture);

    private static bool TryFind(ReadOnlySpan<byte> message, out MessageLayout layout, out ReadOnlySpan<byte> block)
    {
        layout = null!;
        block = default;
        if (!MessageHeader.TryRead(message, out var header)
            || MessageSchema.Own.Of(header.TemplateId) is not { } known)
            return false;

        layout = known;
        return MessageHeader.TryGetBlock(message, header.TemplateId, out block);
    }

    private static void WriteField(Utf8JsonWriter writer, MessageField field, ReadOnlySpan<byte> block)
    {
        if (field.Count == 1)
        {
            WriteValue(writer, field, block[field.Offset..]);
            return;
        }

        writer.WriteStartArray();
        for (var i = 0; i < field.Count; i++)
            WriteValue(writer, field, block[(field.Offset + i * field.Size)..]);
        writer.WriteEndArray();
    }

    private static void WriteValue(Utf8JsonWriter writer, MessageField field, ReadOnlySpan<byte> at)
    {
        if (field.Primitive is "double" or "float")
        {
            WriteReal(writer, field.Primitive == "double"
                ? BinaryPrimitives.ReadDoubleLittleEndian(at)
                : BinaryPrimitives.ReadSingleLittleEndian(at));
            return;
        }

        var value = Integer(field.Primitive, at, out var isNull);
        switch (field.Kind)
        {
            case FieldKind.Price when value == long.MinValue:
            case FieldKind.Number or FieldKind.Choice when field.IsOptional && isNull:
                writer.WriteNullValue();
                break;
            case FieldKind.Price:
                writer.WriteNumberValue(value / 1e9m);
                break;
            case FieldKind.Money:
                writer.WriteNumberValue(value / 1e6m);
                break;
            case FieldKind.Time:
                writer.WriteStringValue(TimeOf(value));
                break;
            case FieldKind.Truth:
                writer.WriteBooleanValue(value != 0);
                break;
            case FieldKind.Choice:
                writer.WriteStringValue(field.Words.GetValueOrDefault(value) ?? $"{value}");
                break;
            case FieldKind.Choices:
                WriteChoices(writer, field, value);
                break;
            case FieldKind.Number when field.Primitive == "uint64":
                writer.WriteStringValue(((ulong)value).ToString(CultureInfo.InvariantCulture));
                break;
            default:
                writer.WriteNumberValue(value);
                break;
        }
    }

    private static void WriteChoices(Utf8JsonWriter writer, MessageField field, long value)
    {
        writer.WriteStartArray();
        foreach (var (bit, word) in field.Words)
        {
            if ((value >> (int)bit & 1) != 0)
                writer.WriteStringValue(word);
        }

        writer.WriteEndArray();
    }

    private static void WriteReal(Utf8JsonWriter writer, double value)
    {
        if (double.IsFinite(value))
            writer.WriteNumberValue(value);
        else
            writer.WriteNullValue();
    }

    private static long Integer(string primitive, ReadOnlySpan<byte> at, out bool isNull)
    {
        var (value, none) = primitive switch
        {
            "uint8" => (at[0], byte.MaxValue),
            "int8" => ((sbyte)at[0], sbyte.MinValue),
            "uint16" => (BinaryPrimitives.ReadUInt16LittleEndian(at), ushort.MaxValue),
            "int16" => (BinaryPrimitives.ReadInt16LittleEndian(at), short.MinValue),
            "uint32" => (BinaryPrimitives.ReadUInt32LittleEndian(at), uint.MaxValue),
            "int32" => (BinaryPrimitives.ReadInt32LittleEndian(at), int.MinValue),
            "uint64" => (BinaryPrimitives.ReadInt64LittleEndian(at), -1L),
            _ => (BinaryPrimitives.ReadInt64LittleEndian(at), long.MinValue),
        };
        isNull = value == none;
        return value;
    }
}
