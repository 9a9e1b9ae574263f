using System.Globalization;
using System.Text.RegularExpressions;
using System.Xml;
using System.Xml.Linq;

namespace ExecutionPipeline.Codecs;

/// <summary>A fault of the schema file, with the line that it is on, counted from 1; 0 when there is none.</summary>
internal sealed class SchemaException(string message, int line) : Exception(message)
{
    public int Line => line;
}

/// <summary>
/// Reads an SBE schema of fixed-size, little-endian messages. What the codecs do not support is refused, and so are
/// fields that overlap or are not aligned, and whatever has no description.
/// </summary>
internal sealed class SchemaReader
{
    private const string TruthType = "BooleanType";
    private const int BlockAlignment = 8;
    private static readonly XNamespace Sbe = "http://fixprotocol.io/2016/sbe";

    private readonly Dictionary<string, XElement> _types = [];
    private readonly XElement _root;

    private SchemaReader(XElement root) => _root = root;

    /// <summary>The schema that the text is.</summary>
    /// <exception cref="SchemaException">It is no XML, no schema, or none that the codecs support.</exception>
    public static SbeSchema Read(string text)
    {
        try
        {
            return new SchemaReader(XDocument.Parse(text, LoadOptions.SetLineInfo).Root!).Read();
        }
        catch (XmlException e)
        {
            throw new SchemaException(e.Message, e.LineNumber);
        }
    }

    private SbeSchema Read()
    {
        if (_root.Name != Sbe + "messageSchema")
            throw Fault(_root, $"the root is {_root.Name.LocalName}, not sbe:messageSchema");
        if ((_root.Attribute("byteOrder")?.Value ?? "littleEndian") != "littleEndian")
            throw Fault(_root, "the byte order is not littleEndian");

        foreach (var type in _root.Elements("types").Elements())
        {
            var name = Text(type, "name");
            if (_types.ContainsKey(name))
                throw Fault(type, $"type {name} is there twice");

            _types.Add(name, type);
        }

        var enums = _types.Values.Where(type => type.Name.LocalName is "enum" or "set")
            .Where(type => Text(type, "name") != TruthType).Select(ReadEnum).ToArray();
        var messages = _root.Elements(Sbe + "message").Select(ReadMessage).ToArray();
        CheckUnique(_root, messages.Select(message => message.Id), "template id");
        CheckUnique(_root, messages.Select(message => message.TypeName), "message");
        return new SbeSchema(Number(_root, "id"), Number(_root, "version"), enums, messages);
    }

    private static SbeEnum ReadEnum(XElement element)
    {
        var isSet = element.Name.LocalName == "set";
        var values = element.Elements().Select(ReadValue).ToArray();
        CheckUnique(element, values.Select(value => value.Number), "value");
        CheckUnique(element, values.Select(value => value.Name), "name");
        var primitive = Primitive(element, Text(element, "encodingType"));
        var end = isSet ? 8 * primitive.Size : 1L << (8 * primitive.Size);
        if (values.Any(value => value.Number < 0 || value.Number >= end))
            throw Fault(element, $"a value does not fit {primitive.Name}");

        return new SbeEnum(Text(element, "name"), Description(element), primitive, isSet, values);
    }

    private static SbeValue ReadValue(XElement element) =>
        new(Text(element, "name"), Description(element), Parse(element, element.Value));

    private SbeMessage ReadMessage(XElement element)
    {
        var other = element.Elements().FirstOrDefault(child => child.Name.LocalName != "field");
        if (other is not null)
            throw Fault(other, $"{other.Name.LocalName} is not supported: messages are of a fixed size");

        var fields = element.Elements().Select(ReadField).ToArray();
        CheckUnique(element, fields.Select(field => field.Id), "field id");
        CheckUnique(element, fields.Select(field => field.PropertyName), "field");
        var blockLength = Number(element, "blockLength");
        CheckLayout(element, fields, blockLength);
        var firstEnd = fields.Where(field => field.SinceVersion == 0).Select(field => field.End).DefaultIfEmpty().Max();
        var least = (firstEnd + BlockAlignment - 1) / BlockAlignment * BlockAlignment;
        return new SbeMessage(
            Text(element, "name"), Description(element), Number(element, "id"), blockLength, least, fields);
    }

