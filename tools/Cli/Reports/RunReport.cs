using System.Text.Json.Serialization;

namespace ExecutionPipeline.Cli.Reports;

/// <summary>
/// The figures of one measured run, warm-up left out. The first keys are the ones that every measuring command
/// writes; what follows <see cref="Machine"/> explains them.
/// </summary>
public sealed record RunReport
{
    /// <summary>Signals that the tactical engine sent, malformed ones included.</summary>
    public long EventsSent { get; init; }

    /// <summary>Signals that went through every stage.</summary>
    public long EventsProcessed { get; init; }

    /// <summary>Sent, but neither processed nor rejected with a reason.</summary>
    public long EventsLost { get; init; }

    /// <summary>Orders that left for the venue.</summary>
    public long Orders { get; init; }

    /// <summary>Executions, of which an order can have several.</summary>
    public long Fills { get; init; }

    /// <summary>Messages that were dropped at the edge, each with a reason.</summary>
    public long Rejected { get; init; }

    public required StageLatencies LatencyNs { get; init; }

    /// <summary>What a spinning thread that does nothing saw on this machine during this run.</summary>
    public required LatencySummary PlatformHiccupNs { get; init; }

    /// <summary>Signals a second that went through, over the measured time.</summary>
    public double ThroughputEps { get; init; }

    /// <summary>Bytes that the pipeline's hot threads allocated, by signal.</summary>
    public double AllocatedBytesPerEvent { get; init; }

    /// <summary>Garbage collections of the pipeline's process in the measured time.</summary>
    public long GcCollections { get; init; }

    public required string Topology { get; init; }

    public required string Driver { get; init; }

    public required string InferenceBackend { get; init; }

    /// <summary>Processors that the run could use, for instance "0,1".</summary>
    public required string CpuSet { get; init; }

    public required string Machine { get; init; }

    /// <summary>The run came to its own end.</summary>
    public bool IsComplete { get; init; }

    public long EventsWarmup { get; init; }

    public double ElapsedS { get; init; }

    /// <summary>Why what was asked for does not decide; null: it does.</summary>
    public string? InferenceProblem { get; init; }

    /// <summary>Bytes that each hot thread allocated in the measured time, by thread.</summary>
    public IReadOnlyDictionary<string, long> AllocatedBytesByThread { get; init; } = Nothing;

    /// <summary>What became of each signal: order sent, hold, refused and so on.</summary>
    public IReadOnlyDictionary<string, long> Outcomes { get; init; } = Nothing;

    /// <summary>Messages dropped at the edge, by reason.</summary>
    public IReadOnlyDictionary<string, long> RejectedByReason { get; init; } = Nothing;

    /// <summary>Decisions that a limit refused, by limit; a decision that breaks several counts at each.</summary>
    public IReadOnlyDictionary<string, long> RefusedByReason { get; init; } = Nothing;

    /// <summary>Signals that were not left to the models, by why.</summary>
    public IReadOnlyDictionary<string, long> DecidedLate { get; init; } = Nothing;

    /// <summary>Decisions made smaller than the policy chose, by what did; several can.</summary>
    public IReadOnlyDictionary<string, long> SizesCut { get; init; } = Nothing;

    /// <summary>What a store's models did; null without a store.</summary>
    public ModelFigures? Models { get; init; }

    public OrderFigures OrderFigures { get; init; } = new();

    /// <summary>Outbound messages, by kind.</summary>
    public IReadOnlyDictionary<string, long> Outbound { get; init; } = Nothing;

    /// <summary>What the tactical engine said of itself; null when it could not.</summary>
    [JsonPropertyName("sender")]
    public EngineReport? Engine { get; init; }

    public required RunSettings Settings { get; init; }

    private static IReadOnlyDictionary<string, long> Nothing { get; } = new Dictionary<string, long>();
}
