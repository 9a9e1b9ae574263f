using ExecutionPipeline.Messages.Events;
using ExecutionPipeline.Messages.Wire;

namespace ExecutionPipeline.Messages.Outbound;

/// <summary>
/// What a signal was answered: what was decided of it, what risk said, and which order it became. Where the signal
/// comes again, DECISION is written from this. Prices are in 1e-9, 0 where there is none.
/// </summary>
public record struct SignalAnswer
{
    public ulong OrderId;
    public ulong ParentId;
    public long StopPriceE9;
    public long TargetPriceE9;
    public long ArrivalPriceE9;
    public ulong ModelVersion;
    public RiskViolations Violations;

    /// <summary>Contracts decided.</summary>
    public int Quantity;

    /// <summary>Contracts approved.</summary>
    public int Approved;

    public byte InstrumentIndex;
    public TradeAction Action;
    public Side Side;
    public ExecutionStrategy Strategy;
    public DecisionSource Source;
    public RoutingOutcome Outcome;
    public byte SizeAction;
    public SizeCuts Cuts;
    public DecisionLateness Lateness;
    public byte Canary;
    public byte Reducing;

    /// <summary>The answer to a signal that all stages have handled.</summary>
    public static SignalAnswer Of(ref readonly PipelineEvent e) => new()
    {
        OrderId = e.Routing.Order.OrderId,
        ParentId = e.Verdict.ParentId,
        StopPriceE9 = e.Routing.Order.StopPriceE9,
        TargetPriceE9 = e.Routing.Order.TargetPriceE9,
        ArrivalPriceE9 = e.Routing.Order.ArrivalPriceE9,
        ModelVersion = e.Decision.ModelVersion,
        Violations = e.Verdict.Violations,
        Quantity = e.Decision.Quantity,
        Approved = e.Verdict.ApprovedQuantity,
        InstrumentIndex = (byte)e.Header.InstrumentIndex,
        Action = e.Payload.TradeQualified.Action,
        Side = e.Decision.Side,
        Strategy = e.Decision.Strategy,
        Source = e.Decision.Source,
        Outcome = e.Routing.Outcome,
        SizeAction = e.Decision.SizeAction,
        Cuts = e.Cuts,
        Lateness = e.Decision.Lateness,
        Canary = e.Decision.Canary,
        Reducing = e.Verdict.Reducing,
    };
}
