namespace ExecutionPipeline.Cli.Reports;

/// <summary>What a figure depends on beside the code.</summary>
public sealed record RunSettings
{
    public double RateEps { get; init; }

    public long Seed { get; init; }

    /// <summary>The file that was played, or "generator".</summary>
    public required string MarketData { get; init; }

    public double Speed { get; init; }

    public required string Wait { get; init; }

    /// <summary>Threads and the processors they are pinned to, for instance "pipeline 0, engine 1"; "none".</summary>
    public required string Pinned { get; init; }

    /// <summary>For instance ".NET 10.0.12".</summary>
    public required string Runtime { get; init; }

    /// <summary>The collector and compiler settings that the process runs with, by name.</summary>
    public IReadOnlyDictionary<string, string> RuntimeOptions { get; init; } = new Dictionary<string, string>();

    /// <summary>When the run began, UTC.</summary>
    public DateTimeOffset StartedAt { get; init; }

    /// <summary>The program's own version.</summary>
    public required string Version { get; init; }
}
