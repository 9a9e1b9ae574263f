using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace ExecutionPipeline.Stages.Inference.Models;

/// <summary>What a folder of models holds and how it was made: the content of its <c>manifest.json</c>.</summary>
public sealed record ModelManifest
{
    /// <summary>The manifest's file name.</summary>
    public const string FileName = "manifest.json";

    /// <summary>The one layout of this file that there is so far.</summary>
    public const int CurrentFormat = 1;

    private static readonly JsonSerializerOptions JsonOptions = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        RespectNullableAnnotations = true,
        AllowDuplicateProperties = false,
        WriteIndented = true,
        // The file is read as a file, never as a part of a page, so a plus sign may stay one.
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        NewLine = "\n",
    };

    public required int Format { get; init; }
    public required ModelOrigin Origin { get; init; }
    public required ModelValidation Validation { get; init; }
    public required IReadOnlyList<ModelEntry> Models { get; init; }

    /// <summary>How it came into a store; null outside of one.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public ModelLineage? Lineage { get; init; }

    /// <exception cref="ModelFileException">The text is not a manifest: what is missing, unknown or out of
    /// place.</exception>
    public static ModelManifest Parse(string json)
    {
        var manifest = Deserialize(json);
        if (manifest.Format != CurrentFormat)
        {
            throw new ModelFileException($"{FileName}: format {manifest.Format} is not {CurrentFormat}");
        }

        foreach (var model in manifest.Models) Check(model);
        return manifest;
    }

    /// <summary>As text, with a line feed at its end.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, JsonOptions) + "\n";

    private static ModelManifest Deserialize(string json)
    {
        try
        {
            return JsonSerializer.Deserialize<ModelManifest>(json, JsonOptions)
                ?? throw new ModelFileException($"{FileName}: it holds null");
        }
        catch (JsonException e)
        {
            var line = e.LineNumber is { } number ? $" (line {number + 1})" : "";
            throw new ModelFileException($"{FileName}: {FirstSentence(e.Message)}{line}", e);
        }
    }

    private static void Check(ModelEntry? model)
    {
        if (model is null) throw new ModelFileException($"{FileName}: a model is null");
        if (model.File.Length == 0 || Path.GetFileName(model.File) != model.File || model.File is "." or "..")
        {
            throw new ModelFileException($"{FileName}: '{model.File}' of {model.Name} is no plain file name");
        }

        CheckHash(model.Name, model.Sha256);
        foreach (var data in model.Data ?? [])
        {
            if (data is null) throw new ModelFileException($"{FileName}: a data file of {model.Name} is null");
            if (data.File.Split('/').Any(static part => part is "" or "." or ".."))
            {
                throw new ModelFileException(
                    $"{FileName}: '{data.File}' of {model.Name} is no path below the manifest's folder");
            }

            CheckHash($"'{data.File}' of {model.Name}", data.Sha256);
        }
    }

    private static void CheckHash(string what, string hash)
    {
        if (hash.Length != 64 || !hash.All(char.IsAsciiHexDigitLower))
            throw new ModelFileException($"{FileName}: sha256 of {what} is no 64 lower-case hexadecimal digits");
    }

    // The serializer's messages end in a path, line and byte that the caller's line already tells.
    private static string FirstSentence(string message)
    {
        var end = message.IndexOf(" Path:", StringComparison.Ordinal);
        return (end < 0 ? message : message[..end]).ReplaceLineEndings(" ");
    }
}
