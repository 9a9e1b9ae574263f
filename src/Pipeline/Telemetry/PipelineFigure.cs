using ExecutionPipeline.Native;

namespace ExecutionPipeline.Pipeline.Telemetry;

/// <summary>
/// What a pipeline publishes of itself: a counter of the media driver for each figure, and for each index where there
/// are several. The numbers are part of the counters' keys, so they do not change.
/// </summary>
public enum PipelineFigure
{
    /// <summary>When the figures were written, in nanoseconds since the Unix epoch, by the system's clock.</summary>
    HeartbeatNs = 1,

    /// <summary>Events that have passed the last stage.</summary>
    EventsThrough = 2,

    /// <summary>The time of the last event, in nanoseconds since the Unix epoch.</summary>
    LastEventNs = 3,

    /// <summary>Events through the last stage, by <see cref="Messages.Events.EventKind"/>.</summary>
    Events = 4,

    /// <summary>Signals by what became of them, a <see cref="Messages.Events.RoutingOutcome"/>.</summary>
    Signals = 5,

    /// <summary>Refused signals by the limit that they broke, a bit of RiskViolations.</summary>
    Refusals = 6,

    OrdersSent = 10,
    CancelsSent = 11,
    ReplacesSent = 12,
    Fills = 13,

    /// <summary>Contracts executed.</summary>
    ContractsFilled = 14,

    /// <summary>Orders that the venue refused.</summary>
    VenueRejects = 15,

    /// <summary>Messages that the edge refused.</summary>
    EdgeRejects = 16,

    WorkingOrders = 20,
    WorkingParents = 21,
    OpenTrades = 22,
    ClosedTrades = 23,

    /// <summary>Venues that are not connected: a bit each, by their numbers.</summary>
    LostVenues = 24,

    /// <summary>What latched the kill switch, a KillCause; 0: it is not latched.</summary>
    KillCause = 30,

    /// <summary>1 while no order leaves that adds risk: a kill is asked for or in force, or a fault.</summary>
    Killed = 31,

    /// <summary>A BreakerState for each BreakerKind.</summary>
    Breaker = 32,

    /// <summary>1 when something has failed and trading has ended.</summary>
    Fault = 33,

    /// <summary>Slots of the ring.</summary>
    RingSize = 40,

    /// <summary>Slots that hold an event which has not passed every stage.</summary>
    RingDepth = 41,

    /// <summary>Reports that wait for ingress.</summary>
    ReportsWaiting = 42,

    /// <summary>Outbound messages that no reader took.</summary>
    OutboundDropped = 43,

    /// <summary>What is wrong with the journal, a <see cref="Journal.JournalTrouble"/>.</summary>
    JournalTrouble = 44,

    /// <summary>Events in the journal; not published where there is none.</summary>
    JournalEvents = 45,

    /// <summary>Those of them that are not known to be on the disk; not published where nothing is synced.</summary>
    JournalLag = 46,

    /// <summary>In 1e-6 of the account's currency, as the three after it.</summary>
    Equity = 50,
    RealizedPnl = 51,
    UnrealizedPnl = 52,
    GrossNotional = 53,

    /// <summary>Signed contracts, by instrument id.</summary>
    Position = 60,

    /// <summary>The mark price in 1e-9, by instrument id.</summary>
    MarkPrice = 61,

    /// <summary>
    /// What the position has gained or lost since it was opened, in 1e-6 of the instrument's currency, by instrument
    /// id.
    /// </summary>
    OpenPnl = 62,

    /// <summary>1 while an operator lets no order leave that adds risk, by instrument id.</summary>
    EntriesStopped = 63,

    /// <summary>A limit by <see cref="LimitGauge"/>, in that gauge's unit.</summary>
    Limit = 70,

    /// <summary>How much of it is used, in the same unit.</summary>
    LimitUsed = 71,

    /// <summary>Signals of the last second whose latency is told.</summary>
    LatencyCountSecond = 80,

    /// <summary>Of the last minute.</summary>
    LatencyCountMinute = 81,

    /// <summary>In nanoseconds, by 8 times the <see cref="LatencyPart"/> plus the <see cref="LatencyRank"/>.</summary>
    LatencySecond = 82,

    /// <summary>The same of the last minute.</summary>
    LatencyMinute = 83,

    /// <summary>
    /// Latencies since the start that were at most as long as a bound of <see cref="LatencyTotals"/>, by 32 times the
    /// <see cref="LatencyPart"/> plus the bound's index.
    /// </summary>
    LatencyAtMost = 84,

    /// <summary>Their sum in nanoseconds, by <see cref="LatencyPart"/>.</summary>
    LatencySumNs = 85,

    /// <summary>
    /// When the pipeline began to publish, in nanoseconds since the Unix epoch, by the system's clock.
    /// </summary>
    StartedNs = 89,

    /// <summary>The pipeline's process.</summary>
    ProcessId = 90,

    /// <summary>Garbage collections of that process since its start, by generation.</summary>
    Collections = 91,

    /// <summary>Bytes that it has allocated on the managed heap since its start.</summary>
    AllocatedBytes = 92,

    /// <summary>How long its threads have stood still for collections, in nanoseconds.</summary>
    CollectionPauseNs = 93,

    /// <summary>Which namespace the process's number is of, as <see cref="ProcessNamespace.Own"/>.</summary>
    ProcessNamespace = 94,

    /// <summary>The last canary, by <see cref="CanaryGauge"/>; all 0 before the first.</summary>
    Canary = 100,
}

/// <summary>What is told of a canary and of the models that it runs beside, on the same signals.</summary>
public enum CanaryGauge
{
    /// <summary>A <see cref="Messages.Events.CanaryState"/>.</summary>
    State,

    /// <summary>As 64 bits.</summary>
    Version,

    /// <summary>Share of the signals that it is asked for, in basis points.</summary>
    ShareBps,

    /// <summary>Signals that it was asked for.</summary>
    Decisions,

    /// <summary>Signals of the same time that the models beside it decided alone.</summary>
    Others,

    /// <summary>Of its decisions: those without a valid answer.</summary>
    Invalid,

    /// <summary>Of its decisions: those where the likeliest size or strategy differs.</summary>
    Disagreements,

    /// <summary>Mean of its likeliest size less the other's, in 1e-6 of a contract.</summary>
    SizeDifferenceE6,

    /// <summary>Mean time of one of its runs, in nanoseconds.</summary>
    CandidateNs,

    /// <summary>Mean time of a run of the models beside it, in nanoseconds.</summary>
    IncumbentNs,
}

/// <summary>The percentiles that are told of latencies.</summary>
public enum LatencyRank
{
    P50,
    P90,
    P99,
    P999,
    Max,
}

/// <summary>Limits of which it is told how much is left. Money is in 1e-6 of the account's currency.</summary>
public enum LimitGauge
{
    /// <summary>The largest absolute position of any instrument, in contracts.</summary>
    Position,

    /// <summary>Money.</summary>
    Notional,

    /// <summary>Money.</summary>
    DailyVar,

    /// <summary>In 1e-9.</summary>
    DailyDrawdown,

    /// <summary>In 1e-9.</summary>
    WeeklyDrawdown,

    /// <summary>Orders for signals in the trading day.</summary>
    DailyTrades,

    /// <summary>Instruments.</summary>
    OpenPositions,
}
