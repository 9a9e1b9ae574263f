namespace ExecutionPipeline.Stages.Inference.Swap;

/// <summary>What became of a canary.</summary>
public enum CanaryState
{
    /// <summary>There was none.</summary>
    None,

    /// <summary>It decides its share.</summary>
    Running,

    /// <summary>It decides everything since.</summary>
    Promoted,

    /// <summary>A command ended it.</summary>
    RolledBack,

    /// <summary>It gave too many answers out of bounds or not finite.</summary>
    RolledBackInvalid,

    /// <summary>It differed too often from the models that it ran beside.</summary>
    RolledBackDisagreement,
}
