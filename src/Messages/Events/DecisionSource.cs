namespace ExecutionPipeline.Messages.Events;

/// <summary>Who made a decision.</summary>
public enum DecisionSource : byte
{
    None = 0,
    OnnxRuntime = 1,
    RuleBased = 2,

    /// <summary>An operator's command, which needs no policy.</summary>
    Operator = 3,

    /// <summary>The models, compiled by the pipeline itself.</summary>
    Compiled = 4,
}
