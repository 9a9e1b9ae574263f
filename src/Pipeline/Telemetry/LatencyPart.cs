namespace ExecutionPipeline.Pipeline.Telemetry;

/// <summary>
/// The parts of an event's way, in order. Those after <see cref="EndToEnd"/> add up to it.
/// </summary>
public enum LatencyPart
{
    /// <summary>From the intended send time at the tactical engine to the order leaving for the venue.</summary>
    EndToEnd,

    /// <summary>From the intended to the actual send time: how late the sender was.</summary>
    Sender,

    /// <summary>From the send to ingress having the message in hand.</summary>
    Transport,

    /// <summary>Validation, the ring, and the way to the context stage.</summary>
    Ring,

    Context,

    Inference,

    Risk,

    /// <summary>To the order having left for the venue.</summary>
    Routing,
}
