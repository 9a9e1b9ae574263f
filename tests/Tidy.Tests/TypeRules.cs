using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace ExecutionPipeline.Tidy.Tests;

/// <summary>Rules for how types are spread over files.</summary>
internal static class TypeRules
{
    /// <summary>
    /// Types with parts in several files. A generator's part is not among the sources, so a type that is partial for
    /// its sake alone is in one file. An exception names the folder and the type.
    /// </summary>
    public static IEnumerable<Violation> TypesInSeveralFiles(IEnumerable<SourceFile> files) =>
        from file in files
        from type in file.Syntax.DescendantNodes().OfType<TypeDeclarationSyntax>()
        where type.Modifiers.Any(SyntaxKind.PartialKeyword)
        group file.Path[(file.Path.LastIndexOf('/') + 1)..] by $"{FolderOf(file)} {NameOf(type)}"
        into parts
        where parts.Distinct().Count() > 1
        select new Violation(parts.Key, $"parts in {string.Join(", ", parts.Distinct())}");

    private static string FolderOf(SourceFile file) => file.Path[..file.Path.LastIndexOf('/')];

    // With the types around it and the count of its type parameters, as `Ring`1.Scope`.
    private static string NameOf(TypeDeclarationSyntax type) =>
        string.Join('.', type.AncestorsAndSelf().OfType<TypeDeclarationSyntax>().Reverse().Select(OwnNameOf));

    private static string OwnNameOf(TypeDeclarationSyntax type) =>
        type.TypeParameterList is { } list ? $"{type.Identifier.Text}`{list.Parameters.Count}" : type.Identifier.Text;
}
