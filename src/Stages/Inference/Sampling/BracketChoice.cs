namespace ExecutionPipeline.Stages.Inference.Sampling;

/// <summary>How stop and target are taken from the risk actor's multiples.</summary>
public enum BracketChoice
{
    /// <summary>As they are.</summary>
    Mean,

    /// <summary>Drawn from a normal distribution around them.</summary>
    Gaussian,
}
