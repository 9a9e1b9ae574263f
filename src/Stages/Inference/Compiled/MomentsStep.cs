namespace ExecutionPipeline.Stages.Inference.Compiled;

/// <summary>Where a step for layer normalisation leaves what it found, in floats from where it was told to.</summary>
internal static class MomentsStep
{
    public const int Mean = 0;

    /// <summary>One over the standard deviation.</summary>
    public const int Scale = 1;

    public const int Count = 2;
}
