using System.Text.Json;
using System.Xml.Linq;
using ExecutionPipeline.Execution.Algorithms;
using ExecutionPipeline.Messages.Wire;

namespace ExecutionPipeline.Control.Link;

/// <summary>
/// The pipeline's messages as the schema describes them, which is built in: names and places of their fields, so that
/// every message is written for people and machines in one way, and none is forgotten.
/// </summary>
public sealed class MessageSchema
{
    private const string ResourceName = "ExecutionPipeline.Control.schema.xml";

    private readonly Dictionary<int, MessageLayout> _layouts;

    private MessageSchema(Dictionary<int, MessageLayout> layouts) => _layouts = layouts;

    /// <summary>The schema that this program was built with.</summary>
    public static MessageSchema Own { get; } = Load();

    /// <summary>A message's layout by its template; null: the schema has none.</summary>
    public MessageLayout? Of(int template) => _layouts.GetValueOrDefault(template);

    /// <summary>A message's layout by its name; null: the schema has none.</summary>
    public MessageLayout? Find(string name) => _layouts.Values.FirstOrDefault(
        layout => string.Equals(layout.Name, name, StringComparison.OrdinalIgnoreCase));

    private static MessageSchema Load()
    {
        using var stream = typeof(MessageSchema).Assembly.GetManifestResourceStream(ResourceName)!;
        var root = XElement.Load(stream);
        var types = root.Element("types")!.Elements().ToDictionary(NameOf, static type => type);
        var layouts = root.Elements().Where(static element => element.Name.LocalName == "message")
            .Select(message => new MessageLayout(
                NameOf(message),
                NumberOf(message, "id"),
                [.. message.Elements("field").Select(field => FieldOf(field, types))]))
            .ToDictionary(static layout => layout.Template);
        return new MessageSchema(layouts);
    }

    private static MessageField FieldOf(XElement field, Dictionary<string, XElement> types)
    {
        var (name, typeName) = (NameOf(field), field.Attribute("type")!.Value);
        var type = types.GetValueOrDefault(typeName);
        var isOptional = field.Attribute("presence")?.Value == "optional";
        var isTime = typeName == "UtcTimeNs";
        return new MessageField
        {
            Name = JsonNamingPolicy.SnakeCaseLower.ConvertName(isTime ? name[..^2] : name),
            Number = NumberOf(field, "id"),
            Offset = NumberOf(field, "offset"),
            IsOptional = isOptional,
            Primitive = PrimitiveOf(type, typeName),
            Count = type?.Attribute("length") is { } length ? int.Parse(length.Value) : 1,
            Kind = isTime ? FieldKind.Time : KindOf(type, typeName),
            Words = type is null ? [] : WordsOf(type, typeName),
        };
    }

    private static string PrimitiveOf(XElement? type, string typeName) => type?.Name.LocalName switch
    {
        null => typeName,
        "composite" => "int64",
        "enum" or "set" => type.Attribute("encodingType")!.Value,
        _ => type.Attribute("primitiveType")!.Value,
    };

    private static FieldKind KindOf(XElement? type, string typeName) => (type?.Name.LocalName, typeName) switch
    {
        (_, "Price") => FieldKind.Price,
        (_, "Money") => FieldKind.Money,
        (_, "BooleanType") => FieldKind.Truth,
        ("enum", _) => FieldKind.Choice,
        ("set", _) => FieldKind.Choices,
        _ => FieldKind.Number,
    };

    private static Dictionary<long, string> WordsOf(XElement type, string typeName) => type.Elements()
        .Where(static value => value.Name.LocalName is "validValue" or "choice")
        .ToDictionary(
            static value => long.Parse(value.Value),
            value => typeName == nameof(ExecutionStrategy)
                ? StrategyNames.NameOf((ExecutionStrategy)long.Parse(value.Value))
                : JsonNamingPolicy.SnakeCaseLower.ConvertName(NameOf(value)));

    private static string NameOf(XElement element) => element.Attribute("name")!.Value;

    private static int NumberOf(XElement element, string name) => int.Parse(element.Attribute(name)!.Value);
}

/// <summary>A message of the schema.</summary>
/// <param name="Name">As the schema writes it, for instance TRADE_CLOSED.</param>
/// <param name="Template">Its number.</param>
/// <param name="Fields">In the order of the schema.</param>
public sealed record MessageLayout(string Name, int Template, IReadOnlyList<MessageField> Fields)
{
    /// <summary>A field by its name in snake case; null: there is none.</summary>
    public MessageField? Find(string name) => Fields.FirstOrDefault(field => field.Name == name);
}

/// <summary>How a field's number is to be read.</summary>
public enum FieldKind
{
    Number,

    /// <summary>In 1e-9; the least int64 is no price.</summary>
    Price,

    /// <summary>In 1e-6.</summary>
    Money,

    /// <summary>In nanoseconds since the Unix epoch.</summary>
    Time,

    Truth,

    /// <summary>One of the words.</summary>
    Choice,

    /// <summary>Any of the words, a bit each.</summary>
    Choices,
}

/// <summary>A field of a message.</summary>
public sealed record MessageField
{
    /// <summary>In snake case; the ending that says nanoseconds is left out of a time.</summary>
    public required string Name { get; init; }

    /// <summary>The field's id in the schema.</summary>
    public required int Number { get; init; }

    /// <summary>Where it begins in the block.</summary>
    public required int Offset { get; init; }

    /// <summary>Whether its type's null means that it is not given.</summary>
    public required bool IsOptional { get; init; }

    /// <summary>The schema's primitive type.</summary>
    public required string Primitive { get; init; }

    /// <summary>How many there are, one after the other.</summary>
    public required int Count { get; init; }

    public required FieldKind Kind { get; init; }

    /// <summary>Names of the values or bits, in snake case; execution strategies have their own.</summary>
    public required IReadOnlyDictionary<long, string> Words { get; init; }

    /// <summary>Bytes of one value.</summary>
    public int Size => Primitive switch
    {
        "uint8" or "int8" or "char" => 1,
        "uint16" or "int16" => 2,
        "uint32" or "int32" or "float" => 4,
        _ => 8,
    };
}
