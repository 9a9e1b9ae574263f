using System.Text.Json.Serialization;

namespace ExecutionPipeline.Stages.Inference.Models;

/// <summary>One model file as the manifest describes it.</summary>
public sealed record ModelEntry
{
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
