using System.Text.Json.Serialization;

namespace ExecutionPipeline.Cli.Reports;

/// <summary>
/// The figures of one measured run, warm-up left out. The first keys are the ones that every measuring command
/// writes; what follows <see cref="Machine"/> explains them.
/// </summary>
public sealed record RunReport
{
    /// <summary>Signals that the tactical engine sent, malformed ones included; null: it did not say.</summary>
    public long? EventsSent { get; init; }

    /// <summary>Signals that went through every stage, whoever sent them.</summary>
    public long EventsProcessed { get; init; }

    /// <summary>
    /// Sent, but neither processed nor rejected with a reason, warm-up included; null: it is not known what was sent.
    /// </summary>
    public long? EventsLost { get; init; }

    /// <summary>Orders that left for the venue.</summary>
    public long Orders { get; init; }

    /// <summary>Executions, of which an order can have several.</summary>
    public long Fills { get; init; }

    /// <summary>
    /// Signals of the tactical engine that were dropped at the edge, each with a reason; of all senders where it is not
    /// known which one was the engine.
    /// </summary>
    public long Rejected { get; init; }

    public required StageLatencies LatencyNs { get; init; }

    /// <summary>
    /// The later of what two spinning threads that do nothing saw on this machine during this run, taken as
    /// independent: a latency that needs both processors waits for the one that is late.
    /// </summary>
    public required LatencySummary PlatformHiccupNs { get; init; }

    /// <summary>Signals that went through, by second of <see cref="ElapsedS"/>.</summary>
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

    /// <summary>What each of the two threads saw: the pipeline's ingress and the engine's sender.</summary>
    public IReadOnlyDictionary<string, LatencySummary> PlatformHiccupByThreadNs { get; init; } =
        new Dictionary<string, LatencySummary>();

    /// <summary>What the slowest signals waited for; null: that was not asked for.</summary>
    public TailFigures? Tail { get; init; }

    /// <summary>The run came to its own end.</summary>
    public bool IsComplete { get; init; }

    /// <summary>What the operator must know of the start, as a kill switch that was latched; null: nothing.</summary>
    public string? StartNote { get; init; }

    public long EventsWarmup { get; init; }

    /// <summary>
    /// From the sending of the first signal of all, warm-up included, until routing was done with it; 0: there was
    /// none.
    /// </summary>
    public long FirstSignalNs { get; init; }

    /// <summary>
    /// From when the first measured signal was to be sent until the last one was through the stages, in seconds.
    /// </summary>
    public double ElapsedS { get; init; }

    /// <summary>Why what was asked for does not decide; null: it does.</summary>
    public string? InferenceProblem { get; init; }

    /// <summary>Bytes that each hot thread allocated in the measured time, by thread.</summary>
    public IReadOnlyDictionary<string, long> AllocatedBytesByThread { get; init; } = Nothing;

    /// <summary>What became of each signal: order sent, hold, refused and so on.</summary>
    public IReadOnlyDictionary<string, long> Outcomes { get; init; } = Nothing;

    /// <summary>Messages on the signal stream that were dropped at the edge, of all senders, by reason.</summary>
    public IReadOnlyDictionary<string, long> RejectedByReason { get; init; } = Nothing;

    /// <summary>Messages on the market data stream that were dropped at the edge, by reason.</summary>
    public IReadOnlyDictionary<string, long> MarketRejectedByReason { get; init; } = Nothing;

    /// <summary>Messages on the command stream that were dropped at the edge, by reason.</summary>
    public IReadOnlyDictionary<string, long> CommandsRejectedByReason { get; init; } = Nothing;

    /// <summary>What came in, by stream and sender, warm-up included.</summary>
    public IReadOnlyList<SenderReport> Senders { get; init; } = [];

    /// <summary>Signals of others than the run's own engine, which the figures include.</summary>
    public long OtherSignals => Senders
        .Where(static sender => sender.Stream == SenderReport.Signals && sender.Sender == SenderReport.Other)
        .Sum(static sender => sender.Received);

    /// <summary>Decisions that a limit refused, by limit; a decision that breaks several counts at each.</summary>
    public IReadOnlyDictionary<string, long> RefusedByReason { get; init; } = Nothing;

    /// <summary>Signals that were not left to the models, by why.</summary>
    public IReadOnlyDictionary<string, long> DecidedLate { get; init; } = Nothing;

    /// <summary>Decisions made smaller than the policy chose, by what did; several can.</summary>
    public IReadOnlyDictionary<string, long> SizesCut { get; init; } = Nothing;

    /// <summary>What a store's models did; null without a store.</summary>
    public ModelFigures? Models { get; init; }

    public OrderFigures OrderFigures { get; init; } = new();

    /// <summary>How the decisions of each strategy were executed, from the first measured signal on.</summary>
    public IReadOnlyList<StrategyFigures> ByStrategy { get; init; } = [];

    /// <summary>Trades by what ended them: take profit, stop loss, time-out and so on.</summary>
    public IReadOnlyDictionary<string, long> ExitReasons { get; init; } = Nothing;

