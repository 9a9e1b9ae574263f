namespace ExecutionPipeline.Stages.Inference.Models;

/// <summary>What the models were measured at on contexts that the fitting never saw.</summary>
public sealed record ModelValidation
{
    /// <summary>Number of held-out contexts.</summary>
    public required int Contexts { get; init; }

    public required DistributionValidation Size { get; init; }
    public required DistributionValidation Strategy { get; init; }
    public required BracketValidation Brackets { get; init; }
}
