using System.CommandLine;

namespace ExecutionPipeline.Cli.CommandLine;

/// <summary>Arguments that are paths.</summary>
public static class PathArguments
{
    /// <summary>An argument that must be a file that is there.</summary>
    public static Argument<string?> ExistingFile(string name, string description) => new(name)
    {
        Description = description,
        CustomParser = result =>
        {
            var read = Paths.ExistingFile.Read(result.Tokens[0].Value);
            if (read.Problem is null)
                return read.Value;

            result.AddError($"{name}: {read.Problem}");
            return null;
        },
    };
}
