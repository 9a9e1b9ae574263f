namespace ExecutionPipeline.Stages.Inference.Models;

/// <summary>A version as a store lists it.</summary>
/// <param name="Version">As its folder is named.</param>
/// <param name="Manifest">Null when it cannot be read.</param>
/// <param name="Problem">Why the manifest cannot be read; null: it can.</param>
public sealed record StoredModel(ModelVersion Version, ModelManifest? Manifest, string? Problem)
{
    /// <summary>When it was added; the beginning of time when that is not known.</summary>
    public DateTimeOffset Created => Manifest?.Lineage?.Created ?? DateTimeOffset.MinValue;
}
