namespace ExecutionPipeline.Cli.Reports;

/// <summary>What the signals that took longest waited for.</summary>
public sealed record TailFigures
{
    /// <summary>Latencies end to end above this are accounted for, in nanoseconds.</summary>
    public required long AboveNs { get; init; }

    /// <summary>Signals above it.</summary>
    public required long Signals { get; init; }

    /// <summary>Those of them that are accounted for, the first ones.</summary>
    public required long Accounted { get; init; }

    /// <summary>The causes, the most frequent first.</summary>
    public required IReadOnlyList<TailCause> Causes { get; init; }

    /// <summary>Where the account comes from, or why the kernel's record is missing in it.</summary>
    public required string Source { get; init; }

    /// <summary>
    /// What the hypervisor took from the processors that were watched, in milliseconds of all of them together; null:
    /// the system does not say. The kernel does not tell when it was.
    /// </summary>
    public double? StolenMs { get; init; }
}

/// <summary>One thing that signals waited for.</summary>
/// <param name="Cause">In words.</param>
/// <param name="Signals">Signals that it explains.</param>
/// <param name="MedianNs">The median of their latencies in nanoseconds.</param>
/// <param name="MaxNs">The longest of them.</param>
public sealed record TailCause(string Cause, long Signals, long MedianNs, long MaxNs);
