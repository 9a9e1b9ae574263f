namespace ExecutionPipeline.Codecs;

/// <summary>Writes the schema's identity, its enumerations and sets, and the names of its fields.</summary>
internal static class EnumWriter
{
    /// <summary>The class with the schema's identity.</summary>
    public static string WriteSchema(SbeSchema schema)
    {
        var writer = new SourceWriter();
        writer.Line($"namespace {CodecWriter.Namespace};");
        writer.Line();
        writer.Summary("The identity of the message schema.");
        writer.Open("public static class Schema");
        writer.Line($"public const ushort Id = {schema.Id};");
        writer.Line();
        writer.Summary("The newest version that this code knows.");
        writer.Line($"public const ushort Version = {schema.Version};");
        writer.Line();
        writer.Summary("Bytes of the longest message that this version writes, header included.");
        var longest = schema.Messages.Select(message => message.BlockLength).DefaultIfEmpty().Max();
        writer.Line($"public const int MaxEncodedLength = MessageHeader.SizeBytes + {longest};");
        writer.Close();
        return writer.ToString();
    }

    /// <summary>Every enumeration and set of the schema.</summary>
    public static string WriteEnums(SbeSchema schema)
    {
        var writer = new SourceWriter();
        writer.Line($"namespace {CodecWriter.EventNamespace};");
        foreach (var type in schema.Enums)
        {
            writer.Line();
            writer.Summary(type.Description);
            writer.Remarks(type.IsSet ? "The bits are those of the SBE set." : "The values are those of the SBE enum.");
            if (type.IsSet)
                writer.Line("[System.Flags]");

            writer.Open($"public enum {type.Name} : {type.Primitive.Keyword}");
            if (type.IsSet)
                WriteMember(writer, "None", "None of them.", "0");

            foreach (var value in type.Values)
            {
                var number = type.IsSet ? $"0x{1ul << value.Number:X}" : $"{value.Number}";
                WriteMember(writer, value.Name, value.Description, number);
            }

            writer.Close();
        }

        return writer.ToString();
    }

    /// <summary>The ids by which a refusal names the field that is to blame.</summary>
    public static string WriteFieldIds(SbeSchema schema)
    {
        var writer = new SourceWriter();
        writer.Line($"namespace {CodecWriter.EventNamespace};");
        writer.Line();
        writer.Summary("The field that kept a message or a report from passing ingress.");
        writer.Remarks(
            "The values are the field ids of the schema; 1 to 4 are those of the message header, in its order. Where " +
            "two messages have a field of the same name and another id, the name is that of the lower template.");
        writer.Open("public enum RejectField : ushort");
        WriteMember(writer, "None", "No single field is to blame.", "0");
        var number = 1;
        foreach (var name in new[] { "BlockLength", "TemplateId", "SchemaId", "Version" })
            WriteMember(writer, name, "A field of the message header.", $"{number++}");

        var fields = schema.Messages.OrderBy(message => message.Id).SelectMany(message => message.Fields);
        foreach (var field in fields.GroupBy(field => field.PropertyName).Select(group => group.First()))
            WriteMember(writer, field.PropertyName, field.Description, $"{field.Id}");

        writer.Close();
        return writer.ToString();
    }

    private static void WriteMember(SourceWriter writer, string name, string description, string value)
    {
        writer.Summary(description);
        writer.Line($"{name} = {value},");
        writer.Line();
    }
}
