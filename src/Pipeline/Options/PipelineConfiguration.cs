using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using System.Text.RegularExpressions;
using ExecutionPipeline.Pipeline.Journal;

namespace ExecutionPipeline.Pipeline.Options;

/// <summary>
/// The configuration: layers of JSON with comments, keys in snake case as the options' names. A later layer replaces
/// single keys of an earlier one, and all lie over the options' defaults; a list is replaced whole. A key that is
/// unknown, a value of the wrong kind, or one out of range is an error that names it as it is written.
/// </summary>
public static partial class PipelineConfiguration
{
    private static readonly JsonSerializerOptions Json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        AllowDuplicateProperties = false,
        ReadCommentHandling = JsonCommentHandling.Skip,
        AllowTrailingCommas = true,
        RespectNullableAnnotations = true,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower, allowIntegerValues: false) },
    };

    private static readonly JsonDocumentOptions Document = new()
    {
        CommentHandling = JsonCommentHandling.Skip,
        AllowTrailingCommas = true,
        AllowDuplicateProperties = false,
    };

    /// <summary>Reads a file; <paramref name="below"/> are layers that it lies over.</summary>
    /// <exception cref="InvalidDataException">The file is no valid configuration; says why and where.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static PipelineOptions Load(string path, params ReadOnlyMemory<byte>[] below)
    {
        try
        {
            return Parse([.. below, File.ReadAllBytes(path)]);
        }
        catch (InvalidDataException exception)
        {
            throw new InvalidDataException($"{path}: {exception.Message}", exception);
        }
    }

    /// <summary>Lays the texts over the defaults, each over those before it.</summary>
    /// <exception cref="InvalidDataException">One is no valid configuration; says why and where.</exception>
    public static PipelineOptions Parse(params ReadOnlyMemory<byte>[] layers)
    {
        JsonNode merged = JsonSerializer.SerializeToNode(new PipelineOptions(), Json)!;
        foreach (var layer in layers)
        {
            var utf8 = WithoutMark(layer.Span);
            Check(utf8);
            merged = Merge(merged, JsonNode.Parse(utf8, documentOptions: Document));
        }

        var options = merged.Deserialize<PipelineOptions>(Json)!;
        Validate(options);
        return options;
    }

    /// <summary>
    /// SHA-256 of what determines the outputs: all but ring, streams, state, journal, log and the venue's link.
    /// </summary>
    public static ConfigurationHash HashOf(PipelineOptions options) =>
        ConfigurationHash.From(SHA256.HashData(DecisiveOf(options)));

    /// <summary>What determines the outputs, as JSON.</summary>
    public static byte[] DecisiveOf(PipelineOptions options)
    {
        var decisive = options with
        {
            Ring = new RingOptions(),
            Streams = new StreamOptions(),
            State = new StateOptions(),
            Journal = new JournalOptions(),
            Venue = new VenueOptions(),
            Log = new LogOptions(),
        };
        return JsonSerializer.SerializeToUtf8Bytes(decisive, Json);
    }

    /// <summary>The options as they would be written in a file.</summary>
    internal static JsonNode NodeOf(PipelineOptions options) => JsonSerializer.SerializeToNode(options, Json)!;

    /// <summary>A text that names options by their properties, with the keys as they are written in a file.</summary>
    public static string WithKeys(string text) =>
        PropertyNames().Replace(text, static name => JsonNamingPolicy.SnakeCaseLower.ConvertName(name.Value));

    [GeneratedRegex(@"\b[A-Z][a-z]+([A-Z][a-z]*)+\b")]
    private static partial Regex PropertyNames();

    /// <summary>One layer by itself, where lines are still known.</summary>
    private static void Check(ReadOnlySpan<byte> utf8)
    {
        try
        {
            _ = JsonSerializer.Deserialize<PipelineOptions>(utf8, Json)
                ?? throw new InvalidDataException("the configuration is null");
        }
        catch (JsonException exception)
        {
            throw new InvalidDataException(ConfigurationProblem.Describe(exception, utf8, Json), exception);
        }

        if (ConfigurationProblem.FindOutOfRange(utf8) is { } problem)
            throw new InvalidDataException(problem);
    }

    /// <summary>What two keys say together; each by itself was in its range.</summary>
    private static void Validate(PipelineOptions options)
    {
        try
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
        }
        catch (ArgumentException exception)
        {
            throw new InvalidDataException(WithKeys(exception.Message), exception);
        }
    }

    private static JsonNode Merge(JsonNode below, JsonNode? above)
    {
        if (below is not JsonObject lower || above is not JsonObject upper)
            return above!.DeepClone();

        foreach (var (key, value) in upper)
        {
            var isBoth = value is not null && lower[key] is not null;
            lower[key] = isBoth ? Merge(lower[key]!.DeepClone(), value) : value?.DeepClone();
        }

        return lower;
    }

    private static ReadOnlySpan<byte> WithoutMark(ReadOnlySpan<byte> utf8) =>
        utf8.StartsWith("\uFEFF"u8) ? utf8[3..] : utf8;
}
