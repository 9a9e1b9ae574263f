using System.Text.Json;
using System.Text.Json.Nodes;
using ExecutionPipeline.Pipeline.Options;

namespace ExecutionPipeline.Pipeline.Configuration;

/// <summary>The layers of a configuration, laid over each other; each value keeps its place.</summary>
internal sealed class ConfigurationTree
{
    private readonly ObjectNode _root = (ObjectNode)DefaultsOf(typeof(PipelineOptions));

    /// <summary>Lays keys over those that are there. What is laid over them must have been checked.</summary>
    public void Lay(ObjectNode layer) => Merge(_root, layer);

    /// <summary>
    /// Sets one key; an object is laid over the one that is there, as those of files are. Returns what is wrong with
    /// its path; null: nothing.
    /// </summary>
    public string? Set(KeyPath path, ConfigurationNode value)
    {
        ConfigurationNode owner = _root;
        for (var i = 0; i < path.Steps.Count; i++)
        {
            var (name, key) = path.Steps[i];
            var isLast = i == path.Steps.Count - 1;
            var existing = Child(owner, name);
            if (isLast && existing is ObjectNode below && value is ObjectNode above)
            {
                Merge(below, above);
                return null;
            }

            var next = isLast ? value
                : existing is ObjectNode or ListNode ? existing
                : key.Kind == KeyKind.List ? new ListNode(value.Place)
                : new ObjectNode(value.Place);
            if (owner is ObjectNode keys)
                keys.Set(new ConfigurationEntry(name, value.Place, next));
            else if (!TryPut((ListNode)owner, KeyPath.IndexOf(name), next))
                return $"{path.Text}: the list has {((ListNode)owner).Items.Count} entries, which are numbered from 0";
            owner = next;
        }

        return null;
    }

    /// <summary>Gives each entry of a list the defaults of what it leaves out.</summary>
    public void Complete() => Complete(_root, ConfigurationKey.Root);

    /// <summary>Everything as JSON.</summary>
    public JsonNode ToJson() => ToJson(_root, ConfigurationKey.Root)!;

    /// <summary>Each value with its place, in the order of the sections.</summary>
    public IReadOnlyList<ConfigurationValue> Values()
    {
        var values = new List<ConfigurationValue>();
        Collect(_root, ConfigurationKey.Root, "", values);
        return values;
    }

    private static void Merge(ObjectNode lower, ObjectNode upper)
    {
        foreach (var entry in upper.Entries)
        {
            if (entry.Value is ObjectNode above && lower.Find(entry.Name) is ObjectNode below)
                Merge(below, above);
            else
                lower.Set(entry);
        }
    }

    private static ConfigurationNode? Child(ConfigurationNode owner, string name)
    {
        if (owner is ObjectNode keys)
            return keys.Find(name);

        var items = ((ListNode)owner).Items;
        var index = KeyPath.IndexOf(name);
        return index < items.Count ? items[index] : null;
    }

    /// <summary>Replaces an entry, or adds one after the last.</summary>
    private static bool TryPut(ListNode list, int index, ConfigurationNode value)
    {
        if (index > list.Items.Count)
            return false;

        if (index == list.Items.Count)
            list.Items.Add(value);
        else
            list.Items[index] = value;
        return true;
    }

    private static void Complete(ConfigurationNode node, ConfigurationKey key)
    {
        if (node is ListNode list && key.Item is { Kind: KeyKind.Object } item)
        {
            for (var i = 0; i < list.Items.Count; i++)
            {
                var whole = (ObjectNode)DefaultsOf(item.Type);
                Merge(whole, (ObjectNode)list.Items[i]);
                list.Items[i] = whole;
                Complete(whole, item);
            }
        }
        else if (node is ObjectNode keys && key.Kind == KeyKind.Object)
        {
            foreach (var entry in keys.Entries)
                Complete(entry.Value, key.Find(entry.Name)!);
        }
    }

    private static JsonNode? ToJson(ConfigurationNode node, ConfigurationKey key)
    {
        switch (node)
        {
            case ObjectNode keys:
                var result = new JsonObject();
                foreach (var entry in keys.Entries)
                    result[entry.Name] = ToJson(entry.Value, key.Item ?? key.Find(entry.Name)!);
                return result;
            case ListNode list:
                return new JsonArray([.. list.Items.Select(item => ToJson(item, key.Item!))]);
            default:
                ScalarValues.TryRead((ScalarNode)node, key, out var value);
                return value;
        }
    }

    private static void Collect(
        ConfigurationNode node, ConfigurationKey key, string path, List<ConfigurationValue> values)
    {
        if (node is ObjectNode { Entries.Count: > 0 } keys)
        {
            foreach (var entry in keys.Entries)
            {
                var below = key.Item ?? key.Find(entry.Name)!;
                Collect(entry.Value, below, ConfigurationCheck.Below(path, entry.Name), values);
            }
        }
        else if (node is ListNode { Items.Count: > 0 } list && key.Item is { Kind: KeyKind.Object } item)
        {
            for (var i = 0; i < list.Items.Count; i++)
                Collect(list.Items[i], item, $"{path}[{i}]", values);
        }
        else
        {
            values.Add(new ConfigurationValue(path, ToJson(node, key), node.Place));
        }
    }

    private static ConfigurationNode DefaultsOf(Type type) =>
        FromJson(JsonSerializer.SerializeToNode(Activator.CreateInstance(type), type, PipelineConfiguration.Json));

    private static ConfigurationNode FromJson(JsonNode? json)
    {
        switch (json)
        {
            case JsonObject keys:
                var result = new ObjectNode(Place.Default);
                foreach (var (name, value) in keys)
                    result.Add(new ConfigurationEntry(name, Place.Default, FromJson(value)));
                return result;
            case JsonArray items:
                var list = new ListNode(Place.Default);
                list.Items.AddRange(items.Select(FromJson));
                return list;
            case null:
                return new ScalarNode(Place.Default, "null", ScalarKind.Null);
            default:
                return json.GetValueKind() switch
                {
                    JsonValueKind.String => new ScalarNode(Place.Default, json.GetValue<string>(), ScalarKind.Text),
                    JsonValueKind.Number => new ScalarNode(Place.Default, json.ToJsonString(), ScalarKind.Number),
                    _ => new ScalarNode(Place.Default, json.ToJsonString(), ScalarKind.Flag),
                };
        }
    }
}
