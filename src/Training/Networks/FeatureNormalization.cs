using ExecutionPipeline.Messages.Events;

namespace ExecutionPipeline.Training.Networks;

/// <summary>
/// What brings the raw features to a like scale: (x - mean) / scale. The figures are set by what the features mean, not
/// by a sample, so that models fitted to different data stay comparable. They become constants inside the graphs.
/// Scales are powers of two, so that dividing a layer's weights by them rounds nothing.
/// </summary>
internal static class FeatureNormalization
{
    /// <summary>In <see cref="Feature"/> order.</summary>
    public static ReadOnlySpan<float> Mean =>
        [0f, 0.7f, 0.5f, 0.5f, 1f, 1f, 1f, 0.0008f, 0f, 0.5f, 0f, 0.4f, 0.4f, 1f, 0.5f];

    /// <summary>In <see cref="Feature"/> order.</summary>
    public static ReadOnlySpan<float> Scale =>
        [1f, 1f / 4, 1f / 4, 1f / 4, 1f, 1f / 2, 1f / 2, 1f / 1024, 4f, 1f / 4, 1f / 128, 1f / 4, 1f / 4, 4f, 1f / 4];

    /// <param name="contexts">[rows, 15].</param>
    /// <param name="normalized">[rows, 15].</param>
    public static void Apply(ReadOnlySpan<float> contexts, Span<float> normalized, int rows)
    {
        var mean = Mean;
        var scale = Scale;
        for (var start = 0; start < rows * ContextFeatures.Count; start += ContextFeatures.Count)
        {
            for (var i = 0; i < ContextFeatures.Count; i++)
            {
                normalized[start + i] = (contexts[start + i] - mean[i]) / scale[i];
            }
        }
    }
}
