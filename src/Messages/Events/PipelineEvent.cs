using System.Runtime.InteropServices;

namespace ExecutionPipeline.Messages.Events;

/// <summary>
/// The one event of the ring, eleven cache lines, written in place stage by stage. Each block has one writer.
/// <code>
///   0  Header      ingress      32
///  32  Payload     ingress     160   the first 192 bytes are the input: what is recorded and replayed
/// 192  Features    context      64   TRADE_QUALIFIED: the policies' input
/// 256  Portfolio   context     128
/// 384  Decision    inference    80   not for execution reports
/// 384  Resolution  context      48   execution report: what it amounts to
/// 464  Verdict     risk         80
/// 544  Routing     routing      96
/// 640  Timestamps  threads      48   telemetry only
/// 688  Signal      context      16   TRADE_QUALIFIED: whether it was taken in before
/// </code>
/// </summary>
[StructLayout(LayoutKind.Explicit, Size = SizeBytes)]
public struct PipelineEvent
{
    public const int SizeBytes = 704;

    /// <summary>Header and payload: what determines everything after it.</summary>
    public const int InputSizeBytes = EventHeader.SizeBytes + EventPayload.SizeBytes;

    [FieldOffset(0)] public EventHeader Header;
    [FieldOffset(32)] public EventPayload Payload;
    [FieldOffset(192)] public ContextFeatures Features;
    [FieldOffset(256)] public PortfolioSnapshot Portfolio;
    [FieldOffset(384)] public Decision Decision;
    [FieldOffset(384)] public ExecutionResolution Resolution;
    [FieldOffset(464)] public RiskVerdict Verdict;
    [FieldOffset(544)] public RoutingResult Routing;
    [FieldOffset(640)] public StageTimestamps Timestamps;
    [FieldOffset(688)] public SignalResolution Signal;

    /// <summary>Everything that made the order smaller than the policy chose: the guard's cuts and risk's.</summary>
    public readonly SizeCuts Cuts =>
        Verdict.ApprovedQuantity > 0 && Verdict.ApprovedQuantity < Decision.Quantity
            ? Decision.Cuts | SizeCuts.Risk
            : Decision.Cuts;
}

/// <summary>
/// The first 32 bytes of a ring event. <see cref="TimeNs"/> is the only time that a stage may use:
/// nothing on the ring reads a clock, so a recorded input gives the same outputs again.
/// </summary>
[StructLayout(LayoutKind.Explicit, Size = SizeBytes)]
public struct EventHeader
{
    public const int SizeBytes = 32;

    [FieldOffset(0)] public EventKind Kind;

    /// <summary>
    /// 1 when the inference backend was slow as ingress took the event in. A measured time is an input like any other:
    /// here it is recorded, and a replay decides the same.
    /// </summary>
    [FieldOffset(2)] public byte SlowBackend;

    /// <summary>Index into the configured instruments. Every event concerns exactly one.</summary>
    [FieldOffset(4)] public int InstrumentIndex;

    /// <summary>When ingress took the event in, in nanoseconds since the Unix epoch, UTC.</summary>
    [FieldOffset(8)] public long TimeNs;

    /// <summary>Signal id, order id or command id: what an operator would search for.</summary>
    [FieldOffset(16)] public ulong CorrelationId;

    [FieldOffset(24)] public long Reserved;
}

/// <summary>What a ring event carries: it selects the member of the payload union.</summary>
public enum EventKind : byte
{
    None = 0,
    TradeQualified = 1,
    MarketUpdate = 2,
    ExecutionReport = 3,
    Command = 4,
    Timer = 5,

    /// <summary>A command that concerns who decides; see <see cref="CommandKind.DeployModel"/>.</summary>
    Model = 6,

    /// <summary>A request to a venue: in the journal of a venue's process alone, never on the ring.</summary>
    VenueRequest = 7,
}

/// <summary>Which kinds there are.</summary>
public static class EventKinds
{
    /// <summary>Those that come over the ring.</summary>
    public static IEnumerable<EventKind> OfRing { get; } =
        Enum.GetValues<EventKind>().Where(static kind => kind is not (EventKind.None or EventKind.VenueRequest));
}

/// <summary>The payloads over each other; <see cref="EventHeader.Kind"/> says which one is there.</summary>
[StructLayout(LayoutKind.Explicit, Size = SizeBytes)]
public struct EventPayload
{
    public const int SizeBytes = 160;

    [FieldOffset(0)] public TradeQualified TradeQualified;
    [FieldOffset(0)] public MarketUpdate MarketUpdate;
    [FieldOffset(0)] public ExecutionReport ExecutionReport;
    [FieldOffset(0)] public Command Command;
    [FieldOffset(0)] public TimerTick Timer;
    [FieldOffset(0)] public VenueRequest VenueRequest;
}

/// <summary>
/// Wall-clock stamps in nanoseconds since the Unix epoch, written by the threads that run the stages and read by
/// telemetry alone: no stage decides by them and no outbound message carries them.
/// </summary>
[StructLayout(LayoutKind.Explicit, Size = SizeBytes)]
public struct StageTimestamps
{
    public const int SizeBytes = 48;

    /// <summary>
    /// Ingress has the message in hand. The same reading as <see cref="EventHeader.TimeNs"/> in a live run.
    /// </summary>
    [FieldOffset(0)] public long ReceivedNs;
    [FieldOffset(8)] public long ContextStartNs;
    [FieldOffset(16)] public long ContextDoneNs;
    [FieldOffset(24)] public long InferenceDoneNs;
    [FieldOffset(32)] public long RiskDoneNs;

    /// <summary>The order has left for the venue.</summary>
    [FieldOffset(40)] public long RoutingDoneNs;
}
