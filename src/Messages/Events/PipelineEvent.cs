using System.Runtime.InteropServices;

namespace ExecutionPipeline.Messages.Events;

/// <summary>
/// The one event of the ring, eleven cache lines, written in place stage by stage. Each block has one writer.
/// <code>
///   0  Header      ingress      32
///  32  Payload     ingress     160   the first 192 bytes are the input: what is recorded and replayed
/// 192  Features    context      64   TRADE_QUALIFIED: the policies' input
/// 192  ClosedTrade context      64   execution report: the trade that it ended
/// 256  Portfolio   context     128
/// 384  Decision    inference    80   not for execution reports
/// 384  Resolution  context      48   execution report: what it amounts to
/// 464  Verdict     risk         80
/// 544  Routing     routing      96
/// 640  Timestamps  threads      64   telemetry only
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
    [FieldOffset(192)] public ClosedTrade ClosedTrade;
    [FieldOffset(256)] public PortfolioSnapshot Portfolio;
    [FieldOffset(384)] public Decision Decision;
    [FieldOffset(384)] public ExecutionResolution Resolution;
    [FieldOffset(464)] public RiskVerdict Verdict;
    [FieldOffset(544)] public RoutingResult Routing;
    [FieldOffset(640)] public StageTimestamps Timestamps;

    /// <summary>Everything that made the order smaller than the policy chose: the guard's cuts and risk's.</summary>
    public readonly SizeCuts Cuts =>
        Verdict.ApprovedQuantity > 0 && Verdict.ApprovedQuantity < Decision.Quantity
            ? Decision.Cuts | SizeCuts.Risk
            : Decision.Cuts;
}
