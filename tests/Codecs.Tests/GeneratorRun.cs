using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Text;

namespace ExecutionPipeline.Codecs.Tests;

/// <summary>What the generator makes of a schema, compiled together with the hand-written part of the codecs.</summary>
internal sealed record GeneratorRun(
    Compilation Compilation, IReadOnlyList<string> Sources, ImmutableArray<Diagnostic> Faults)
{
    private const string Usings = "global using System;";

    public static string ProjectSchema =>
        File.ReadAllText(RepositoryFiles.PathOf(Path.Combine("schemas", "execution-pipeline.xml")));

    public IEnumerable<Diagnostic> Errors => Faults.Concat(Compilation.GetDiagnostics())
        .Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error);

    public static GeneratorRun Of(string schema)
    {
        var driver = Driver(schema, trackSteps: false)
            .RunGeneratorsAndUpdateCompilation(Compile(), out var compilation, out var faults);
        var sources = driver.GetRunResult().GeneratedTrees.Select(tree => tree.ToString()).ToArray();
        return new GeneratorRun(compilation, sources, faults);
    }

    /// <summary>Why each output of a second run, after which only code had changed, is what it is.</summary>
    public static IReadOnlyList<IncrementalStepRunReason> ReasonsOfASecondRun(string schema)
    {
        var compilation = Compile();
        var driver = Driver(schema, trackSteps: true).RunGenerators(compilation);
        driver = driver.RunGenerators(compilation.AddSyntaxTrees(CSharpSyntaxTree.ParseText("class Other;")));
        return [.. driver.GetRunResult().Results.Single().TrackedOutputSteps.SelectMany(step => step.Value)
            .SelectMany(step => step.Outputs).Select(output => output.Reason)];
    }

    private static GeneratorDriver Driver(string schema, bool trackSteps) => CSharpGeneratorDriver.Create(
        [new CodecGenerator().AsSourceGenerator()],
        [new SchemaText(schema)],
        driverOptions: new GeneratorDriverOptions(IncrementalGeneratorOutputKind.None, trackSteps));

    private static CSharpCompilation Compile()
    {
        var wire = Directory.GetFiles(RepositoryFiles.PathOf(Path.Combine("src", "Messages", "Wire")), "*.cs");
        var trees = wire.Select(File.ReadAllText).Append(Usings).Select(text => CSharpSyntaxTree.ParseText(text));
        var platform = ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
            .Where(path => Path.GetFileName(path).StartsWith("System.", StringComparison.Ordinal))
            .Select(path => MetadataReference.CreateFromFile(path));
        return CSharpCompilation.Create(
            "Generated", trees, platform, new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary));
    }

    private sealed class SchemaText(string text) : AdditionalText
    {
        public override string Path => "schemas/schema.xml";

        public override SourceText GetText(CancellationToken cancellationToken = default) => SourceText.From(text);
    }
}