    private static void CheckLayout(XElement message, SbeField[] fields, int blockLength)
    {
        var end = 0;
        foreach (var (field, element) in fields.Zip(message.Elements(), (field, element) => (field, element)))
        {
            if (field.Offset < end)
                throw Fault(element, $"field {field.Name} begins at {field.Offset}, before the one before it ends");
            if (field.Offset % field.Type.Primitive.Size != 0)
                throw Fault(element, $"field {field.Name} at {field.Offset} is not aligned to its size");

            end = field.End;
            if (end > blockLength)
                throw Fault(element, $"field {field.Name} ends at {end}, after the block of {blockLength} bytes");
        }

        if (blockLength % BlockAlignment != 0)
            throw Fault(message, $"the block of {blockLength} bytes is no multiple of {BlockAlignment}");
    }

    private SbeField ReadField(XElement element)
    {
        var type = ResolveType(element, Text(element, "type"));
        return new SbeField(
            Text(element, "name"),
            Description(element),
            Number(element, "id"),
            Number(element, "offset"),
            element.Attribute("sinceVersion") is null ? 0 : Number(element, "sinceVersion"),
            type,
            type.IsOptional || IsOptional(element));
    }

    private SbeType ResolveType(XElement field, string name)
    {
        if (!_types.TryGetValue(name, out var type))
            return new SbeType(name, "", SbeTypeKind.Number, Primitive(field, name), isOptional: false);

        var description = Description(type);
        switch (type.Name.LocalName)
        {
            case "enum":
            case "set":
                var isSet = type.Name.LocalName == "set";
                var kind = name == TruthType ? SbeTypeKind.Truth : isSet ? SbeTypeKind.Set : SbeTypeKind.Enumeration;
                return new SbeType(name, description, kind, Primitive(type, Text(type, "encodingType")), false);
            case "composite":
                return ReadDecimal(type, description);
            default:
                var primitive = Primitive(type, Text(type, "primitiveType"));
                var length = type.Attribute("length") is null ? 1 : Number(type, "length");
                return new SbeType(
                    name,
                    description,
                    length == 1 ? SbeTypeKind.Number : SbeTypeKind.Array,
                    primitive,
                    IsOptional(type),
                    length);
        }
    }

    private static SbeType ReadDecimal(XElement composite, string description)
    {
        var parts = composite.Elements("type").ToArray();
        if (parts.Length != 2 || Text(parts[0], "name") != "mantissa" || Text(parts[1], "name") != "exponent" ||
            parts[1].Attribute("presence")?.Value != "constant")
        {
            throw Fault(composite, "a field's composite has to be a mantissa and a constant exponent");
        }

        return new SbeType(
            Text(composite, "name"),
            description,
            SbeTypeKind.Decimal,
            Primitive(parts[0], Text(parts[0], "primitiveType")),
            IsOptional(parts[0]),
            exponent: Parse(parts[1], parts[1].Value));
    }

    private static bool IsOptional(XElement element) => element.Attribute("presence")?.Value == "optional";

    private static SbePrimitive Primitive(XElement element, string name) =>
        SbePrimitive.Find(name) ?? throw Fault(element, $"there is no type {name}, or it is not supported");

    private static string Description(XElement element) =>
        Regex.Replace(Text(element, "description").Trim(), @"\s+", " ");

    private static string Text(XElement element, string attribute)
    {
        var value = element.Attribute(attribute)?.Value;
        return string.IsNullOrWhiteSpace(value)
            ? throw Fault(element, $"{element.Name.LocalName} {element.Attribute("name")?.Value} has no {attribute}")
            : value!;
    }

    private static int Number(XElement element, string attribute) => Parse(element, Text(element, attribute));

    private static int Parse(XElement element, string text) =>
        int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
            ? number
            : throw Fault(element, $"\"{text}\" is no number");

    private static void CheckUnique<T>(XElement element, IEnumerable<T> values, string what)
    {
        var twice = values.GroupBy(value => value).FirstOrDefault(group => group.Count() > 1);
        if (twice is not null)
            throw Fault(element, $"{what} {twice.Key} is there twice");
    }

    private static SchemaException Fault(XElement element, string message) =>
        new(message, ((IXmlLineInfo)element).LineNumber);
}
