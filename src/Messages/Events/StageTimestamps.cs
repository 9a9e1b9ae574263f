using System.Runtime.InteropServices;

namespace ExecutionPipeline.Messages.Events;

/// <summary>
/// Wall-clock stamps in nanoseconds since the Unix epoch, written by the threads that run the stages and read by
/// telemetry alone: no stage decides by them and no outbound message carries them.
/// </summary>
[StructLayout(LayoutKind.Explicit, Size = SizeBytes)]
public struct StageTimestamps
{
    public const int SizeBytes = 64;

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
