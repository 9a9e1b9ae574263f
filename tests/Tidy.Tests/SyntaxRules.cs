using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace ExecutionPipeline.Tidy.Tests;

/// <summary>Rules that read a file as the compiler does.</summary>
internal static class SyntaxRules
{
    public const int LongestMethodLines = 70;
    public const int LongestHotMethodLines = 25;

    private static readonly string[] HotMethods = ["OnEvent", "DoWork"];

    public static IEnumerable<Violation> LongMethods(SourceFile file)
    {
        foreach (var (name, node) in Methods(file))
        {
            var span = node.GetLocation().GetLineSpan();
            var lines = span.EndLinePosition.Line - span.StartLinePosition.Line + 1;
            var isHot = !file.IsTest && HotMethods.Contains(name);
            if (lines > (isHot ? LongestHotMethodLines : LongestMethodLines))
                yield return new Violation($"{file.Path} {name}", $"{lines} lines from line {SourceFile.LineOf(node)}");
        }
    }

    /// <summary>An exception names a folder whose files are all in the namespace of the folder above it.</summary>
    public static IEnumerable<Violation> Namespaces(SourceFile file)
    {
        var expected = NamespaceOf(file.Path);
        var folder = file.Path[..file.Path.LastIndexOf('/')];
        foreach (var name in file.Syntax.DescendantNodes().OfType<BaseNamespaceDeclarationSyntax>())
        {
            if (name is not FileScopedNamespaceDeclarationSyntax)
                yield return new Violation(file.Path, "the namespace is not file-scoped");
            if (name.Name.ToString() == expected)
                continue;

            var isOfFolderAbove = name.Name.ToString() == expected[..expected.LastIndexOf('.')];
            var detail = $"{file.Path} has namespace {name.Name}, the folder says {expected}";
            yield return new Violation(isOfFolderAbove ? folder : file.Path, detail);
        }
    }

    public static IEnumerable<Violation> Unsafe(SourceFile file)
    {
        var token = file.Syntax.DescendantTokens().FirstOrDefault(token => token.IsKind(SyntaxKind.UnsafeKeyword));
        if (token != default)
            yield return new Violation(file.Path, "unsafe");
    }

    public static IEnumerable<Violation> ForeignCalls(SourceFile file)
    {
        foreach (var attribute in file.Syntax.DescendantNodes().OfType<AttributeSyntax>())
        {
            if (attribute.Name.ToString() is "DllImport" or "LibraryImport")
                yield return new Violation(file.Path, $"line {SourceFile.LineOf(attribute)}: {attribute.Name}");
        }
    }

    /// <summary>Readings of the clock that an operator or the network can step.</summary>
    public static IEnumerable<Violation> SystemTime(SourceFile file)
    {
        string[] readings = ["DateTime.UtcNow", "DateTime.Now", "DateTimeOffset.UtcNow", "DateTimeOffset.Now"];
        foreach (var access in file.Syntax.DescendantNodes().OfType<MemberAccessExpressionSyntax>())
        {
            if (readings.Contains(access.ToString()))
                yield return new Violation(file.Path, $"line {SourceFile.LineOf(access)}: {access}");
        }
    }

    public static IEnumerable<Violation> Sleeps(SourceFile file)
    {
        foreach (var access in file.Syntax.DescendantNodes().OfType<MemberAccessExpressionSyntax>())
        {
            if (access.ToString() is "Thread.Sleep" or "Task.Delay")
                yield return new Violation(file.Path, $"line {SourceFile.LineOf(access)}: {access}");
        }
    }

    /// <summary>Using directives of the libraries whose namespaces depend on who provides them.</summary>
    public static IEnumerable<Violation> LibraryUsings(SourceFile file)
    {
        string[] libraries =
            ["ExecutionPipeline.Disruptor", "ExecutionPipeline.Aeron.Client"];
        foreach (var directive in file.Syntax.DescendantNodes().OfType<UsingDirectiveSyntax>())
        {
            var name = directive.Name?.ToString() ?? "";
            if (libraries.Any(library => name == library || name.StartsWith(library + ".", StringComparison.Ordinal)))
                yield return new Violation(file.Path, $"using {name}");
        }
    }

    private static IEnumerable<(string Name, SyntaxNode Node)> Methods(SourceFile file)
    {
        foreach (var node in file.Syntax.DescendantNodes())
        {
            switch (node)
            {
                case MethodDeclarationSyntax method:
                    yield return (method.Identifier.Text, Trimmed(method));
                    break;
                case ConstructorDeclarationSyntax constructor:
                    yield return (constructor.Identifier.Text, Trimmed(constructor));
                    break;
                case AccessorDeclarationSyntax accessor:
                    yield return (accessor.Keyword.Text, accessor);
                    break;
            }
        }
    }

    // Attributes, which test cases make long, are not the method.
    private static SyntaxNode Trimmed(BaseMethodDeclarationSyntax method) => (SyntaxNode?)method.Body ?? method;

    private static string NamespaceOf(string path)
    {
        var parts = path.Split('/')[1..^1];
        return $"ExecutionPipeline.{string.Join('.', parts)}";
    }
}
