using ExecutionPipeline.Stages.Inference;

namespace ExecutionPipeline.Training.Distillation;

/// <summary>
/// How the models are fitted to the rule-based teacher. The defaults made the models that are shipped.
/// </summary>
public sealed class DistillationOptions
{
    /// <summary>Folder that the models and their manifest are written to; made where it is missing.</summary>
    public required string OutputDirectory { get; init; }

    /// <summary>Decides initial weights and contexts. Default 1.</summary>
    public long Seed { get; init; } = 1;

    /// <summary>Optimizer steps, [1, 10,000,000]. Default 30,000: about two minutes of one core.</summary>
    public int Steps { get; init; } = 30_000;

    /// <summary>Contexts a step, [1, 65,536]. Default 256. Each context is drawn anew.</summary>
    public int BatchSize { get; init; } = 256;

    /// <summary>
    /// Adam's largest rate, (0, 1]: reached after a twentieth of the steps, then falling to 0. Default 0.01.
    /// </summary>
    public double LearningRate { get; init; } = 0.01;

    /// <summary>Held-out contexts that the result is measured on, [1, 10,000,000]. Default 50,000.</summary>
    public int ValidationContexts { get; init; } = 50_000;

    /// <summary>The teacher's parameters.</summary>
    public RuleBasedPolicyOptions Teacher { get; init; } = new();

    /// <exception cref="ArgumentException">A parameter is out of its range; the message says what to set.</exception>
    public void Validate()
    {
        Require(!string.IsNullOrWhiteSpace(OutputDirectory), "OutputDirectory must name a folder");
        Require(Steps is >= 1 and <= 10_000_000, "Steps must be in [1, 10000000]");
        Require(BatchSize is >= 1 and <= 65_536, "BatchSize must be in [1, 65536]");
        Require(LearningRate is > 0 and <= 1, "LearningRate must be in (0, 1]");
        Require(ValidationContexts is >= 1 and <= 10_000_000, "ValidationContexts must be in [1, 10000000]");
        Teacher.Validate();
    }

    private static void Require(bool isMet, string message)
    {
        if (!isMet) throw new ArgumentException(message);
    }
}
