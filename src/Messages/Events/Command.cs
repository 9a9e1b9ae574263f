using System.Runtime.InteropServices;

namespace ExecutionPipeline.Messages.Events;

/// <summary>
/// An operator's command. One that concerns every instrument is written to the ring once for each of them, so that
/// an event always concerns exactly one instrument.
/// </summary>
[StructLayout(LayoutKind.Explicit)]
public struct Command
{
    [FieldOffset(0)] public ulong CommandId;
    [FieldOffset(8)] public CommandKind Kind;

    /// <summary>The operator's reason code, for the audit trail; see <see cref="CommandReason"/>.</summary>
    [FieldOffset(12)] public int Reason;

    [FieldOffset(16)] public long SendTimeNs;
}
