namespace ExecutionPipeline.Messages.Events;

/// <summary>What became of a decision. Each TRADE_QUALIFIED event ends in exactly one of these.</summary>
public enum RoutingOutcome : byte
{
    None = 0,

    /// <summary>An order left for the venue.</summary>
    OrderSent = 1,

    /// <summary>The signal was to hold.</summary>
    Hold = 2,

    /// <summary>The policy chose zero contracts, or its sizing guard left none.</summary>
    ZeroSize = 3,

    /// <summary>A limit refused it: see <see cref="RiskVerdict.Violations"/>.</summary>
    RiskRefused = 4,

    /// <summary>The order store or the venue's queue is full.</summary>
    NoCapacity = 5,

    /// <summary>A cancel or close command found nothing to do.</summary>
    NothingToDo = 6,

    /// <summary>A cancel request left for the venue.</summary>
    CancelSent = 7,

    /// <summary>Refused as too late to decide: see <see cref="Decision.Lateness"/>.</summary>
    Late = 8,
}
