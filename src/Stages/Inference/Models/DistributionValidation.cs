namespace ExecutionPipeline.Stages.Inference.Models;

/// <summary>How near an actor's distribution is to the teacher's, over the held-out contexts.</summary>
public sealed record DistributionValidation
{
    /// <summary>Share of contexts where the likeliest action is the teacher's, [0, 1].</summary>
    public required double Accuracy { get; init; }

    /// <summary>Mean Kullback-Leibler divergence from the teacher's distribution to the actor's, in nats.</summary>
    public required double MeanKlNats { get; init; }
}
