using ExecutionPipeline.Control.Link;
using ExecutionPipeline.Pipeline.Telemetry;

namespace ExecutionPipeline.Control.Alerts;

/// <summary>A stage and how long it may take.</summary>
/// <param name="Name">As in the requirements.</param>
/// <param name="Part">Of an event's way.</param>
/// <param name="TargetNs">One of the bounds of <see cref="LatencyTotals"/>.</param>
public sealed record StageTarget(string Name, LatencyPart Part, long TargetNs)
{
    private const long NanosPerMicro = 1_000;

    public long TargetUs => TargetNs / NanosPerMicro;
}

/// <summary>A figure beyond its target is degraded, beyond its limit critical.</summary>
/// <param name="Target">What is meant to be.</param>
/// <param name="Critical">What must not be passed.</param>
public sealed record ServiceLevel(double Target, double Critical);

/// <summary>
/// The one table of what is good enough, for health, alerts and answers; deploy/prometheus has the same figures.
/// Source: requirement document, KPIs.
/// </summary>
public static class ServiceLevels
{
    public static IReadOnlyList<StageTarget> Stages { get; } =
    [
        new("context_building", LatencyPart.Context, 50_000), new("agent_inference", LatencyPart.Inference, 200_000),
        new("order_validation", LatencyPart.Risk, 100_000), new("order_execution", LatencyPart.Routing, 500_000),
        new("total_pipeline", LatencyPart.EndToEnd, 1_000_000),
    ];

    public static ServiceLevel TotalP99Us { get; } = new(1_000, 2_000);

    public static ServiceLevel InferenceP95Us { get; } = new(200, 500);

    public static ServiceLevel RiskCheckP90Us { get; } = new(100, 200);

    public static ServiceLevel PlacementP90Us { get; } = new(500, 1_000);

    /// <summary>Of the worst twentieth of entries: a mean hides them.</summary>
    public static ServiceLevel FillRateP5 { get; } = new(.998, .99);

    public static ServiceLevel SlippageP95Bps { get; } = new(2, 5);

    public static ServiceLevel ImpactP90Bps { get; } = new(1.5, 3);

    /// <summary>Accuracy by agent.</summary>
    public static IReadOnlyDictionary<string, ServiceLevel> Agents { get; } = new Dictionary<string, ServiceLevel>
    {
        [AgentDesk.Agents[0]] = new(.75, .60),
        [AgentDesk.Agents[1]] = new(.70, .55),
        [AgentDesk.Agents[2]] = new(1.0, .95),
    };

    /// <summary>Of the whole machine, in percent.</summary>
    public const double CpuMostPct = 85;

    /// <summary>Of the whole machine, in percent.</summary>
    public const double MemoryMostPct = 80;

    /// <summary>Fewer signals or entries than these tell nothing of a percentile.</summary>
    public const int LeastSamples = 20;
}
