namespace ExecutionPipeline.Cli.Reports;

/// <summary>A canary beside the models that decided, on the same signals; warm-up included.</summary>
public sealed record CanaryReport
{
    /// <summary>Of the canary, 16 hexadecimal digits.</summary>
    public required string Version { get; init; }

    /// <summary>What became of it: running, promoted, rolled_back and so on.</summary>
    public required string State { get; init; }

    /// <summary>Share of the signals that it was asked for, in basis points.</summary>
    public int ShareBps { get; init; }

    /// <summary>Signals that it was asked for.</summary>
    public long Decisions { get; init; }

    /// <summary>Signals of the same time that the models beside it decided alone.</summary>
    public long Others { get; init; }

    /// <summary>Of its decisions: those where the likeliest size or strategy differs.</summary>
    public long Disagreements { get; init; }

    /// <summary>Of its decisions: answers out of bounds or not finite.</summary>
    public long Invalid { get; init; }

    /// <summary>Mean of its likeliest size less the other's, in contracts.</summary>
    public double MeanSizeDifference { get; init; }

    /// <summary>Mean time of one of its runs.</summary>
    public double MeanNs { get; init; }

    /// <summary>Mean time of a run of the models beside it, on the same signals.</summary>
    public double IncumbentMeanNs { get; init; }
}
