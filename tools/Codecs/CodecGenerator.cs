using System.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Text;

namespace ExecutionPipeline.Codecs;

/// <summary>
/// Makes codecs and enumerations from the message schema that a project names as an additional file. A fault of the
/// schema is an error of the build, on the schema's line.
/// </summary>
[Generator(LanguageNames.CSharp)]
public sealed class CodecGenerator : IIncrementalGenerator
{
    private static readonly DiagnosticDescriptor Fault = new(
        "SBE001", "The message schema is faulty", "{0}", "Schema", DiagnosticSeverity.Error, isEnabledByDefault: true);

    public void Initialize(IncrementalGeneratorInitializationContext context)
    {
        var schemas = context.AdditionalTextsProvider
            .Where(file => file.Path.EndsWith(".xml", StringComparison.OrdinalIgnoreCase))
            .Select((file, cancellation) => (file.Path, Text: file.GetText(cancellation)?.ToString() ?? ""));
        context.RegisterSourceOutput(schemas, static (output, schema) => Generate(output, schema.Path, schema.Text));
    }

    private static void Generate(SourceProductionContext output, string path, string text)
    {
        try
        {
            var schema = SchemaReader.Read(text);
            Add(output, "Schema", EnumWriter.WriteSchema(schema));
            Add(output, "Enumerations", EnumWriter.WriteEnums(schema));
            Add(output, "RejectField", EnumWriter.WriteFieldIds(schema));
            foreach (var message in schema.Messages)
                Add(output, message.TypeName, CodecWriter.Write(message));
            Add(output, "WireFields", FieldsWriter.Write(schema.Messages));
        }
        catch (SchemaException e)
        {
            var start = new LinePosition(Math.Max(0, e.Line - 1), 0);
            var location = Location.Create(path, default, new LinePositionSpan(start, start));
            output.ReportDiagnostic(Diagnostic.Create(Fault, location, e.Message));
        }
    }

    private static void Add(SourceProductionContext output, string name, string source) =>
        output.AddSource($"{name}.g.cs", SourceText.From(source, Encoding.UTF8));
}
