using System.Globalization;

namespace ExecutionPipeline.Codecs;

/// <summary>Writes what lists a message's fields by the schema's names, for people and for comparisons.</summary>
internal static class FieldsWriter
{
    private const string Pair = "System.Collections.Generic.KeyValuePair<string, object?>";

    public static string Write(IReadOnlyList<SbeMessage> messages)
    {
        var writer = new SourceWriter();
        writer.Line("#nullable enable");
        writer.Line($"using {CodecWriter.EventNamespace};");
        writer.Line();
        writer.Line($"namespace {CodecWriter.Namespace};");
        writer.Line();
        writer.Summary("Messages as lists of fields by the schema's names. It allocates: not for the hot path.");
        writer.Open("public static class WireFields");
        WriteOf(writer, messages);
        foreach (var message in messages)
        {
            writer.Line();
            WriteFields(writer, message);
        }

        writer.Close();
        return writer.ToString();
    }

    private static void WriteOf(SourceWriter writer, IReadOnlyList<SbeMessage> messages)
    {
        writer.Summary("The name of a whole message, and its fields in the schema's order; a null one has no value.");
        writer.Remarks("Null where it is no message of the schema or is cut short.");
        writer.Open(
            $"public static (string Name, {Pair}[] Fields)? Of(System.ReadOnlySpan<byte> message)");
        foreach (var message in messages)
        {
            var local = $"m{message.Id.ToString(CultureInfo.InvariantCulture)}";
            writer.Line($"if ({message.TypeName}Decoder.TryWrap(message, out var {local}))");
            writer.Line($"    return (\"{message.Name}\", FieldsOf({local}));");
        }

        writer.Line("return null;");
        writer.Close();
    }

    private static void WriteFields(SourceWriter writer, SbeMessage message)
    {
        writer.Line($"private static {Pair}[] FieldsOf({message.TypeName}Decoder m) =>");
        writer.Line("[");
        foreach (var field in message.Fields)
        {
            if (field.Type.Kind != SbeTypeKind.Array)
                writer.Line($"    new(\"{field.Name}\", {ValueOf(field)}),");
            for (var i = 0; field.Type.Kind == SbeTypeKind.Array && i < field.Type.Length; i++)
            {
                var index = i.ToString(CultureInfo.InvariantCulture);
                var read = $"m.Get{SchemaNames.Singular(field.PropertyName)}({index})";
                writer.Line($"    new(\"{field.Name}[{index}]\", {OrNull(field, read, read)}),");
            }
        }

        writer.Line("];");
    }

    private static string ValueOf(SbeField field)
    {
        var read = $"m.{CodecWriter.MemberName(field)}";
        return field.Type.Kind switch
        {
            SbeTypeKind.Decimal => OrNull(
                field, read, $"{read} * 1e{field.Type.Exponent.ToString(CultureInfo.InvariantCulture)}m"),
            SbeTypeKind.Number => OrNull(field, read, read),
            _ => read,
        };
    }

    private static string OrNull(SbeField field, string read, string value) => field.Type.Primitive.Keyword switch
    {
        "float" or "double" => $"{field.Type.Primitive.Keyword}.IsNaN({read}) ? null : (object)({value})",
        _ when field.IsOptional || field.Type.IsOptional =>
            $"{read} == WireNull.{field.Type.Primitive.ReaderName} ? null : (object)({value})",
        _ => value,
    };
}
