using System.Xml.Linq;

namespace ExecutionPipeline.Messages.Tests.Conformance;

/// <summary>
/// What the codecs of other languages need of the schema: no name is a keyword, or is a member that the codecs made by
/// sbe-tool have anyway, and everything says what it means.
/// </summary>
public class SchemaNamesTests
{
    private static readonly XElement Root = SbeSchema.Load().Root;

    private static readonly HashSet<string> Keywords =
    [
        // Java.
        .. Words(
            "abstract assert boolean break byte case catch char class const continue default do double else enum " +
            "extends false final finally float for goto if implements import instanceof int interface long native " +
            "new null package private protected public record return sealed short static strictfp super switch " +
            "synchronized this throw throws transient true try var void volatile while yield permits"),
        // C++.
        .. Words(
            "alignas alignof and and_eq asm auto bitand bitor bool char8_t char16_t char32_t co_await co_return " +
            "co_yield compl concept const_cast consteval constexpr constinit decltype delete dynamic_cast explicit " +
            "export extern friend inline mutable namespace noexcept not not_eq nullptr operator or or_eq register " +
            "reinterpret_cast requires signed sizeof static_assert static_cast struct template thread_local typedef " +
            "typeid typename union unsigned using virtual wchar_t xor xor_eq"),
        // C#.
        .. Words(
            "as base checked decimal delegate event fixed foreach implicit in internal is lock object out override " +
            "params readonly ref sbyte stackalloc string uint ulong unchecked unsafe ushort field"),
        // Go, Python and Rust.
        .. Words(
            "chan defer fallthrough func go map range select type def del elif except from global lambda nonlocal " +
            "pass raise with crate dyn fn impl let loop match mod move mut pub self trait unsized use where"),
    ];

    /// <summary>Members of the flyweights, without regard to case: those of C# begin with a capital.</summary>
    private static readonly HashSet<string> Members = new(
        Words(
            "limit offset buffer wrap wrapForEncode wrapForDecode wrapAndApplyHeader encodedLength decodeLength " +
            "computeLength actingBlockLength actingVersion blockLength templateId schemaId schemaVersion " +
            "semanticType semanticVersion sbeBlockLength sbeTemplateId sbeSchemaId sbeSchemaVersion sbeSemanticType " +
            "sbePosition sbeRewind sbeSkip skip size length bufferLength className byteOrder " +
            "toString appendTo equals hashCode getClass getHashCode getType memberwiseClone notify notifyAll wait " +
            "clone finalize nullValue header messageHeader metaAttribute"),
        StringComparer.OrdinalIgnoreCase);

    /// <summary>Members of a set's flyweight, in which each choice is one too; it begins with a small letter.</summary>
    private static readonly HashSet<string> SetMembers =
        [.. Words("wrap buffer offset encodedLength isEmpty clear getRaw setRaw rawValue fieldName appendTo toString")];

    /// <summary>
    /// What the flyweights make of a field's name, so that no other field may be called like it.
    /// </summary>
    private static readonly string[] Suffixes =
    [
        "Id", "SinceVersion", "EncodingOffset", "EncodingLength", "NullValue", "MinValue", "MaxValue", "MetaAttribute",
        "Deprecated", "InActingVersion", "Length", "Raw",
    ];

    [Test]
    public void ShouldClashWithNothingWhenFieldsBecomeMembers()
    {
        Assert.Multiple(() =>
        {
            foreach (var message in SbeSchema.Load().Messages)
            {
                var names = message.Fields.Select(field => field.Name).ToArray();
                var clashes = names.Where(name => Members.Contains(name) || Keywords.Contains(name))
                    .Concat(names.SelectMany(name => Suffixes.Select(suffix => name + suffix)).Where(names.Contains));
                Assert.That(clashes, Is.Empty, message.Name);
                Assert.That(names.Select(name => name.ToUpperInvariant()), Is.Unique, message.Name);
            }
        });
    }

