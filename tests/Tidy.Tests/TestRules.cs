using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace ExecutionPipeline.Tidy.Tests;

/// <summary>Rules for tests.</summary>
internal static partial class TestRules
{
    private static readonly string[] TestAttributes = ["Test", "TestCase", "TestCaseSource", "Theory"];
    private static readonly string[] Verdicts =
        ["Assert.Pass", "Assert.Ignore", "Assert.Inconclusive", "Assert.Warn"];

    /// <summary>A test is named after what the code should do.</summary>
    public static IEnumerable<Violation> Names(SourceFile file) =>
        from method in file.Syntax.DescendantNodes().OfType<MethodDeclarationSyntax>()
        where AttributesOf(method.AttributeLists).Any(attribute => TestAttributes.Contains(attribute.Name.ToString()))
        where !NamePattern().IsMatch(method.Identifier.Text)
        select new Violation($"{file.Path} {method.Identifier.Text}", $"line {SourceFile.LineOf(method)}");

    /// <summary>A test that does not judge says why to whoever runs it; none is switched off for good.</summary>
    public static IEnumerable<Violation> SilentSkips(SourceFile file)
    {
        foreach (var node in file.Syntax.DescendantNodes())
        {
            var skip = node switch
            {
                InvocationExpressionSyntax call when IsSilentVerdict(call) => call.Expression.ToString(),
                AttributeSyntax { Name: var name } when name.ToString() is "Ignore" or "Explicit" => $"[{name}]",
                _ => null,
            };
            if (skip != null)
                yield return new Violation(file.Path, $"line {SourceFile.LineOf(node)}: {skip}");
        }
    }

    private static bool IsSilentVerdict(InvocationExpressionSyntax call) =>
        call.Expression.ToString() == "Assert.Pass"
        || (Verdicts.Contains(call.Expression.ToString()) && !call.ArgumentList.Arguments.Any(HasText));

    private static bool HasText(ArgumentSyntax argument) => argument.Expression switch
    {
        LiteralExpressionSyntax literal => !string.IsNullOrWhiteSpace(literal.Token.ValueText),
        _ => true,
    };

    private static IEnumerable<AttributeSyntax> AttributesOf(
        Microsoft.CodeAnalysis.SyntaxList<AttributeListSyntax> lists) => lists.SelectMany(list => list.Attributes);

    [GeneratedRegex("^Should[A-Z]")]
    private static partial Regex NamePattern();
}