    /// <summary>How each strategy's schedule executes; null where the run had no second part.</summary>
    public ScheduleFigures? Schedules { get; init; }

    /// <summary>Outbound messages since the first measured signal, by kind.</summary>
    public IReadOnlyDictionary<string, long> Outbound { get; init; } = Nothing;

    /// <summary>What the tactical engine said of itself; null when it could not.</summary>
    [JsonPropertyName("sender")]
    public EngineReport? Engine { get; init; }

    public required RunSettings Settings { get; init; }

    private static IReadOnlyDictionary<string, long> Nothing { get; } = new Dictionary<string, long>();
}

/// <summary>What one sender sent on one stream, and what came in of it, warm-up included.</summary>
public sealed record SenderReport
{
    public const string Signals = "signals";
    public const string Engine = "engine";
    public const string Other = "other";
    public const string Unknown = "unknown";

    /// <summary>signals, market or commands.</summary>
    public required string Stream { get; init; }

    /// <summary>engine: the run's own; other: another process; unknown: the engine left no report.</summary>
    public required string Sender { get; init; }

    /// <summary>Aeron's session id; null: several senders that were counted together, or none came in.</summary>
    public int? Session { get; init; }

    /// <summary>What the sender says that it sent; null: it is not known.</summary>
    public long? Sent { get; init; }

    /// <summary>What came in.</summary>
    public long Received { get; init; }

    /// <summary>Of that, what was dropped at the edge, with a reason.</summary>
    public long Rejected { get; init; }

    /// <summary>Sent and not come in; null: it is not known.</summary>
    public long? Lost => Sent - Received;
}

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

/// <summary>One distribution of latencies, in nanoseconds.</summary>
public sealed record LatencySummary
{
    /// <summary>How many values there are.</summary>
    public long Count { get; init; }

    public double Mean { get; init; }

    public long P50 { get; init; }

    public long P90 { get; init; }

    public long P99 { get; init; }

    [JsonPropertyName("p99_9")]
    public long P999 { get; init; }

    [JsonPropertyName("p99_99")]
    public long P9999 { get; init; }

    public long Max { get; init; }
}

/// <summary>What became of the orders of the measured run.</summary>
public sealed record OrderFigures
{
    public long Filled { get; init; }

    /// <summary>Orders that were filled in part before they ended: they count at their end too.</summary>
    public long PartiallyFilled { get; init; }

    public long Cancelled { get; init; }

    public long Expired { get; init; }

    public long RejectedByVenue { get; init; }

    /// <summary>Contracts executed.</summary>
    public long ContractsFilled { get; init; }

    /// <summary>Trades closed, from flat to flat or by a reversal.</summary>
    public long TradesClosed { get; init; }

    /// <summary>Signed contracts at the end, over all instruments.</summary>
    public long FinalPosition { get; init; }

    /// <summary>Realised profit and loss before fees, in the account's currency, exact.</summary>
    public decimal RealizedPnl { get; init; }

    /// <summary>In the account's currency, exact.</summary>
    public decimal Fees { get; init; }
}

/// <summary>What became of the parent orders of a strategy that have ended.</summary>
public record StrategyFigures
{
    /// <summary>As decisions name it.</summary>
    public required string Strategy { get; init; }

    /// <summary>Parent orders, one for each decision.</summary>
    public long Orders { get; init; }

    /// <summary>Orders sent to the venue for them.</summary>
    public long Slices { get; init; }

    public long ContractsOrdered { get; init; }

    public long ContractsExecuted { get; init; }

    /// <summary>
    /// Average price against the price of the decision, in basis points of it, positive is worse; null where nothing
    /// was executed.
    /// </summary>
    public double? CostBps { get; init; }
}

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

/// <summary>A canary beside the models that decided, on the same signals; warm-up included.</summary>
public sealed record CanaryReport
{
    /// <summary>Of the canary, 16 hexadecimal digits.</summary>
    public required string Version { get; init; }

    /// <summary>What became of it: running, promoted, rolled_back and so on.</summary>
    public required string State { get; init; }

    /// <summary>Share of the signals that it was asked for, in basis points.</summary>
    public int ShareBps { get; init; }

    /// <summary>Signals that it was asked for.</summary>
    public long Decisions { get; init; }

    /// <summary>Signals of the same time that the models beside it decided alone.</summary>
    public long Others { get; init; }

    /// <summary>Of its decisions: those where the likeliest size or strategy differs.</summary>
    public long Disagreements { get; init; }

    /// <summary>Of its decisions: answers out of bounds or not finite.</summary>
    public long Invalid { get; init; }

    /// <summary>Mean of its likeliest size less the other's, in contracts.</summary>
    public double MeanSizeDifference { get; init; }

    /// <summary>Mean time of one of its runs.</summary>
    public double MeanNs { get; init; }

    /// <summary>Mean time of a run of the models beside it, on the same signals.</summary>
    public double IncumbentMeanNs { get; init; }
}

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
