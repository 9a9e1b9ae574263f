using System.CommandLine;

namespace ExecutionPipeline.Cli.CommandLine;

/// <summary>An option without a value.</summary>
public sealed class FlagOption : Option<bool>, IOptionHelp
{
    /// <summary>A flag that is off when it is not given.</summary>
    public FlagOption(string name, string description)
        : base(name)
    {
        Description = description;
        Arity = ArgumentArity.Zero;
    }

    /// <inheritdoc/>
    public string ValueHelp => "no value";

    /// <inheritdoc/>
    public string DefaultHelp => "off";
}
