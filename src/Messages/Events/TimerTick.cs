using System.Runtime.InteropServices;

namespace ExecutionPipeline.Messages.Events;

/// <summary>Whom a timer was set for.</summary>
public enum TimerOwner : byte
{
    None = 0,

    /// <summary>Risk, once a second: breakers recover and orders grow overdue without other events.</summary>
    Risk = 1,
}

/// <summary>A timer that is due: time passing, for what must happen without another input.</summary>
[StructLayout(LayoutKind.Explicit)]
public struct TimerTick
{
    /// <summary>When it was due, in nanoseconds since the Unix epoch, UTC.</summary>
    [FieldOffset(0)] public long DueTimeNs;

    /// <summary>Which timer it is: none has another's identity.</summary>
    [FieldOffset(8)] public ulong TimerId;

    [FieldOffset(16)] public TimerOwner Owner;
}
