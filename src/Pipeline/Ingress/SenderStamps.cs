using System.Runtime.CompilerServices;
using ExecutionPipeline.Messages.Events;

namespace ExecutionPipeline.Pipeline.Ingress;

/// <summary>The times that senders stamp messages with.</summary>
internal static class SenderStamps
{
    /// <summary>Brings them to the pipeline's time, which the system's is ahead of.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static void Shift(EventKind kind, ref EventPayload payload, long aheadNs)
    {
        switch (kind)
        {
            case EventKind.TradeQualified:
                Shift(ref payload.TradeQualified.SignalTimeNs, aheadNs);
                Shift(ref payload.TradeQualified.IntendedSendTimeNs, aheadNs);
                Shift(ref payload.TradeQualified.SendTimeNs, aheadNs);
                break;
            case EventKind.MarketUpdate:
                Shift(ref payload.MarketUpdate.SendTimeNs, aheadNs);
                break;
            default:
                Shift(ref payload.Command.SendTimeNs, aheadNs);
                break;
        }
    }

    /// <summary>It stays a time that the edge takes, so that the journal of the event can be read again.</summary>
    private static void Shift(ref long timeNs, long aheadNs) =>
        timeNs = aheadNs > 0 ? Math.Max(1, timeNs - aheadNs) : timeNs + Math.Min(-aheadNs, long.MaxValue - timeNs);
}
