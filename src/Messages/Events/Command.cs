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

    /// <summary>
    /// The first bytes of the models' hash, big-endian: 8 on the ring, and the last 4 are 0 as long as the store was
    /// not asked. 0: the rule-based policy, or none named.
    /// </summary>
    [FieldOffset(24)] public ulong ModelVersion;

    /// <summary>Where the loaded models lie for this run; a replay puts its own in its place.</summary>
    [FieldOffset(32)] public int ModelSlot;

    /// <summary>Share of the signals that a canary decides, in basis points, (0, 10,000].</summary>
    [FieldOffset(36)] public int CanaryShareBps;
}
