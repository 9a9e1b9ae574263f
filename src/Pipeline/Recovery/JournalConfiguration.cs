using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;
using ExecutionPipeline.Messages.Events;
using ExecutionPipeline.Native;
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
        DurableFile.Replace(Path.Combine(folder, FileName), decisive);
    }

    /// <summary>
    /// Refuses what determines the outputs, as JSON, where it is not the journal's, by the names of what differs.
    /// </summary>
    /// <exception cref="InvalidDataException">It is another one.</exception>
    internal static void Check(string folder, ConfigurationHash journal, byte[] decisive)
    {
        if (!HashOf(decisive).Is(in journal))
            throw Refusal(folder, decisive, but: "");
    }

    /// <summary>
    /// The configuration that a journal is replayed with: the same, but with the limits that its run began with. Limits
    /// that can be changed while a pipeline runs may differ, since the changes are events of the journal.
    /// </summary>
    /// <param name="folder">Of the journal.</param>
    /// <param name="journal">The hash that its segments have.</param>
    /// <param name="options">That are wanted.</param>
    /// <exception cref="InvalidDataException">
    /// Something else differs: it is named, and the message says what to do.
    /// </exception>
    public static PipelineOptions Fit(string folder, ConfigurationHash journal, PipelineOptions options) =>
        TryFit(folder, journal, options) ?? throw Refusal(
            folder, PipelineConfiguration.DecisiveOf(options),
            but: ". Only limits that a reload can change may differ");

    /// <summary>The same; null: something else differs.</summary>
    public static PipelineOptions? TryFit(string folder, ConfigurationHash journal, PipelineOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (IsOf(options, journal))
            return options;

        try
        {
            var before = PipelineConfiguration.Parse(File.ReadAllBytes(Path.Combine(folder, FileName)));
            var fitted = options with { Limits = before.Limits };
            var isFitting = IsOf(fitted, journal) && ConfigurationChange.Between(fitted, options)
                .All(static change => change.Limit != LimitKey.None);
            return isFitting ? fitted : null;
        }
        catch (Exception problem) when (problem
            is IOException or InvalidDataException or ArgumentException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>The configuration that a start in a folder replays with; the same where there is no journal.</summary>
    /// <exception cref="InvalidDataException">It does not fit the journal that is there.</exception>
    internal static PipelineOptions OfStart(string folder, PipelineOptions options) =>
        JournalTail.ConfigurationOf(folder) is { } journal ? Fit(folder, journal, options) : options;

    private static bool IsOf(PipelineOptions options, ConfigurationHash journal) =>
        PipelineConfiguration.HashOf(options).Is(in journal);

    internal static ConfigurationHash HashOf(byte[] decisive) => ConfigurationHash.From(SHA256.HashData(decisive));

    private static InvalidDataException Refusal(string folder, byte[] decisive, string but) => new(
        $"{folder}: the journal is of another configuration ({Differences(folder, decisive)}): start with that one, or "
        + $"name a new folder for the journal{but}");

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
