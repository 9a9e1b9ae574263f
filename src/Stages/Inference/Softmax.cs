using ExecutionPipeline.Messages.Events;

namespace ExecutionPipeline.Stages.Inference;

/// <summary>Scores to probabilities.</summary>
internal static class Softmax
{
    /// <summary>
    /// Overwrites <paramref name="scores"/>, and writes their softmax from <paramref name="offset"/> on.
    /// </summary>
    public static void Write(Span<double> scores, ref PolicyOutputs outputs, int offset)
    {
        // Relative to the largest score nothing overflows, whatever the scores are.
        var max = double.NegativeInfinity;
        foreach (var score in scores) max = Math.Max(max, score);

        var sum = 0.0;
        for (var i = 0; i < scores.Length; i++) sum += scores[i] = Math.Exp(scores[i] - max);
        for (var i = 0; i < scores.Length; i++) outputs[offset + i] = (float)(scores[i] / sum);
    }
}
