using System.Runtime.CompilerServices;
using ExecutionPipeline.Messages.Events;

namespace ExecutionPipeline.Pipeline.Telemetry;

/// <summary>
/// The latencies of one signal by <see cref="LatencyPart"/>, in nanoseconds; negative where a clock was stepped.
/// </summary>
[InlineArray(Count)]
public struct LatencyReadings
{
    /// <summary>How many parts there are.</summary>
    public const int Count = (int)LatencyPart.Routing + 1;

    private long _first;

    /// <summary>Those of a signal that has been routed.</summary>
    public static LatencyReadings Of(ref readonly PipelineEvent e)
    {
        ref readonly var signal = ref e.Payload.TradeQualified;
        ref readonly var at = ref e.Timestamps;
        LatencyReadings readings = default;
        readings[(int)LatencyPart.EndToEnd] = at.RoutingDoneNs - signal.IntendedSendTimeNs;
        readings[(int)LatencyPart.Sender] = signal.SendTimeNs - signal.IntendedSendTimeNs;
        readings[(int)LatencyPart.Transport] = at.ReceivedNs - signal.SendTimeNs;
        readings[(int)LatencyPart.Ring] = at.ContextStartNs - at.ReceivedNs;
        readings[(int)LatencyPart.Context] = at.ContextDoneNs - at.ContextStartNs;
        readings[(int)LatencyPart.Inference] = at.InferenceDoneNs - at.ContextDoneNs;
        readings[(int)LatencyPart.Risk] = at.RiskDoneNs - at.InferenceDoneNs;
        readings[(int)LatencyPart.Routing] = at.RoutingDoneNs - at.RiskDoneNs;
        return readings;
    }
}
