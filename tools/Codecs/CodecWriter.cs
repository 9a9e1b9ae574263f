namespace ExecutionPipeline.Codecs;

/// <summary>Writes the layout, the decoder and the encoder of a message.</summary>
internal static class CodecWriter
{
    /// <summary>Where the codecs are, beside what is written by hand: header, block reader and block writer.</summary>
    public const string Namespace = "ExecutionPipeline.Messages.Wire";

    /// <summary>Where enumerations are.</summary>
    public const string EventNamespace = "ExecutionPipeline.Messages.Events";

    public static string Write(SbeMessage message)
    {
        var writer = new SourceWriter();
        writer.Line("#nullable enable");
        writer.Line($"using {EventNamespace};");
        writer.Line();
        writer.Line($"namespace {Namespace};");
        writer.Line();
        WriteLayout(writer, message);
        writer.Line();
        WriteDecoder(writer, message);
        writer.Line();
        WriteEncoder(writer, message);
        return writer.ToString();
    }

    private static void WriteLayout(SourceWriter writer, SbeMessage message)
    {
        writer.Summary($"Where the fields of {message.Name} are in its block, in bytes.");
        writer.Open($"public static class {message.TypeName}Layout");
        writer.Line($"public const ushort TemplateId = {message.Id};");
        writer.Line();
        writer.Summary("Bytes of the block as this version writes it.");
        writer.Line($"public const int BlockLength = {message.BlockLength};");
        writer.Line();
        writer.Summary("Bytes of the block in the version that brought the message: no message of it has fewer.");
        writer.Line($"public const int LeastBlockLength = {message.LeastBlockLength};");
        writer.Line();
        foreach (var field in message.Fields)
        {
            writer.Line($"public const int {field.PropertyName}Offset = {field.Offset};");
            if (field.Type.Kind == SbeTypeKind.Array)
                writer.Line($"public const int {field.PropertyName}Count = {field.Type.Length};");
        }

        writer.Close();
    }

    private static void WriteDecoder(SourceWriter writer, SbeMessage message)
    {
        var name = $"{message.TypeName}Decoder";
        writer.Summary($"{message.Name} read in place: {message.Description}");
        writer.Remarks("A field beyond the end of the block reads as null, a set as empty.");
        writer.Open($"public readonly ref struct {name}");
        writer.Line("private readonly System.ReadOnlySpan<byte> _block;");
        writer.Line();
        writer.Summary("Takes the block of a message whose header has been checked.");
        writer.Line($"public {name}(System.ReadOnlySpan<byte> block) => _block = block;");
        foreach (var field in message.Fields)
        {
            writer.Line();
            Document(writer, field);
            writer.Line(Getter(field, $"{message.TypeName}Layout.{field.PropertyName}"));
        }

        writer.Line();
        writer.Summary("Finds the block of a whole message. False when it is another message or cut short.");
        writer.Open($"public static bool TryWrap(System.ReadOnlySpan<byte> message, out {name} decoder)");
        writer.Line(
            $"var isFound = MessageHeader.TryGetBlock(message, {message.TypeName}Layout.TemplateId, out var block);");
        writer.Line($"decoder = new {name}(block);");
        writer.Line("return isFound;");
        writer.Close();
        writer.Close();
    }

    private static void WriteEncoder(SourceWriter writer, SbeMessage message)
    {
        var (name, layout) = ($"{message.TypeName}Encoder", $"{message.TypeName}Layout");
        writer.Summary($"{message.Name} written in place: {message.Description}");
        writer.Remarks("A field that is not set is 0, or null where it is optional, whatever the buffer held before.");
        writer.Open($"public readonly ref struct {name}");
        writer.Summary("Bytes of the whole message, header included.");
        writer.Line($"public const int EncodedLength = MessageHeader.SizeBytes + {layout}.BlockLength;");
        writer.Line();
        writer.Line("private readonly System.Span<byte> _block;");
        writer.Line();
        writer.Summary("Writes the header and an empty block to the start of the buffer.");
        writer.Line(
            "/// <exception cref=\"System.ArgumentException\">The buffer is shorter than the message.</exception>");
        writer.Open($"public {name}(System.Span<byte> buffer)");
        writer.Line($"_block = MessageHeader.Begin(buffer, {layout}.TemplateId, {layout}.BlockLength);");
        foreach (var field in message.Fields.Where(field => field.IsOptional))
            writer.Line(NullWrite(field, $"{layout}.{field.PropertyName}"));

        writer.Close();
        foreach (var field in message.Fields)
        {
            writer.Line();
            Document(writer, field);
            writer.Line(Setter(field, $"{layout}.{field.PropertyName}"));
        }

        writer.Close();
    }

    private static void Document(SourceWriter writer, SbeField field)
    {
        writer.Summary(field.Description);
        var since = field.SinceVersion == 0 ? "" : $" Senders before version {field.SinceVersion} do not give it.";
        writer.Remarks($"{field.Type.Description}{since}".Trim());
    }

    /// <summary>The constants of the field's layout begin with <paramref name="place"/>.</summary>
    private static string Getter(SbeField field, string place)
    {
        var (type, reader) = (field.Type, field.Type.Primitive.ReaderName);
        var read = $"BlockReader.{reader}(_block, {place}Offset)";
        return type.Kind switch
        {
            SbeTypeKind.Truth => $"public bool {MemberName(field)} => {read} == 1;",
            SbeTypeKind.Enumeration => $"public {type.Name} {MemberName(field)} => ({type.Name}){read};",
            SbeTypeKind.Set => $"public {type.Name} {MemberName(field)} => " +
                $"({type.Name})BlockReader.{reader}Bits(_block, {place}Offset);",
            SbeTypeKind.Array =>
                $"public {type.Primitive.Keyword} Get{SchemaNames.Singular(field.PropertyName)}(int index) => " +
                $"BlockReader.{reader}(_block, {place}Offset, index, {place}Count);",
            _ => $"public {type.Primitive.Keyword} {MemberName(field)} => {read};",
        };
    }

    private static string Setter(SbeField field, string place)
    {
        var (type, keyword) = (field.Type, field.Type.Primitive.Keyword);
        var (member, value) = type.Kind switch
        {
            SbeTypeKind.Truth => ("bool", "(byte)(value ? 1 : 0)"),
            SbeTypeKind.Enumeration or SbeTypeKind.Set => (type.Name, $"({keyword})value"),
            SbeTypeKind.Array => ($"System.ReadOnlySpan<{keyword}>", $"value, {place}Count"),
            _ => (keyword, "value"),
        };
        return $"public {member} {MemberName(field)} {{ set => BlockWriter.Write(_block, {place}Offset, {value}); }}";
    }

    private static string NullWrite(SbeField field, string place) => field.Type.Kind == SbeTypeKind.Array
        ? $"BlockWriter.FillNull(_block, {place}Offset, {place}Count);"
        : $"BlockWriter.Write(_block, {place}Offset, WireNull.{field.Type.Primitive.ReaderName});";

    /// <summary>A truth value asks a question; a decimal names its power of ten.</summary>
    public static string MemberName(SbeField field) => field.Type.Kind switch
    {
        SbeTypeKind.Truth => $"Is{field.PropertyName}",
        SbeTypeKind.Decimal => $"{field.PropertyName}E{-field.Type.Exponent}",
        _ => field.PropertyName,
    };
}
