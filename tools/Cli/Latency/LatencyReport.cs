namespace ExecutionPipeline.Cli.Latency;

/// <summary>The figures of `xp latency`.</summary>
public sealed record LatencyReport
{
    /// <summary>Events that each clock reading is shared by.</summary>
    public int BatchEvents { get; init; }

    public required IReadOnlyList<SubjectLatency> Subjects { get; init; }

    /// <summary>ONNX Runtime's median over the compiled backend's, of this run; null: not measured.</summary>
    public double? OnnxRuntimeOverCompiled { get; init; }

    public required string Machine { get; init; }

    public required string Runtime { get; init; }
}
