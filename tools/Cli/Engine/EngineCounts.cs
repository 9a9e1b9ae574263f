namespace ExecutionPipeline.Cli.Engine;

/// <summary>What the sending thread counts. Read it when the thread has ended.</summary>
public sealed class EngineCounts
{
    public long Warmup { get; set; }

    public long Measured { get; set; }

    /// <summary>By <see cref="MalformedKind"/>.</summary>
    public long[] Malformed { get; } = new long[Enum.GetValues<MalformedKind>().Length];

    public long MarketUpdates { get; set; }

    /// <summary>Attempts that were not taken at once.</summary>
    public long Retries { get; set; }

    /// <summary>When the first measured signal was due, in nanoseconds since the Unix epoch.</summary>
    public long MeasuredFromNs { get; set; }

    /// <summary>When the last measured signal was sent, in nanoseconds since the Unix epoch.</summary>
    public long MeasuredToNs { get; set; }

    /// <summary>Bytes that the thread allocated while it sent measured signals.</summary>
    public long AllocatedBytes { get; set; }

    /// <summary>Collections of the process while it sent measured signals.</summary>
    public long Collections { get; set; }
}
