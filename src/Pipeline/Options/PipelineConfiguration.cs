using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization;
using ExecutionPipeline.Pipeline.Recording;

namespace ExecutionPipeline.Pipeline.Options;

/// <summary>
/// The configuration file: JSON with comments, keys in snake case as the options' names. A key that is unknown, a
/// value of the wrong kind, or one out of range is an error that names it.
/// </summary>
public static class PipelineConfiguration
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

    /// <exception cref="InvalidDataException">The file is no valid configuration; says why and where.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static PipelineOptions Load(string path)
    {
        try
        {
            return Parse(File.ReadAllBytes(path));
        }
        catch (InvalidDataException exception)
        {
            throw new InvalidDataException($"{path}: {exception.Message}", exception);
        }
    }

    /// <exception cref="InvalidDataException">The text is no valid configuration; says why and where.</exception>
    public static PipelineOptions Parse(ReadOnlySpan<byte> utf8)
    {
        try
        {
            return JsonSerializer.Deserialize<PipelineOptions>(WithoutMark(utf8), Json)
                ?? throw new InvalidDataException("the configuration is null");
        }
        catch (JsonException exception)
        {
            throw new InvalidDataException(ConfigurationProblem.Describe(exception, Json), exception);
        }
    }

    /// <summary>SHA-256 of what determines the outputs: all but the ring, the streams and the state.</summary>
    public static ConfigurationHash HashOf(PipelineOptions options)
    {
        var decisive = options with
        {
            Ring = new RingOptions(),
            Streams = new StreamOptions(),
            State = new StateOptions(),
        };
        return ConfigurationHash.From(SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(decisive, Json)));
    }

    private static ReadOnlySpan<byte> WithoutMark(ReadOnlySpan<byte> utf8) =>
        utf8.StartsWith("\uFEFF"u8) ? utf8[3..] : utf8;
}
