using Microsoft.CodeAnalysis;

namespace ExecutionPipeline.Codecs.Tests;

public class CodecGeneratorTests
{
    [Test]
    public void ShouldCompileWhenTheProjectsSchemaIsGiven()
    {
        var result = GeneratorRun.Of(GeneratorRun.ProjectSchema);
        Assert.That(result.Errors, Is.Empty);
    }

    [Test]
    public void ShouldMakeLayoutDecoderAndEncoderWhenAMessageIsAdded()
    {
        const string message = """
              <sbe:message name="NEW_THING" id="99" blockLength="24" description="Something new.">
                <field name="thingId" id="97" type="uint64" offset="0" description="Its id."/>
                <field name="level" id="98" type="Price" offset="8" description="Its level. Null means none."/>
                <field name="bought" id="99" type="BooleanType" offset="16" description="Whether it was bought."/>
              </sbe:message>
            """;
        var result = GeneratorRun.Of(GeneratorRun.ProjectSchema.Replace(
            "</sbe:messageSchema>", message + "\n</sbe:messageSchema>", StringComparison.Ordinal));
        var type = result.Compilation.GetTypeByMetadataName("ExecutionPipeline.Messages.Wire.NewThingDecoder")!;
        var layout = result.Compilation.GetTypeByMetadataName("ExecutionPipeline.Messages.Wire.NewThingLayout")!;
        Assert.Multiple(() =>
        {
            Assert.That(result.Errors, Is.Empty);
            Assert.That(
                type.GetMembers().OfType<IPropertySymbol>().Select(property => $"{property.Type} {property.Name}"),
                Is.EqualTo(new[] { "ulong ThingId", "long LevelE9", "bool IsBought" }));
            Assert.That(
                layout.GetMembers().OfType<IFieldSymbol>()
                    .Select(field => (field.Name, Convert.ToInt32(field.ConstantValue))),
                Is.EqualTo(new[]
                {
                    ("TemplateId", 99), ("BlockLength", 24), ("LeastBlockLength", 24), ("ThingIdOffset", 0),
                    ("LevelOffset", 8), ("BoughtOffset", 16),
                }));
            Assert.That(
                result.Compilation.GetTypeByMetadataName("ExecutionPipeline.Messages.Wire.NewThingEncoder"),
                Is.Not.Null);
            Assert.That(
                result.Compilation.GetTypeByMetadataName("ExecutionPipeline.Messages.Events.RejectField")!
                    .GetMembers("ThingId").OfType<IFieldSymbol>().Single().ConstantValue,
                Is.EqualTo(97));
        });
    }

    [Test]
    public void ShouldTakeTheSchemasWordsForDocumentationWhenCodecsAreMade()
    {
        var source = GeneratorRun.Of(Schemas.Minimal).Sources.Single(text => text.Contains("struct ThingDecoder"));
        Assert.That(source, Does.Contain("/// <summary>Contracts &amp; more, at least 0.</summary>"));
    }

    [Test]
    public void ShouldKeepTheFirstVersionsBlockLengthWhenAFieldIsAppended()
    {
        const string late = """
            <field name="late" id="8" type="int64" offset="8" sinceVersion="2" description="Late."/>
            """;
        var schema = Schemas.Minimal
            .Replace("blockLength=\"8\"", "blockLength=\"16\"", StringComparison.Ordinal)
            .Replace("</sbe:message>", late + "</sbe:message>", StringComparison.Ordinal);
        var source = GeneratorRun.Of(schema).Sources.Single(text => text.Contains("struct ThingDecoder"));
        Assert.That(source, Does.Contain("BlockLength = 16;").And.Contain("LeastBlockLength = 8;"));
    }

    [Test]
    public void ShouldReuseWhatItMadeWhenOnlyCodeChanges()
    {
        var reasons = GeneratorRun.ReasonsOfASecondRun(Schemas.Minimal);
        Assert.That(reasons, Is.Not.Empty.And.All.AnyOf(
            IncrementalStepRunReason.Cached, IncrementalStepRunReason.Unchanged));
    }

    [TestCaseSource(typeof(Schemas), nameof(Schemas.Faults))]
    public void ShouldSayWhatAndWhereWhenTheSchemaIsFaulty(string from, string to, string message, int line)
    {
        var schema = Schemas.Minimal.Replace(from, to, StringComparison.Ordinal);
        Assert.That(schema, Is.Not.EqualTo(Schemas.Minimal), "the fault is in the schema");

        var fault = GeneratorRun.Of(schema).Faults.Single();
        Assert.Multiple(() =>
        {
            Assert.That(fault.Id, Is.EqualTo("SBE001"));
            Assert.That(fault.Severity, Is.EqualTo(DiagnosticSeverity.Error));
            Assert.That(fault.GetMessage(), Does.Contain(message));
            Assert.That(fault.Location.GetLineSpan().Path, Does.EndWith("schema.xml"));
            Assert.That(fault.Location.GetLineSpan().StartLinePosition.Line + 1, Is.EqualTo(line));
        });
    }
}
