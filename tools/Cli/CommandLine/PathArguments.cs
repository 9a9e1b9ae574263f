using System.CommandLine;
using System.CommandLine.Parsing;

namespace ExecutionPipeline.Cli.CommandLine;

/// <summary>Arguments that are paths.</summary>
public static class PathArguments
{
    /// <summary>An argument that must be a file that is there.</summary>
    public static Argument<string?> ExistingFile(string name, string description) => new(name)
    {
        Description = description,
        CustomParser = result => Read(result, result.Tokens[0].Value),
    };

    /// <summary>An argument that must be one or more files that are there.</summary>
    public static Argument<string[]> ExistingFiles(string name, string description) => new(name)
    {
        Description = description,
        Arity = ArgumentArity.OneOrMore,
        CustomParser = result => [.. result.Tokens.Select(token => Read(result, token.Value) ?? "")],
    };

    private static string? Read(ArgumentResult result, string text)
    {
        var read = Paths.ExistingFile.Read(text);
        if (read.Problem is null)
            return read.Value;

        result.AddError($"{result.Argument.Name}: {read.Problem}");
        return null;
    }
}
