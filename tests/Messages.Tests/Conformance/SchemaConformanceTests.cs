using System.Reflection;
using ExecutionPipeline.Messages.Events;
using ExecutionPipeline.Messages.Ingress;
using ExecutionPipeline.Messages.Wire;
using WireSchema = ExecutionPipeline.Messages.Wire.Schema;

namespace ExecutionPipeline.Messages.Tests.Conformance;

/// <summary>What the code says of the wire is what the schema file says.</summary>
public class SchemaConformanceTests
{
    private static readonly SbeSchema Schema = SbeSchema.Load();
    private static readonly Assembly Code = typeof(MessageHeader).Assembly;

    private static IEnumerable<string> MessageNames() => Schema.Messages.Select(message => message.Name);

    [Test]
    public void ShouldHaveTheSchemasIdentityWhenComparedWithTheFile()
    {
        Assert.Multiple(() =>
        {
            Assert.That(Schema.Root.Attribute("id")!.Value, Is.EqualTo(WireSchema.Id.ToString()));
            Assert.That(Schema.Root.Attribute("version")!.Value, Is.EqualTo(WireSchema.Version.ToString()));
            Assert.That(Schema.Root.Attribute("byteOrder")!.Value, Is.EqualTo("littleEndian"));
            Assert.That(Schema.Root.Attribute("headerType")!.Value, Is.EqualTo("messageHeader"));
        });
    }

    [Test]
    public void ShouldPlaceHeaderFieldsWhereTheSchemaDoes()
    {
        var header = Schema.Header();
        var expected = new[]
        {
            ("blockLength", MessageHeader.BlockLengthOffset), ("templateId", MessageHeader.TemplateIdOffset),
            ("schemaId", MessageHeader.SchemaIdOffset), ("version", MessageHeader.VersionOffset),
        };
        Assert.Multiple(() =>
        {
            Assert.That(header.Select(field => (field.Name, field.Offset)), Is.EqualTo(expected));
            Assert.That(header.Select(field => field.Primitive), Is.All.EqualTo("uint16"));
            Assert.That(header.Sum(field => field.Size), Is.EqualTo(MessageHeader.SizeBytes));
        });
    }

    [Test]
    public void ShouldHaveOneLayoutForEachMessageWhenTypesAreListed()
    {
        var layouts = Code.GetTypes().Where(type => type.Namespace == typeof(MessageHeader).Namespace)
            .Where(type => type.Name.EndsWith("Layout", StringComparison.Ordinal)).Select(type => type.Name);
        Assert.That(layouts, Is.EquivalentTo(MessageNames().Select(LayoutName)));
    }

    [TestCaseSource(nameof(MessageNames))]
    public void ShouldPlaceEachFieldWhereTheSchemaDoesWhenLayoutIsCompared(string messageName)
    {
        var message = Schema.Message(messageName);
        var constants = Constants(messageName);
        var expected = message.Fields.ToDictionary(field => Pascal(field.Name) + "Offset", field => field.Offset);
        expected.Add("TemplateId", message.Id);
        expected.Add("BlockLength", message.BlockLength);
        expected.Add("LeastBlockLength", (message.FirstEnd + 7) / 8 * 8);
        foreach (var array in message.Fields.Where(field => field.Count > 1))
            expected.Add(Pascal(array.Name) + "Count", array.Count);

        Assert.That(constants, Is.EquivalentTo(expected));
    }

    [TestCaseSource(nameof(MessageNames))]
    public void ShouldAlignFieldsNaturallyWithoutOverlapWhenBlockIsLaidOut(string messageName)
    {
        var message = Schema.Message(messageName);
        var end = 0;
        Assert.Multiple(() =>
        {
            foreach (var field in message.Fields)
            {
                Assert.That(field.Offset, Is.GreaterThanOrEqualTo(end), $"{field.Name} overlaps the one before it");
                Assert.That(field.Offset % field.PrimitiveSize, Is.Zero, $"{field.Name} is not aligned");
                end = field.End;
            }

            Assert.That(message.BlockLength, Is.GreaterThanOrEqualTo(end).And.LessThan(end + 8));
            Assert.That(message.BlockLength % 8, Is.Zero, "a block that follows would not be aligned");
            Assert.That(message.Fields.Select(field => field.Id), Is.Unique);
        });
    }

    [Test]
    public void ShouldHaveTheSchemasValuesWhenEnumsAreCompared()
    {
        Assert.Multiple(() =>
        {
            foreach (var name in Schema.EnumNames().Where(name => name != "BooleanType"))
            {
                var type = Code.GetTypes().Single(candidate => candidate.IsEnum && candidate.Name == name);
                var values = Enum.GetNames(type).ToDictionary(
                    member => member, member => Convert.ToUInt64(Enum.Parse(type, member)));
                if (type.IsDefined(typeof(FlagsAttribute)))
                    values.Remove("None");

                Assert.That(values, Is.EquivalentTo(Schema.Values(name)), name);
            }
        });
    }

    [Test]
    public void ShouldNameFieldsByTheSchemasIdsWhenSomethingIsRefused()
    {
        var fields = Schema.Messages.OrderBy(message => message.Id).SelectMany(message => message.Fields);
        var ids = fields.DistinctBy(field => field.Name).Select(field => (Pascal(field.Name), field.Id));
        var header = Schema.Header().Select((field, index) => (Pascal(field.Name), index + 1));
        var named = Enum.GetValues<RejectField>().Where(field => field != RejectField.None)
            .Select(field => (field.ToString(), (int)field));

        Assert.That(named, Is.EquivalentTo(header.Concat(ids)));
    }

    private static string LayoutName(string messageName) =>
        string.Concat(messageName.Split('_').Select(word => word[0] + word[1..].ToLowerInvariant())) + "Layout";

    private static string Pascal(string name) => char.ToUpperInvariant(name[0]) + name[1..];

    private static Dictionary<string, int> Constants(string messageName) =>
        Code.GetType($"{typeof(MessageHeader).Namespace}.{LayoutName(messageName)}", throwOnError: true)!
            .GetFields().ToDictionary(field => field.Name, field => Convert.ToInt32(field.GetRawConstantValue()));
}