    [Test]
    public void ShouldClashWithNothingWhenValuesBecomeMembers()
    {
        var types = Root.Element("types")!.Elements().ToArray();
        Assert.Multiple(() =>
        {
            foreach (var type in types.Where(type => type.Name.LocalName is "enum" or "set"))
            {
                var names = type.Elements().Select(Name).ToArray();
                var members = type.Name.LocalName == "set" ? names.Select(Camel) : names;
                var clashes = members.Where(name => Keywords.Contains(name) || SetMembers.Contains(name));
                Assert.That(clashes, Is.Empty, Name(type));
                Assert.That(names.Select(name => name.ToUpperInvariant()), Is.Unique, Name(type));
                Assert.That(names, Has.None.EqualTo("NULL_VALUE").And.None.EqualTo("SBE_UNKNOWN"));
            }
        });
    }

    /// <summary>Each type and message becomes a file, and file systems may take capitals for small letters.</summary>
    [Test]
    public void ShouldClashWithNothingWhenTypesAndMessagesBecomeFiles()
    {
        var names = Root.Element("types")!.Elements().Concat(Root.Elements().Skip(1)).Select(Name).ToArray();
        Assert.That(names.Select(name => name.ToUpperInvariant()), Is.Unique);
        Assert.That(names.Where(Keywords.Contains), Is.Empty);
    }

    [Test]
    public void ShouldBeNamedAlikeWhereTheIdIsTheSame()
    {
        var byId = SbeSchema.Load().Messages.SelectMany(message => message.Fields).GroupBy(field => field.Id);
        Assert.Multiple(() =>
        {
            foreach (var fields in byId)
            {
                var names = fields.Select(field => (field.Name, field.Type)).Distinct().ToArray();
                Assert.That(names, Has.Length.EqualTo(1), $"id {fields.Key}");
            }
        });
    }

    [Test]
    public void ShouldSayInASentenceWhatItMeansWhenAnythingIsDescribed()
    {
        var described = Root.DescendantsAndSelf().Where(element => element.Name.LocalName != "types").ToArray();
        Assert.That(described, Has.Length.GreaterThan(300));
        Assert.Multiple(() =>
        {
            foreach (var element in described)
            {
                var description = element.Attribute("description")?.Value;
                var name = $"{element.Name.LocalName} {element.Attribute("name")?.Value}";
                Assert.That(description, Does.Match(@"(?s)^[A-Z].*\.$"), name);
            }
        });
    }

    /// <summary>A reader in another language has nothing else to go by.</summary>
    [Test]
    public void ShouldSayWhatAbsenceMeansWhenAFieldIsOptional()
    {
        Assert.Multiple(() =>
        {
            foreach (var message in SbeSchema.Load().Messages)
            {
                foreach (var field in message.Fields)
                {
                    var word = field.Primitive is "float" or "double" ? "NaN means" : "Null means";
                    if (field.IsOptional)
                        Assert.That(field.Description, Does.Contain(word), $"{message.Name} {field.Name}");
                    else
                        Assert.That(field.Description, Does.Not.Contain(word), $"{message.Name} {field.Name}");
                }
            }
        });
    }

    /// <summary>Numbers that come from outside are held to a range, which the sender has to know.</summary>
    [Test]
    public void ShouldNameTheRangeWhenANumberIsTakenIn()
    {
        var inbound = SbeSchema.Load().Messages.Where(message => message.Id < 100)
            .SelectMany(message => message.Fields)
            .Where(field => field.Type is "uint64" or "int32" or "uint16" or "double" or "Price" or "UtcTimeNs")
            .ToArray();
        Assert.That(inbound, Has.Length.GreaterThan(30));
        Assert.Multiple(() =>
        {
            foreach (var field in inbound)
                Assert.That(field.Description, Does.Match("from |above |at least |at most |after "), field.Name);
        });
    }

    private static IEnumerable<string> Words(string words) => words.Split(' ');

    private static string Camel(string name) => char.ToLowerInvariant(name[0]) + name[1..];

    private static string Name(XElement element) => element.Attribute("name")!.Value;
}
