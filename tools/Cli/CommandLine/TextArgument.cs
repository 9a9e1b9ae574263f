using System.CommandLine;

namespace ExecutionPipeline.Cli.CommandLine;

/// <summary>An argument that is no path.</summary>
public sealed class TextArgument : Argument<string?>, IOptionHelp
{
    /// <param name="name">As the help calls it.</param>
    /// <param name="description">One sentence.</param>
    /// <param name="valueHelp">The values there are.</param>
    /// <param name="defaultValue">Taken when it is not given; null: it must be.</param>
    public TextArgument(string name, string description, string valueHelp, string? defaultValue)
        : base(name)
    {
        Description = description;
        ValueHelp = valueHelp;
        DefaultHelp = defaultValue ?? "none, it must be given";
        Arity = defaultValue is null ? ArgumentArity.ExactlyOne : ArgumentArity.ZeroOrOne;
        if (defaultValue is not null)
            DefaultValueFactory = _ => defaultValue;
    }

    /// <inheritdoc/>
    public string ValueHelp { get; }

    /// <inheritdoc/>
    public string DefaultHelp { get; }
}
