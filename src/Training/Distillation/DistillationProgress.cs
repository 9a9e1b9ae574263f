namespace ExecutionPipeline.Training.Distillation;

/// <summary>Where a fit stands.</summary>
/// <param name="Step">Steps done.</param>
/// <param name="Steps">Steps in all.</param>
/// <param name="SizeLossNats">Mean cross-entropy of the size actor since the last report.</param>
/// <param name="StrategyLossNats">Mean cross-entropy of the timing actor since the last report.</param>
/// <param name="BracketLoss">Mean squared error of the risk actor since the last report, in squared ranges.</param>
public readonly record struct DistillationProgress(
    int Step,
    int Steps,
    double SizeLossNats,
    double StrategyLossNats,
    double BracketLoss);
