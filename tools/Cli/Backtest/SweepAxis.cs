using ExecutionPipeline.Cli.CommandLine;
using ExecutionPipeline.Execution.Algorithms;
using ExecutionPipeline.Pipeline.Configuration;

namespace ExecutionPipeline.Cli.Backtest;

/// <summary>A key of the configuration, and the values that a sweep gives it.</summary>
/// <param name="Key">With dots between its parts; or <see cref="StrategyKey"/>.</param>
/// <param name="Values">At least one, as they are written in JSON; texts may be without quotation marks.</param>
public sealed record SweepAxis(string Key, IReadOnlyList<string> Values)
{
    /// <summary>Not a key of the configuration: every decision is executed by the strategy that is named.</summary>
    public const string StrategyKey = "strategy";

    /// <summary>Reads KEY=V,V; strategy without values stands for all of them.</summary>
    public static ValueReader<SweepAxis?> Reader { get; } =
        new("unit: a key such as execution.passive_share, and its values", Read);

    private static ReadValue<SweepAxis?> Read(string text)
    {
        var end = text.IndexOf('=', StringComparison.Ordinal);
        var key = end < 0 ? text : text[..end];
        string[] values = end < 0 ? [] : text[(end + 1)..].Split(',', StringSplitOptions.TrimEntries);
        if (key == StrategyKey && end < 0)
            values = [.. StrategyNames.All];
        if (key.Length == 0 || values.Length == 0 || values.Contains(""))
            return ReadValue<SweepAxis?>.Not($"'{text}' is not a key, an equals sign and values with commas between");
        if (values.Distinct().Count() < values.Length)
            return ReadValue<SweepAxis?>.Not($"'{text}' names a value twice");

        var unknown = values.FirstOrDefault(value => key == StrategyKey && !StrategyNames.TryParse(value, out _));
        return unknown is null
            ? ReadValue<SweepAxis?>.Of(new SweepAxis(key, values))
            : ReadValue<SweepAxis?>.Not($"'{unknown}' is none of {string.Join(", ", StrategyNames.All)}");
    }
}

/// <summary>One value of one key.</summary>
/// <param name="Key">As in <see cref="SweepAxis"/>.</param>
/// <param name="Value">As it is written in JSON.</param>
/// <param name="IsVaried">Whether the sweep has other values of the key too.</param>
public sealed record SweepSetting(string Key, string Value, bool IsVaried)
{
    /// <summary>What it sets in the configuration.</summary>
    public IEnumerable<ConfigurationSetting> Settings() => Key == SweepAxis.StrategyKey
        ? StrategyNames.All.Select(name => ConfigurationSetting.Option("strategy", $"execution.replace.{name}", Value))
        : [ConfigurationSetting.Option("--set", Key, Value)];
}

/// <summary>The settings of a sweep's runs that differ in the seed alone.</summary>
/// <param name="Settings">In the order in which they were given.</param>
public sealed record SweepVariant(IReadOnlyList<SweepSetting> Settings)
{
    /// <summary>What sets it apart from the others.</summary>
    public string Name
    {
        get
        {
            var varied = Settings.Where(static setting => setting.IsVaried).ToArray();
            return varied switch
            {
                [] => "as configured",
                [var one] when one.Key == SweepAxis.StrategyKey => one.Value,
                _ => string.Join(", ", varied.Select(static one => $"{one.Key}={one.Value}")),
            };
        }
    }

    /// <summary>What they set in the configuration.</summary>
    public IReadOnlyList<ConfigurationSetting> ConfigurationSettings() =>
        [.. Settings.SelectMany(static setting => setting.Settings())];
}
