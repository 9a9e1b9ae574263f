using System.Runtime.InteropServices;

namespace ExecutionPipeline.Messages.Events;

/// <summary>
/// The first 32 bytes of a ring event. <see cref="TimeNs"/> is the only time that a stage may use:
/// nothing on the ring reads a clock, so a recorded input gives the same outputs again.
/// </summary>
[StructLayout(LayoutKind.Explicit, Size = SizeBytes)]
public struct EventHeader
{
    public const int SizeBytes = 32;

    [FieldOffset(0)] public EventKind Kind;
    [FieldOffset(1)] public EventFlags Flags;

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
