using System.Text.Json.Serialization;

namespace ExecutionPipeline.Cli.Reports;

/// <summary>
/// Latencies over the events that became orders, in nanoseconds, stage by stage in the order of their path.
/// </summary>
public sealed record StageLatencies
{
    /// <summary>From the intended send time at the tactical engine to the order leaving for the venue.</summary>
    public required LatencySummary EndToEnd { get; init; }

    /// <summary>From the actual send time to ingress having the message in hand.</summary>
    public required LatencySummary Transport { get; init; }

    /// <summary>
    /// From ingress having it in hand to the context stage starting on it: validation, ring, waiting.
    /// </summary>
    public required LatencySummary Ring { get; init; }

    public required LatencySummary Context { get; init; }

    public required LatencySummary Inference { get; init; }

    public required LatencySummary Risk { get; init; }

    /// <summary>To the order having left for the venue.</summary>
    public required LatencySummary Routing { get; init; }

    /// <summary>From the intended send time to the actual one: how late the sender itself was.</summary>
    public LatencySummary Sender { get; init; } = new();

    /// <summary>The parts that follow each other and add up to the whole, with their names, in their order.</summary>
    [JsonIgnore]
    public IReadOnlyList<(string Name, LatencySummary Latency)> Parts =>
    [
        ("sender", Sender), ("transport", Transport), ("ring", Ring), ("context", Context), ("inference", Inference),
        ("risk", Risk), ("routing", Routing),
    ];
}
