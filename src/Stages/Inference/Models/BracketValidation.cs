namespace ExecutionPipeline.Stages.Inference.Models;

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
