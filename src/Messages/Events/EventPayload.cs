using System.Runtime.InteropServices;

namespace ExecutionPipeline.Messages.Events;

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
}
