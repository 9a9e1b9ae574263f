namespace ExecutionPipeline.Cli.Models;

/// <summary>Everything that `xp models fit` was asked for, validated; paths are absolute.</summary>
public sealed record ModelsFitOptions
{
    /// <summary>Where the models and their manifest go.</summary>
    public required string OutputDirectory { get; init; }

    /// <summary>Seed of weights and samples; null: the fitting's own default.</summary>
    public long? Seed { get; init; }

    /// <summary>No progress is shown.</summary>
    public bool IsQuiet { get; init; }
}
