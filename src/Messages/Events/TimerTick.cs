using System.Runtime.InteropServices;

namespace ExecutionPipeline.Messages.Events;

/// <summary>Time passing, for what must happen without another input.</summary>
[StructLayout(LayoutKind.Explicit)]
public struct TimerTick
{
    /// <summary>When the tick was due, in nanoseconds since the Unix epoch, UTC.</summary>
    [FieldOffset(0)] public long DueTimeNs;
}
