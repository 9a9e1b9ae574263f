using ExecutionPipeline.Pipeline.Options;

namespace ExecutionPipeline.Pipeline.Configuration;

/// <summary>Holds what was written against the schema, and names everything that does not fit.</summary>
/// <param name="problems">Takes what does not fit.</param>
internal sealed class ConfigurationCheck(List<ConfigurationProblem> problems)
{
    private const string Whole = "the configuration";

    /// <summary>Checks a value and what is below it.</summary>
    /// <param name="node">The value.</param>
    /// <param name="key">What it should be.</param>
    /// <param name="path">The key as it was written.</param>
    public void Check(ConfigurationNode node, ConfigurationKey key, string path)
    {
        if (key.IsNullable && node is ScalarNode { Kind: ScalarKind.Null })
            return;

        if (key.IsSecret && node is not ObjectNode)
        {
            // What stands there may be the secret.
            problems.Add(new ConfigurationProblem(node.Place, path, null, $"{path} is a secret, which is written in no "
                + "configuration: name where it is kept, by file, environment or credential"));
            return;
        }

        switch (key.Kind, node)
        {
            case (KeyKind.Object, ObjectNode keys):
                CheckObject(keys, key, path);
                break;
            case (KeyKind.Map, ObjectNode names):
                CheckTwice(names, path);
                foreach (var entry in names.Entries)
                    Check(entry.Value, key.Item!, Below(path, entry.Name));
                break;
            case (KeyKind.List, ListNode list):
                for (var i = 0; i < list.Items.Count; i++)
                    Check(list.Items[i], key.Item!, $"{path}[{i}]");
                break;
            case (not (KeyKind.Object or KeyKind.Map or KeyKind.List), ScalarNode scalar):
                CheckScalar(scalar, key, path);
                break;
            default:
                Refuse(node, path, key.Words);
                break;
        }
    }

    /// <summary>A key below another one, as it is written.</summary>
    public static string Below(string path, string name) => path.Length == 0 ? name : $"{path}.{name}";

    private void CheckObject(ObjectNode node, ConfigurationKey key, string path)
    {
        CheckTwice(node, path);
        foreach (var entry in node.Entries)
        {
            if (key.Find(entry.Name) is { } known)
                Check(entry.Value, known, Below(path, entry.Name));
            else
                problems.Add(Unknown(entry.Place, Below(path, entry.Name), entry.Name, key));
        }

        foreach (var missing in key.Keys.Where(one => one.IsRequired && node.Find(one.Name) is null))
        {
            var name = Below(path, missing.Name);
            problems.Add(new ConfigurationProblem(
                node.Place, name, null, $"{name} is missing: it must be {missing.Words}"));
        }
    }

    /// <summary>That there is no such key, and which one was probably meant.</summary>
    public static ConfigurationProblem Unknown(Place place, string path, string name, ConfigurationKey owner)
    {
        var names = owner.Keys.Select(static key => key.Name).ToArray();
        return new ConfigurationProblem(
            place, path, null, $"there is no key {path}{Suggestion.For(name, names)}", Suggestion.Nearest(name, names));
    }

    private void CheckTwice(ObjectNode node, string path)
    {
        var names = new HashSet<string>();
        foreach (var entry in node.Entries.Where(entry => !names.Add(entry.Name)))
        {
            var name = Below(path, entry.Name);
            problems.Add(new ConfigurationProblem(entry.Place, name, null, $"{name} is written twice"));
        }
    }

    private void CheckScalar(ScalarNode node, ConfigurationKey key, string path)
    {
        if (!ScalarValues.TryRead(node, key, out _))
            Refuse(node, path, key.Range is { } range ? $"{key.Words}, {range}" : key.Words);
        else if (key.Range is { } range && !range.Has(ScalarValues.Magnitude(node.Text)))
            Refuse(node, path, range.ToString());
    }

    private void Refuse(ConfigurationNode node, string path, string expected)
    {
        var name = path.Length == 0 ? Whole : path;
        problems.Add(new ConfigurationProblem(
            node.Place, path, node.Written, $"{name} is {node.Written}: it must be {expected}"));
    }
}
