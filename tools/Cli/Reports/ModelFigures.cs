namespace ExecutionPipeline.Cli.Reports;

/// <summary>What a store's models did in a run.</summary>
public sealed record ModelFigures
{
    /// <summary>The version that decided at the end, 16 hexadecimal digits.</summary>
    public required string Version { get; init; }

    /// <summary>Commands that changed who decides.</summary>
    public long Changes { get; init; }

    /// <summary>In the order of their commands.</summary>
    public IReadOnlyList<CanaryReport> Canaries { get; init; } = [];
}
