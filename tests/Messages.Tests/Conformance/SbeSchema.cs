using System.Globalization;
using System.Xml.Linq;

namespace ExecutionPipeline.Messages.Tests.Conformance;

/// <summary>
/// A reader of the schema file that shares nothing with the code under test: what SBE says of offsets, sizes, enums
/// and nulls, worked out from the XML alone.
/// </summary>
internal sealed class SbeSchema
{
    private static readonly XNamespace Sbe = "http://fixprotocol.io/2016/sbe";

    private readonly XElement _types;

    public SbeSchema(XDocument document)
    {
        Root = document.Root!;
        _types = Root.Element("types")!;
        Messages = Root.Elements(Sbe + "message").Select(ReadMessage).ToArray();
    }

    public XElement Root { get; }

    public IReadOnlyList<SbeMessage> Messages { get; }

    public static string FilePath => RepositoryFiles.PathOf(Path.Combine("schemas", "execution-pipeline.xml"));

    public static SbeSchema Load() => new(XDocument.Load(FilePath));

    public SbeMessage Message(string name) => Messages.Single(message => message.Name == name);

    /// <summary>The header's fields in order, with the offsets that follow from their sizes.</summary>
    public IReadOnlyList<SbeField> Header()
    {
        var fields = new List<SbeField>();
        foreach (var type in TypeNamed("messageHeader").Elements("type"))
        {
            var offset = fields.Sum(field => field.Size);
            fields.Add(new SbeField(Text(type, "name"), 0, "", Text(type, "primitiveType"), offset, 1, false, 0, ""));
        }

        return fields;
    }

    /// <summary>Names and values of an enum, or names and bit masks of a set.</summary>
    public Dictionary<string, ulong> Values(string typeName)
    {
        var type = TypeNamed(typeName);
        return type.Name.LocalName == "set"
            ? type.Elements("choice").ToDictionary(e => Text(e, "name"), e => 1ul << Parse(e.Value))
            : type.Elements("validValue").ToDictionary(e => Text(e, "name"), e => (ulong)Parse(e.Value));
    }

    public IEnumerable<string> EnumNames() =>
        _types.Elements().Where(e => e.Name.LocalName is "enum" or "set").Select(e => Text(e, "name"));

    private static string Text(XElement element, string attribute) =>
        element.Attribute(attribute)?.Value ?? throw new FormatException($"No {attribute} in {element}.");

    private static int Parse(string text) => int.Parse(text, CultureInfo.InvariantCulture);

    private SbeMessage ReadMessage(XElement element) => new(
        Text(element, "name"),
        Parse(Text(element, "id")),
        Parse(Text(element, "blockLength")),
        element.Elements("field").Select(ReadField).ToArray());

    private SbeField ReadField(XElement field)
    {
        var typeName = Text(field, "type");
        var (primitive, count, isOptionalType) = Resolve(typeName);
        var isOptional = isOptionalType || field.Attribute("presence")?.Value == "optional";
        var id = Parse(Text(field, "id"));
        var offset = Parse(Text(field, "offset"));
        var since = Parse(field.Attribute("sinceVersion")?.Value ?? "0");
        return new SbeField(
            Text(field, "name"), id, typeName, primitive, offset, count, isOptional, since, Text(field, "description"));
    }

    private (string Primitive, int Count, bool IsOptional) Resolve(string typeName)
    {
        var type = _types.Elements().SingleOrDefault(e => Text(e, "name") == typeName);
        switch (type?.Name.LocalName)
        {
            case null:
                return (typeName, 1, false);
            case "enum" or "set":
                return (Text(type, "encodingType"), 1, false);
            case "composite":
                // A constant is not on the wire.
                type = type.Elements("type").Single(e => e.Attribute("presence")?.Value != "constant");
                break;
        }

        var count = Parse(type.Attribute("length")?.Value ?? "1");
        return (Text(type, "primitiveType"), count, type.Attribute("presence")?.Value == "optional");
    }

    private XElement TypeNamed(string name) => _types.Elements().Single(e => Text(e, "name") == name);
}
