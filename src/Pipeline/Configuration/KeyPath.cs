using System.Globalization;

namespace ExecutionPipeline.Pipeline.Configuration;

/// <summary>The way to a key that a setting names: names of keys, and numbers of a list's entries.</summary>
/// <param name="Steps">Each part with what belongs there.</param>
internal sealed record KeyPath(IReadOnlyList<(string Name, ConfigurationKey Key)> Steps)
{
    private const string Separator = "__";

    /// <summary>What belongs at its end.</summary>
    public ConfigurationKey Key => Steps[^1].Key;

    /// <summary>As it is written in a file.</summary>
    public string Text => TextOf(Steps);

    /// <summary>Follows a setting's key; null: there is no such key, and a problem says so.</summary>
    public static KeyPath? Find(ConfigurationSetting setting, List<ConfigurationProblem> problems)
    {
        var isVariable = setting.Kind == PlaceKind.Variable;
        var parts = isVariable
            ? setting.Key.Split(Separator)
            : setting.Key.Replace("[", ".[", StringComparison.Ordinal).Split('.');
        var steps = new List<(string Name, ConfigurationKey Key)>();
        var owner = ConfigurationKey.Root;
        foreach (var part in parts)
        {
            if (StepOf(owner, part, isVariable) is not { } step)
            {
                problems.Add(ProblemOf(setting, owner, TextOf(steps), part));
                return null;
            }

            steps.Add(step);
            owner = step.Key;
        }

        return new KeyPath(steps);
    }

    private static (string Name, ConfigurationKey Key)? StepOf(ConfigurationKey owner, string part, bool isVariable)
    {
        var key = owner.Kind switch
        {
            KeyKind.Object => owner.Keys.FirstOrDefault(
                key => key.Name == part || (isVariable && IsSame(key.Name, part))),
            KeyKind.Map when part.Length > 0 => owner.Item,
            KeyKind.List when IndexOf(part) >= 0 => owner.Item,
            _ => null,
        };
        return key is null ? null : (owner.Kind == KeyKind.Object ? key.Name : part, key);
    }

    /// <summary>The number of an entry, in brackets or alone; negative: it is none.</summary>
    public static int IndexOf(string part) => int.TryParse(
        part.TrimStart('[').TrimEnd(']'), NumberStyles.None, CultureInfo.InvariantCulture, out var index)
        ? index
        : -1;

    /// <summary>Variables are often written in capitals, and words of a key without what is between them.</summary>
    private static bool IsSame(string name, string part) => Bare(name) == Bare(part);

    private static string Bare(string name) =>
        name.Replace("_", "", StringComparison.Ordinal).ToLowerInvariant();

    private static ConfigurationProblem ProblemOf(
        ConfigurationSetting setting, ConfigurationKey owner, string path, string part)
    {
        var place = new Place(setting.Kind, setting.Source);
        var name = ConfigurationCheck.Below(path, part);
        return owner.Kind switch
        {
            KeyKind.Object => ConfigurationCheck.Unknown(
                place, setting.Kind == PlaceKind.Variable ? name.ToLowerInvariant() : name,
                setting.Kind == PlaceKind.Variable ? part.ToLowerInvariant() : part, owner),
            KeyKind.List => new ConfigurationProblem(
                place, name, null, $"{path} is a list: name an entry by its number, such as {path}[0]"),
            _ => new ConfigurationProblem(place, name, null, $"{path} is {owner.Words}: it has no keys"),
        };
    }

    private static string TextOf(IReadOnlyList<(string Name, ConfigurationKey Key)> steps)
    {
        var path = "";
        foreach (var (name, key) in steps)
        {
            path = key.Path.EndsWith("[]", StringComparison.Ordinal)
                ? $"{path}[{IndexOf(name)}]"
                : ConfigurationCheck.Below(path, name);
        }

        return path;
    }
}
