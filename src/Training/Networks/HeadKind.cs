namespace ExecutionPipeline.Training.Networks;

/// <summary>What an actor's head ends in.</summary>
public enum HeadKind
{
    /// <summary>A distribution over actions.</summary>
    Softmax,

    /// <summary>A number in a range: offset + range * sigmoid.</summary>
    ScaledSigmoid,
}
