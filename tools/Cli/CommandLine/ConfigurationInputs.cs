using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using ExecutionPipeline.Pipeline.Configuration;

namespace ExecutionPipeline.Cli.CommandLine;

/// <summary>What a command line says of the configuration beside its file.</summary>
public static class ConfigurationInputs
{
    /// <summary>The option that sets keys, over the file and the environment.</summary>
    public static ValuesOption<ConfigurationSetting> Set() => new(
        "--set", "KEY=VALUE", "Sets keys of the configuration, over its file and XP__ variables.",
        new ValueReader<ConfigurationSetting?>("unit: a key such as limits.max_position, and its value", Read),
        "nothing");

    /// <summary>What an option sets where it is given; nothing where it is not.</summary>
    public static IEnumerable<ConfigurationSetting> Given<T>(ParseResult parsed, Option<T> option, string key)
    {
        ArgumentNullException.ThrowIfNull(parsed);
        ArgumentNullException.ThrowIfNull(option);
        return parsed.GetResult(option) is { Implicit: false }
            ? [ConfigurationSetting.Option(option.Name, key, TextOf(parsed.GetValue(option)))]
            : [];
    }

    /// <summary>Adds the options that set the same keys to a child's command line.</summary>
    public static void AddTo(List<string> arguments, IReadOnlyList<ConfigurationSetting> settings)
    {
        if (settings.Count > 0)
            arguments.AddRange(["--set", .. settings.Select(static setting => $"{setting.Key}={setting.Value}")]);
    }

    /// <summary>The configuration that the sources say.</summary>
    /// <exception cref="UsageException">It cannot be used.</exception>
    public static LoadedConfiguration Load(ConfigurationSources sources)
    {
        try
        {
            return ConfigurationLoader.Load(sources);
        }
        catch (Exception problem) when (problem is InvalidDataException or IOException or UnauthorizedAccessException)
        {
            throw new UsageException(problem.Message);
        }
    }

    private static string TextOf<T>(T value) => value switch
    {
        Enum word => JsonNamingPolicy.SnakeCaseLower.ConvertName(word.ToString()),
        _ => Convert.ToString(value, CultureInfo.InvariantCulture) ?? "",
    };

    private static ReadValue<ConfigurationSetting?> Read(string text) => text.IndexOf('=', StringComparison.Ordinal) > 0
        ? ReadValue<ConfigurationSetting?>.Of(ConfigurationSetting.Parse("--set", text))
        : ReadValue<ConfigurationSetting?>.Not($"'{text}' is not KEY=VALUE");
}
