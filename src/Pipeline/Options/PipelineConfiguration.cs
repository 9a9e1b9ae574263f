using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using System.Text.RegularExpressions;
using ExecutionPipeline.Pipeline.Configuration;
using ExecutionPipeline.Pipeline.Journal;

namespace ExecutionPipeline.Pipeline.Options;

/// <summary>The options as a configuration has them: keys in snake case as the options' names.</summary>
public static partial class PipelineConfiguration
{
    private static readonly string[] IndecisiveSections =
        ["extends", "ring", "streams", "state", "journal", "venue", "log", "host", "control", "audit"];

    /// <summary>How options are written and read; what is read has been checked by its schema.</summary>
    internal static JsonSerializerOptions Json { get; } = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        IgnoreReadOnlyProperties = true,
        RespectNullableAnnotations = true,
        TypeInfoResolver = new DefaultJsonTypeInfoResolver(),
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower, allowIntegerValues: false) },
    };

    /// <summary>Lays texts over the defaults, each over those before it, and nothing else.</summary>
    /// <exception cref="InvalidDataException">One is no valid configuration; says why and where.</exception>
    public static PipelineOptions Parse(params ReadOnlyMemory<byte>[] layers)
    {
        var texts = layers.Select(static text => new ConfigurationText("", text));
        return ConfigurationLoader.Load(new ConfigurationSources { Texts = [.. texts] }).Options;
    }

    /// <summary>
    /// SHA-256 of what determines the outputs: all but ring, streams, state, journal, log, the venue's link, what the
    /// processes find where, the control plane, the audit's store, and instruments' reference prices.
    /// </summary>
    public static ConfigurationHash HashOf(PipelineOptions options) =>
        ConfigurationHash.From(SHA256.HashData(DecisiveOf(options)));

    /// <summary>What determines the outputs, as JSON.</summary>
    public static byte[] DecisiveOf(PipelineOptions options)
    {
        var decisive = NodeOf(options).AsObject();
        foreach (var section in IndecisiveSections)
            decisive.Remove(section);
        foreach (var instrument in decisive["instruments"]!.AsArray().OfType<JsonObject>())
            instrument.Remove("reference_price");
        return JsonSerializer.SerializeToUtf8Bytes(decisive, Json);
    }

    /// <summary>The options as they would be written in a file.</summary>
    internal static JsonNode NodeOf(PipelineOptions options) => JsonSerializer.SerializeToNode(options, Json)!;

    /// <summary>A text that names options by their properties, with the keys as they are written in a file.</summary>
    public static string WithKeys(string text) =>
        PropertyNames().Replace(text, static name => JsonNamingPolicy.SnakeCaseLower.ConvertName(name.Value));

    /// <summary>What two keys say together; each by itself was in its range.</summary>
    /// <exception cref="ArgumentException">They do not go together; says what to set.</exception>
    internal static void Validate(PipelineOptions options)
    {
        options.Ring.Validate();
        options.Streams.Validate();
        options.Limits.Validate();
        options.Context.Validate();
        options.Inference.Validate();
        options.Bracket.Validate();
        options.Execution.Validate();
        options.Routing.Validate();
        options.Exchange.Validate();
        options.Venue.Validate();
        if (options.Venue.MisfitOf(options.Routing.Venues.Count) is { } misfit)
            throw new ArgumentException(misfit);
        options.Control.Validate();
        options.Audit.Store.Validate("audit.store");
    }

    [GeneratedRegex(@"\b[A-Z][a-z]+([A-Z][a-z]*)+\b")]
    private static partial Regex PropertyNames();
}
