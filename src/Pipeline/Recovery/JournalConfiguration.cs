using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;
using ExecutionPipeline.Pipeline.Journal;
using ExecutionPipeline.Pipeline.Options;

namespace ExecutionPipeline.Pipeline.Recovery;

/// <summary>
/// Keeps beside a journal the configuration that it belongs to, so that a start with another one can say what differs.
/// </summary>
public static class JournalConfiguration
{
    /// <summary>Its name in the journal's folder.</summary>
    public const string FileName = "configuration.json";

    private const int MostNamed = 8;

    /// <summary>Writes it for a new journal.</summary>
    /// <exception cref="IOException">It cannot be written.</exception>
    public static void Write(string folder, PipelineOptions options) =>
        Write(folder, PipelineConfiguration.DecisiveOf(options));

    /// <summary>The same of what determines the outputs, as JSON.</summary>
    internal static void Write(string folder, byte[] decisive)
    {
        Directory.CreateDirectory(folder);
        File.WriteAllBytes(Path.Combine(folder, FileName), decisive);
    }

    /// <summary>Refuses a configuration that is not the journal's, by the names of what differs.</summary>
    /// <exception cref="InvalidDataException">It is another one.</exception>
    public static void Check(string folder, ConfigurationHash journal, PipelineOptions options) =>
        Check(folder, journal, PipelineConfiguration.DecisiveOf(options));

    /// <summary>The same of what determines the outputs, as JSON.</summary>
    internal static void Check(string folder, ConfigurationHash journal, byte[] decisive)
    {
        var own = HashOf(decisive);
        if (((ReadOnlySpan<byte>)own).SequenceEqual(journal))
            return;

        throw new InvalidDataException(
            $"{folder}: the journal is of another configuration ({Differences(folder, decisive)}): start with that "
            + "one, or name a new folder for the journal");
    }

    internal static ConfigurationHash HashOf(byte[] decisive) => ConfigurationHash.From(SHA256.HashData(decisive));

    private static string Differences(string folder, byte[] decisive)
    {
        var path = Path.Combine(folder, FileName);
        try
        {
            var before = JsonNode.Parse(File.ReadAllBytes(path));
            var now = JsonNode.Parse(decisive);
            var found = new List<string>();
            Compare("", before, now, found);
            var named = string.Join("; ", found.Take(MostNamed));
            var more = found.Count > MostNamed ? $"; and {found.Count - MostNamed} more" : "";
            return found.Count == 0 ? $"{path} is not the journal's own" : named + more;
        }
        catch (Exception problem) when (problem is IOException or JsonException or UnauthorizedAccessException)
        {
            return $"what differs cannot be told: {problem.Message.ReplaceLineEndings(" ")}";
        }
    }

    private static void Compare(string key, JsonNode? before, JsonNode? now, List<string> found)
    {
        if (JsonNode.DeepEquals(before, now))
            return;

        if (before is JsonObject old && now is JsonObject current)
        {
            foreach (var name in old.Select(static p => p.Key).Union(current.Select(static p => p.Key)))
                Compare(key == "" ? name : $"{key}.{name}", old[name], current[name], found);
        }
        else if (before is JsonArray left && now is JsonArray right && left.Count == right.Count)
        {
            for (var i = 0; i < left.Count; i++)
                Compare($"{key}[{i}]", left[i], right[i], found);
        }
        else
        {
            found.Add($"{key} was {Short(before)} and is {Short(now)}");
        }
    }

    private static string Short(JsonNode? node)
    {
        var text = node?.ToJsonString() ?? "null";
        return text.Length <= 60 ? text : text[..57] + "...";
    }
}
