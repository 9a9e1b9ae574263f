namespace ExecutionPipeline.Stages.Inference.Models;

/// <summary>How a set of models was made: enough to make it again.</summary>
public sealed record ModelOrigin
{
    /// <summary>The program that made it.</summary>
    public required string Tool { get; init; }

    /// <summary>The command line that makes it again, byte for byte on a machine with the same vectors.</summary>
    public required string Command { get; init; }

    public required long Seed { get; init; }

    /// <summary>What kind of fitting this was, and what it was not.</summary>
    public required string Method { get; init; }

    /// <summary>What the models were fitted to.</summary>
    public required string Teacher { get; init; }

    public required int Steps { get; init; }
    public required int BatchSize { get; init; }

    /// <summary>Width of the machine's vectors in bits: sums are rounded in another order for another width.</summary>
    public required int VectorBits { get; init; }
}
