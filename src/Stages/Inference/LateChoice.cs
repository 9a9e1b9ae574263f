namespace ExecutionPipeline.Stages.Inference;

/// <summary>What becomes of a signal that is too late for the models.</summary>
public enum LateChoice
{
    /// <summary>The rule-based policy decides.</summary>
    Rules,

    /// <summary>It is refused as stale.</summary>
    Refuse,
}
