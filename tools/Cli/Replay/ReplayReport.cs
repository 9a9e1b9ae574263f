namespace ExecutionPipeline.Cli.Replay;

/// <summary>The figures of a replay.</summary>
public sealed record ReplayReport
{
    /// <summary>Events put through the stages, of every kind.</summary>
    public long Events { get; init; }

    /// <summary>Whether the recording goes to the end of its run.</summary>
    public bool IsWhole { get; init; }

    /// <summary>Bytes at the recording's end that are no whole event, and were left out.</summary>
    public long TornBytes { get; init; }

    public double ElapsedS { get; init; }

    public double ThroughputEps { get; init; }

    public required string Topology { get; init; }

    public required string InferenceBackend { get; init; }

    /// <summary>Bytes of the outbound messages, each behind its length.</summary>
    public long OutboundBytes { get; init; }

    /// <summary>Of those bytes: two replays did the same when these are the same.</summary>
    public required string OutboundSha256 { get; init; }

    /// <summary>Whether they equal the file that they were compared with; null: with none.</summary>
    public bool? IsEqual { get; init; }

    /// <summary>The first byte that differs, from the start; null: none does.</summary>
    public long? DifferenceAt { get; init; }
}
