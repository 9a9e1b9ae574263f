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
                payload.TradeQualified.IntendedSendTimeNs -= aheadNs;
                payload.TradeQualified.SendTimeNs -= aheadNs;
                break;
            case EventKind.MarketUpdate:
                payload.MarketUpdate.SendTimeNs -= aheadNs;
                break;
            default:
                payload.Command.SendTimeNs -= aheadNs;
                break;
        }
    }
}
