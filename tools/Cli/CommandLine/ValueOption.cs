using System.CommandLine;
using System.CommandLine.Parsing;

namespace ExecutionPipeline.Cli.CommandLine;

/// <summary>An option with one value, whose text is checked as it is parsed.</summary>
public sealed class ValueOption<T> : Option<T>, IOptionHelp
{
    /// <summary>An option that keeps <paramref name="defaultValue"/> when it is not given.</summary>
    /// <param name="name">With its dashes.</param>
    /// <param name="valueName">What the help calls the value.</param>
    /// <param name="description">One sentence, without unit and default.</param>
    /// <param name="values">Reads and checks the text.</param>
    /// <param name="defaultValue">What holds when the option is not given.</param>
    /// <param name="defaultHelp">How the help says that.</param>
    public ValueOption(
        string name, string valueName, string description, ValueReader<T> values, T defaultValue, string defaultHelp)
        : base(name)
    {
        Description = description;
        HelpName = valueName;
        ValueHelp = values.Help;
        DefaultHelp = defaultHelp;
        DefaultValueFactory = _ => defaultValue;
        CustomParser = result => Read(result, values);
    }

    /// <inheritdoc/>
    public string ValueHelp { get; }

    /// <inheritdoc/>
    public string DefaultHelp { get; }

    private T? Read(ArgumentResult result, ValueReader<T> values)
    {
        var parsed = values.Read(result.Tokens[0].Value);
        if (parsed.Problem is null)
            return parsed.Value;

        result.AddError($"{Name}: {parsed.Problem}");
        return default;
    }
}
