using System.Collections;

namespace ExecutionPipeline.Pipeline.Configuration;

/// <summary>A key that an environment variable or an option sets, over what the files say.</summary>
/// <param name="Kind">A variable or an option.</param>
/// <param name="Source">Its name.</param>
/// <param name="Key">Of an option: as in a file, such as limits.max_position or instruments[0].symbol.</param>
/// <param name="Value">A single value as it is, a list or an object as in YAML: [0, 1].</param>
public sealed record ConfigurationSetting(PlaceKind Kind, string Source, string Key, string Value)
{
    /// <summary>What an option of the command line sets.</summary>
    public static ConfigurationSetting Option(string option, string key, string value) =>
        new(PlaceKind.Option, option, key, value);

    /// <summary>What KEY=VALUE sets.</summary>
    /// <exception cref="FormatException">It is none.</exception>
    public static ConfigurationSetting Parse(string option, string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var end = text.IndexOf('=', StringComparison.Ordinal);
        return end > 0
            ? Option(option, text[..end].Trim(), text[(end + 1)..])
            : throw new FormatException($"{option}: '{text}' is not KEY=VALUE");
    }

    /// <summary>The key alone: the value may be long, or not for everybody's eyes.</summary>
    public override string ToString() => Key;
}

/// <summary>
/// What a configuration is read from: the options' defaults, texts that a program brings along, a file with the files
/// that it lies over, environment variables, options. Each lies over those before it, key by key; a list is one value.
/// </summary>
public sealed record ConfigurationSources
{
    /// <summary>What the names of variables begin with.</summary>
    public const string VariablePrefix = "XP__";

    /// <summary>What a program brings along, below the file.</summary>
    public IReadOnlyList<ConfigurationText> Texts { get; init; } = [];

    /// <summary>The file; null: there is none.</summary>
    public string? File { get; init; }

    /// <summary>XP__SECTION__KEY and their values.</summary>
    public IReadOnlyList<ConfigurationSetting> Variables { get; init; } = [];

    /// <summary>What the command line sets.</summary>
    public IReadOnlyList<ConfigurationSetting> Settings { get; init; } = [];

    /// <summary>What a message calls it.</summary>
    public string Name => File ?? (Texts.Count > 0 ? Texts[^1].Name : "the options' defaults");

    /// <summary>The variables of this process that set keys, in the order of their names.</summary>
    public static IReadOnlyList<ConfigurationSetting> OwnVariables() =>
        VariablesOf(Environment.GetEnvironmentVariables());

    /// <summary>The variables among some that set keys, in the order of their names.</summary>
    public static IReadOnlyList<ConfigurationSetting> VariablesOf(IDictionary variables) =>
    [
        .. variables.Cast<DictionaryEntry>()
            .Select(static pair => (Name: (string)pair.Key, Value: (string?)pair.Value ?? ""))
            .Where(static pair => pair.Name.StartsWith(VariablePrefix, StringComparison.Ordinal))
            .OrderBy(static pair => pair.Name, StringComparer.Ordinal)
            .Select(static pair => new ConfigurationSetting(
                PlaceKind.Variable, pair.Name, pair.Name[VariablePrefix.Length..], pair.Value)),
    ];
}
