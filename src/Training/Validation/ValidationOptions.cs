namespace ExecutionPipeline.Training.Validation;

/// <summary>What models must show before they may decide.</summary>
public sealed class ValidationOptions
{
    /// <summary>Timed runs, at least 1. Default 10,000.</summary>
    public int LatencyRuns { get; init; } = 10_000;

    /// <summary>Largest median of a run, in nanoseconds. Default 200,000: the document's for inference.</summary>
    public double LatencyMaxNs { get; init; } = 200_000;

    /// <summary>Contexts of the validation set, at least 1. Default 20,000.</summary>
    public int Contexts { get; init; } = 20_000;

    /// <summary>Decides the contexts, which are others than those that models are fitted to. Default 7.</summary>
    public long Seed { get; init; } = 7;

    /// <summary>How far an accuracy may be below the manifest's, [0, 1]. Default 0.01.</summary>
    public double AccuracyTolerance { get; init; } = 0.01;

    /// <summary>How far a mean error may be above the manifest's, in ATR multiples. Default 0.01.</summary>
    public double ErrorToleranceAtr { get; init; } = 0.01;

    /// <summary>The least that each actor's accuracy must be, [0, 1]. Default 0.75, the document's.</summary>
    public double PerformanceGate { get; init; } = 0.75;

    /// <exception cref="ArgumentException">A parameter is out of its range; the message says what to set.</exception>
    public void Validate()
    {
        if (LatencyRuns < 1 || Contexts < 1)
            throw new ArgumentException("validation: set LatencyRuns and Contexts to 1 or more.");
        if (LatencyMaxNs is not (> 0 and < double.PositiveInfinity))
            throw new ArgumentException("validation: set LatencyMaxNs above 0 ns.");
        if (AccuracyTolerance is not (>= 0 and <= 1) || PerformanceGate is not (>= 0 and <= 1))
            throw new ArgumentException("validation: set AccuracyTolerance and PerformanceGate to 0 to 1.");
        if (ErrorToleranceAtr is not (>= 0 and < double.PositiveInfinity))
            throw new ArgumentException("validation: set ErrorToleranceAtr to 0 ATR or more.");
    }
}
