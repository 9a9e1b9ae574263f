using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using ExecutionPipeline.Pipeline.Hosting;
using ExecutionPipeline.Pipeline.Options;

namespace ExecutionPipeline.Pipeline.Configuration;

/// <summary>A key's value, and where it came from.</summary>
/// <param name="Key">As it is written in a file, such as instruments[0].tick_size.</param>
/// <param name="Value">As JSON. A list of single values is one value.</param>
/// <param name="Place">Where it was written.</param>
public sealed record ConfigurationValue(string Key, JsonNode? Value, Place Place);

/// <summary>A configuration that can be used.</summary>
/// <param name="Options">What it says.</param>
/// <param name="Values">Every key with its value, in the order of the sections.</param>
public sealed record LoadedConfiguration(PipelineOptions Options, IReadOnlyList<ConfigurationValue> Values)
{
    /// <summary>What instruments, calendars and limits say together cannot be traded by; null: it can.</summary>
    public ConfigurationProblem? FindMisfit()
    {
        try
        {
            _ = new StageAssembly(Options);
            return null;
        }
        catch (ArgumentException problem)
        {
            return Blame(PipelineConfiguration.WithKeys(problem.Message), Values);
        }
    }

    /// <summary>
    /// A problem of keys that do not go together: the place is that of the first one that the text names and that was
    /// written by somebody.
    /// </summary>
    internal static ConfigurationProblem Blame(string text, IReadOnlyList<ConfigurationValue> values)
    {
        var words = Regex.Matches(text, @"\w+").Select(static word => word.Value).ToHashSet();
        var blamed = values.FirstOrDefault(value => value.Place.Kind != PlaceKind.Default
            && words.Contains(value.Key[(value.Key.LastIndexOf('.') + 1)..]));
        return new ConfigurationProblem(blamed?.Place ?? Place.Default, blamed?.Key ?? "", null, text);
    }
}

/// <summary>
/// Reads a configuration from all its sources. A key that is unknown, a value of the wrong kind, or one out of range is
/// a problem that names file, line, column, key and value, or the variable or option.
/// </summary>
public static class ConfigurationLoader
{
    private const string ExtendsKey = "extends";
    private const int MostFiles = 16;

    /// <summary>Reads it.</summary>
    /// <exception cref="InvalidDataException">It cannot be used; the message is the first problem.</exception>
    /// <exception cref="IOException">A file cannot be read.</exception>
    public static LoadedConfiguration Load(ConfigurationSources sources)
    {
        var problems = new List<ConfigurationProblem>();
        if (TryLoad(sources, problems) is { } loaded)
            return loaded;

        var more = problems.Count > 1 ? $" (and {problems.Count - 1} more: xp config check names them)" : "";
        var source = problems[0].Place.Kind == PlaceKind.Default && sources.Name.Length > 0 ? $"{sources.Name}: " : "";
        throw new InvalidDataException($"{source}{problems[0]}{more}");
    }

    /// <summary>Reads it; null: it cannot be used, and <paramref name="problems"/> says why.</summary>
    /// <exception cref="IOException">A file cannot be read.</exception>
    public static LoadedConfiguration? TryLoad(ConfigurationSources sources, List<ConfigurationProblem> problems)
    {
        ArgumentNullException.ThrowIfNull(sources);
        ArgumentNullException.ThrowIfNull(problems);
        var tree = new ConfigurationTree();
        foreach (var text in sources.Texts)
            Lay(text, tree, problems, []);
        if (sources.File is { } file)
            Lay(ConfigurationText.Open(file), tree, problems, []);
        var variables = new Dictionary<string, string>();
        foreach (var setting in sources.Variables.Concat(sources.Settings))
        {
            if (KeyPath.Find(setting, problems) is { } path && MaySet(setting, path, variables, problems))
                Set(setting, path, tree, problems);
        }

        if (problems.Count > 0)
            return null;

        tree.Complete();
        var values = tree.Values();
        try
        {
            var options = tree.ToJson().Deserialize<PipelineOptions>(PipelineConfiguration.Json)!;
            PipelineConfiguration.Validate(options);
            return new LoadedConfiguration(options, values);
        }
        catch (Exception problem) when (problem is ArgumentException or JsonException)
        {
            problems.Add(LoadedConfiguration.Blame(PipelineConfiguration.WithKeys(problem.Message), values));
            return null;
        }
    }

    /// <summary>
    /// A configuration's file and those that it lies over, as far as they can be read; none for null. What is no file
    /// on a disk, such as a pipe, is not read, since that can be done only once.
    /// </summary>
    public static IReadOnlyList<string> FilesOf(string? file)
    {
        var files = new List<string>();
        AddFiles(file, files);
        return files;
    }

    private static void AddFiles(string? file, List<string> files)
    {
        if (file is null || files.Contains(file) || files.Count == MostFiles)
            return;

        files.Add(file);
        try
        {
            if (new FileInfo(file) is not { Exists: true, Length: > 0 })
                return;

            var text = ConfigurationText.Open(file);
            if (text.Read() is not ObjectNode layer || layer.Find(ExtendsKey) is not ListNode below)
                return;

            foreach (var name in below.Items.OfType<ScalarNode>())
                AddFiles(PathBelow(text.Name, name), files);
        }
        catch (Exception problem)
            when (problem is IOException or UnauthorizedAccessException or ConfigurationSyntaxException)
        {
            // Whoever loads it says so.
        }
    }

