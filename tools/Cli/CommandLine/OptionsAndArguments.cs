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
        CompletionSources.Clear();
        CompletionSources.Add([.. values.Words]);
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

/// <summary>Reads a value from its text, or says in one line what is wrong with the text.</summary>
/// <param name="Help">The unit of the value or the values there are, for the help.</param>
/// <param name="Read">The reading.</param>
public sealed record ValueReader<T>(string Help, Func<string, ReadValue<T>> Read)
{
    /// <summary>The words that it may be, for a shell that completes it; none: it is something else.</summary>
    public IReadOnlyList<string> Words { get; init; } = [];
}

/// <summary>A value that was read, or what was wrong with its text.</summary>
/// <param name="Value">Meaningful where <paramref name="Problem"/> is null.</param>
/// <param name="Problem">One line without the option's name.</param>
public readonly record struct ReadValue<T>(T? Value, string? Problem)
{
    public static ReadValue<T> Of(T value) => new(value, null);

    public static ReadValue<T> Not(string problem) => new(default, problem);
}

/// <summary>
/// An option with one value or several, each of which is checked as it is parsed; none when not given.
/// </summary>
public sealed class ValuesOption<T> : Option<IReadOnlyList<T>>, IOptionHelp
    where T : notnull
{
    /// <summary>An option that has no values when it is not given.</summary>
    /// <param name="name">With its dashes.</param>
    /// <param name="valueName">What the help calls the values.</param>
    /// <param name="description">One sentence, without unit and default.</param>
    /// <param name="values">Reads and checks the text of each.</param>
    /// <param name="defaultHelp">How the help says what holds when the option is not given.</param>
    public ValuesOption(
        string name, string valueName, string description, ValueReader<T?> values, string defaultHelp)
        : base(name)
    {
        Description = description;
        HelpName = valueName;
        ValueHelp = values.Help;
        DefaultHelp = defaultHelp;
        Arity = ArgumentArity.OneOrMore;
        AllowMultipleArgumentsPerToken = true;
        DefaultValueFactory = _ => [];
        CustomParser = result => Read(result, values);
    }

    /// <inheritdoc/>
    public string ValueHelp { get; }

    /// <inheritdoc/>
    public string DefaultHelp { get; }

    private List<T> Read(ArgumentResult result, ValueReader<T?> values)
    {
        var read = new List<T>();
        foreach (var token in result.Tokens)
        {
            var parsed = values.Read(token.Value);
            if (parsed.Problem is not null)
                result.AddError($"{Name}: {parsed.Problem}");
            else if (read.Contains(parsed.Value!))
                result.AddError($"{Name}: '{parsed.Value}' is named twice");
            else
                read.Add(parsed.Value!);
        }

        return read;
    }
}
