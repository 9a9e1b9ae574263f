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
        if (model.File.Length == 0 || Path.GetFileName(model.File) != model.File || model.File is "." or ".."
            || model.File.Contains('\0'))
        {
            throw new ModelFileException($"{FileName}: '{model.File}' of {model.Name} is no plain file name");
        }

        if (model.Weights is not (null or ModelEntry.Bfloat16Weights))
        {
            throw new ModelFileException(
                $"{FileName}: weights of {model.Name} are '{model.Weights}' and not {ModelEntry.Bfloat16Weights}");
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

/// <summary>One model file as the manifest describes it.</summary>
public sealed record ModelEntry
{
    /// <summary>What <see cref="Weights"/> says of weights that are bfloat16 numbers.</summary>
    public const string Bfloat16Weights = "bfloat16";

    /// <summary>What the pipeline asks for it by (see <see cref="PolicyModels"/>).</summary>
    public required string Name { get; init; }

    /// <summary>Its file's name, in the manifest's folder.</summary>
    public required string File { get; init; }

    /// <summary>SHA-256 of the whole file, 64 lower-case hexadecimal digits.</summary>
    public required string Sha256 { get; init; }

    /// <summary>The files beside it that hold its weights; null: it holds them all itself.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<ModelData>? Data { get; init; }

    /// <summary>Version of ONNX's default operator set.</summary>
    public required long Opset { get; init; }

    /// <summary>The layers, in words.</summary>
    public required string Architecture { get; init; }

    /// <summary>
    /// <see cref="Bfloat16Weights"/>: the weights of its linear layers, with what is normalised before them folded in,
    /// are exactly that, which is checked when it is compiled; null: they are any float32.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Weights { get; init; }

    public required IReadOnlyList<ModelTensor> Inputs { get; init; }
    public required IReadOnlyList<ModelTensor> Outputs { get; init; }
}

/// <summary>A file that holds weights of a model, which lie outside the model's own file.</summary>
public sealed record ModelData
{
    /// <summary>Its path below the manifest's folder, as the model names it.</summary>
    public required string File { get; init; }

    /// <summary>SHA-256 of the whole file, 64 lower-case hexadecimal digits.</summary>
    public required string Sha256 { get; init; }
}

/// <summary>A model's float32 input or output.</summary>
public sealed record ModelTensor
{
    public required string Name { get; init; }

    /// <summary>Its dimensions: a number, or a name where the size is free.</summary>
    public required IReadOnlyList<string> Shape { get; init; }

    public override string ToString() => $"{Name}[{string.Join(",", Shape)}]";
}

/// <summary>How a set of models was made: enough to make it again.</summary>
public sealed record ModelOrigin
{
    /// <summary>The program that made it.</summary>
    public required string Tool { get; init; }

    /// <summary>The command line that makes it again, byte for byte on a machine with the same vectors.</summary>
    public required string Command { get; init; }

    public required long Seed { get; init; }

    /// <summary>What kind of fitting this was, and what it was not.</summary>
    public required string Method { get; init; }

    /// <summary>What the models were fitted to.</summary>
    public required string Teacher { get; init; }

    public required int Steps { get; init; }

    /// <summary>Steps that followed with rounded weights.</summary>
    public int RoundingSteps { get; init; }

    public required int BatchSize { get; init; }

    /// <summary>Width of the machine's vectors in bits: sums are rounded in another order for another width.</summary>
    public required int VectorBits { get; init; }
}

/// <summary>How a version came into a store.</summary>
public sealed record ModelLineage
{
    /// <summary>The version that decided when this one was added; null: there was none.</summary>
    public string? Parent { get; init; }

    /// <summary>When it was added.</summary>
    public required DateTimeOffset Created { get; init; }

    /// <summary>The program that added it.</summary>
    public required string Tool { get; init; }
}

/// <summary>What the models were measured at on contexts that the fitting never saw.</summary>
public sealed record ModelValidation
{
    /// <summary>Number of held-out contexts.</summary>
    public required int Contexts { get; init; }

    public required DistributionValidation Size { get; init; }
    public required DistributionValidation Strategy { get; init; }
    public required BracketValidation Brackets { get; init; }

    /// <summary>What rounding the weights changed; null: they were not rounded.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public RoundingValidation? Rounding { get; init; }
}

/// <summary>
/// How near actors with rounded weights are to what they were before, over the held-out contexts.
/// </summary>
public sealed record RoundingValidation
{
    /// <summary>Share of contexts with the same likeliest size, [0, 1].</summary>
    public required double SameSize { get; init; }

    /// <summary>Share of contexts with the same likeliest strategy, [0, 1].</summary>
    public required double SameStrategy { get; init; }

    /// <summary>The largest change of a stop's or a target's distance, in ATR multiples.</summary>
    public required double BracketsMaxDifferenceAtr { get; init; }
}

/// <summary>How near an actor's distribution is to the teacher's, over the held-out contexts.</summary>
public sealed record DistributionValidation
{
    /// <summary>Share of contexts where the likeliest action is the teacher's, [0, 1].</summary>
    public required double Accuracy { get; init; }

    /// <summary>Mean Kullback-Leibler divergence from the teacher's distribution to the actor's, in nats.</summary>
    public required double MeanKlNats { get; init; }
}

/// <summary>
/// How near the risk actor's multiples are to the teacher's, over the held-out contexts, in ATR multiples.
/// </summary>
public sealed record BracketValidation
{
    public required double StopMeanAbsoluteErrorAtr { get; init; }
    public required double TargetMeanAbsoluteErrorAtr { get; init; }

    /// <summary>The largest error of either.</summary>
    public required double MaxAbsoluteErrorAtr { get; init; }
}