    /// <summary>Lays a text over what is there, after the files that it says it lies over.</summary>
    private static void Lay(
        ConfigurationText text, ConfigurationTree tree, List<ConfigurationProblem> problems, List<string> within)
    {
        try
        {
            var node = text.Read();
            new ConfigurationCheck(problems).Check(node, ConfigurationKey.Root, "");
            if (problems.Count > 0 && node is not ObjectNode)
                return;

            var layer = (ObjectNode)node;
            if (layer.Find(ExtendsKey) is ListNode files && problems.Count == 0)
            {
                foreach (var file in files.Items.Cast<ScalarNode>())
                    LayBelow(file, text.Name, tree, problems, [.. within, text.Name]);
            }

            if (problems.Count == 0)
                tree.Lay(layer);
        }
        catch (ConfigurationSyntaxException problem)
        {
            problems.Add(new ConfigurationProblem(problem.Place, "", null, problem.What));
        }
    }

    private static void LayBelow(
        ScalarNode file, string above, ConfigurationTree tree, List<ConfigurationProblem> problems, List<string> within)
    {
        var path = PathBelow(above, file);
        var isCircle = within.Exists(name => Path.GetFullPath(name) == path);
        try
        {
            if (isCircle || within.Count >= MostFiles)
                throw new IOException(isCircle ? "it lies over itself" : $"there are more than {MostFiles} files");

            Lay(ConfigurationText.Open(path), tree, problems, within);
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            problems.Add(new ConfigurationProblem(
                file.Place, ExtendsKey, file.Written, $"{ExtendsKey} names {file.Text}: {problem.Message}"));
        }
    }

    /// <summary>Of a file that another one names.</summary>
    private static string PathBelow(string above, ScalarNode file) =>
        Path.GetFullPath(file.Text, Path.GetDirectoryName(Path.GetFullPath(above)) ?? "/");

    /// <summary>
    /// Files are laid before settings, so none can be named by one; and variables have no order, so that of two that
    /// set the same key nobody could say which one holds.
    /// </summary>
    private static bool MaySet(
        ConfigurationSetting setting, KeyPath path, Dictionary<string, string> variables,
        List<ConfigurationProblem> problems)
    {
        string? problem = null;
        if (path.Steps[0].Name == ExtendsKey)
            problem = $"{ExtendsKey} stands in a file alone";
        else if (setting.Kind == PlaceKind.Variable && !variables.TryAdd(path.Text, setting.Source))
            problem = $"{path.Text} is set by {variables[path.Text]} too: remove one";
        if (problem is null)
            return true;

        problems.Add(new ConfigurationProblem(new Place(setting.Kind, setting.Source), path.Text, null, problem));
        return false;
    }

    private static void Set(
        ConfigurationSetting setting, KeyPath path, ConfigurationTree tree, List<ConfigurationProblem> problems)
    {
        var place = new Place(setting.Kind, setting.Source);
        try
        {
            var value = ValueOf(setting.Value, path.Key, place);
            var known = problems.Count;
            new ConfigurationCheck(problems).Check(value, path.Key, path.Text);
            if (problems.Count == known && tree.Set(path, value) is { } problem)
                problems.Add(new ConfigurationProblem(place, path.Text, setting.Value, problem));
        }
        catch (ConfigurationSyntaxException problem)
        {
            problems.Add(new ConfigurationProblem(place, path.Text, null, $"{path.Text}: {problem.What}"));
        }
    }

    /// <summary>A single value is taken as it is; lists and objects are written as in YAML.</summary>
    private static ConfigurationNode ValueOf(string text, ConfigurationKey key, Place place)
    {
        if (key.IsNullable && text == "null")
            return new ScalarNode(place, text, ScalarKind.Null);
        var isQuoted = text is ['"', .., '"'] or ['\'', .., '\''];
        if (!isQuoted && key.Kind is not (KeyKind.Object or KeyKind.Map or KeyKind.List))
            return new ScalarNode(place, text, ScalarKind.Plain);

        return Moved(YamlText.Read(text, "") ?? new ScalarNode(place, "", ScalarKind.Plain), place);
    }

    /// <summary>The same, all of it at the place of the setting.</summary>
    private static ConfigurationNode Moved(ConfigurationNode node, Place place)
    {
        switch (node)
        {
            case ObjectNode keys:
                var moved = new ObjectNode(place);
                foreach (var entry in keys.Entries)
                    moved.Add(new ConfigurationEntry(entry.Name, place, Moved(entry.Value, place)));
                return moved;
            case ListNode list:
                var items = new ListNode(place);
                items.Items.AddRange(list.Items.Select(item => Moved(item, place)));
                return items;
            default:
                return new ScalarNode(place, ((ScalarNode)node).Text, ((ScalarNode)node).Kind);
        }
    }
}
