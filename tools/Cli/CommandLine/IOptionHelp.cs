namespace ExecutionPipeline.Cli.CommandLine;

/// <summary>What the help says of an option beside its description.</summary>
public interface IOptionHelp
{
    /// <summary>
    /// The unit of the value or the values there are, for instance "unit: events/s" or "one of: a, b".
    /// </summary>
    string ValueHelp { get; }

    /// <summary>What holds when the option is not given.</summary>
    string DefaultHelp { get; }
}
