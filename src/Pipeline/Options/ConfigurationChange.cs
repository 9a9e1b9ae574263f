using System.Text.Json;
using System.Text.Json.Nodes;
using ExecutionPipeline.Messages.Events;

namespace ExecutionPipeline.Pipeline.Options;

/// <summary>A key whose value differs between two configurations.</summary>
/// <param name="Key">As it is written in a file: limits.max_position. A list is one value.</param>
/// <param name="From">The value in the one, as JSON.</param>
/// <param name="To">The value in the other, as JSON.</param>
public sealed record ConfigurationChange(string Key, string From, string To)
{
    private const string LimitPrefix = "limits.";

    private static readonly Dictionary<string, LimitKey> Limits = Enum.GetValues<LimitKey>()
        .Where(static key => key != LimitKey.None)
        .ToDictionary(static key => LimitPrefix + JsonNamingPolicy.SnakeCaseLower.ConvertName(key.ToString()));

    /// <summary>The limit that it is; none: it is no limit that can be changed while the pipeline runs.</summary>
    public LimitKey Limit => Limits.GetValueOrDefault(Key);

    /// <summary>What differs, in the order of the keys.</summary>
    public static IReadOnlyList<ConfigurationChange> Between(PipelineOptions from, PipelineOptions to)
    {
        var changes = new List<ConfigurationChange>();
        Compare("", PipelineConfiguration.NodeOf(from), PipelineConfiguration.NodeOf(to), changes);
        return changes;
    }

    private static void Compare(string key, JsonNode? from, JsonNode? to, List<ConfigurationChange> changes)
    {
        if (from is JsonObject one && to is JsonObject other)
        {
            foreach (var name in one.Select(static pair => pair.Key).Union(other.Select(static pair => pair.Key)))
                Compare(key.Length == 0 ? name : $"{key}.{name}", one[name], other[name], changes);
        }
        else if (!JsonNode.DeepEquals(from, to))
        {
            changes.Add(new ConfigurationChange(key, TextOf(from), TextOf(to)));
        }
    }

    private static string TextOf(JsonNode? node) => node?.ToJsonString() ?? "null";
}
