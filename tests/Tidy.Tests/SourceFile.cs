using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace ExecutionPipeline.Tidy.Tests;

/// <summary>A C# file of the repository.</summary>
internal sealed class SourceFile
{
    private readonly Lazy<CompilationUnitSyntax> _syntax;

    private SourceFile(string path, string text)
    {
        Path = path;
        Text = text;
        Lines = text.Split('\n');
        _syntax = new Lazy<CompilationUnitSyntax>(() => CSharpSyntaxTree.ParseText(text).GetCompilationUnitRoot());
    }

    /// <summary>From the repository's root, with forward slashes.</summary>
    public string Path { get; }

    public string Text { get; }

    public IReadOnlyList<string> Lines { get; }

    public CompilationUnitSyntax Syntax => _syntax.Value;

    public bool IsTest => Path.StartsWith("tests/", StringComparison.Ordinal);

    public static SourceFile Of(string path, string text) => new(path, text);

    /// <summary>The line of a piece of syntax, counted from 1.</summary>
    public static int LineOf(Microsoft.CodeAnalysis.SyntaxNode node) =>
        node.GetLocation().GetLineSpan().StartLinePosition.Line + 1;

    public override string ToString() => Path;
}
