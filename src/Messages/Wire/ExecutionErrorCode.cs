namespace ExecutionPipeline.Messages.Wire;

/// <summary>Who refused something: it says how the reason of EXECUTION_ERROR is to be read.</summary>
public enum ExecutionErrorCode : byte
{
    None = 0,

    /// <summary>Ingress: a message did not pass. The reason is an <see cref="Ingress.RejectReason"/>.</summary>
    IngressRejected = 1,

    /// <summary>The venue: an order or cancel. The reason is an <see cref="Events.VenueRejectReason"/>.</summary>
    VenueRejected = 2,

    /// <summary>Risk: a decision. The reason is the bits of <see cref="Events.RiskViolations"/>.</summary>
    RiskRefused = 3,

    /// <summary>Routing: the order store or the venue's queue is full. The reason is 0.</summary>
    NoCapacity = 4,

    /// <summary>Inference: too late to decide. The reason is an <see cref="Events.DecisionLateness"/>.</summary>
    Late = 5,
}
