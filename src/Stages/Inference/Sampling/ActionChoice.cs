namespace ExecutionPipeline.Stages.Inference.Sampling;

/// <summary>How an action is taken from a policy's distribution.</summary>
public enum ActionChoice
{
    /// <summary>The likeliest; of equally likely ones the first.</summary>
    Greedy,

    /// <summary>Drawn with its probability.</summary>
    Sample,
}
