using ExecutionPipeline.Execution.Orders;
using ExecutionPipeline.Execution.Trades;
using ExecutionPipeline.Execution.Venues;

namespace ExecutionPipeline.Stages.Routing;

/// <summary>Where routing's outputs go beside the venue.</summary>
/// <param name="Actions">What events led to beside their own order.</param>
/// <param name="Reports">Routing's own reports, on their way to ingress.</param>
/// <param name="Timers">Timers that come back as events.</param>
public sealed record RoutingWays(ActionLog Actions, IReportSink Reports, ITimerSink Timers)
{
    /// <summary>How it deals with venues.</summary>
    public RoutingOptions Options { get; init; } = new();

    /// <summary>The ways to the venues behind the first.</summary>
    public IReadOnlyList<IVenueGateway> OtherVenues { get; init; } = [];

    /// <summary>How much routing can hold.</summary>
    public StageRoom Room { get; init; } = new();
}

/// <summary>How much the stages can hold at a time. All memory for it is taken at the start.</summary>
public sealed record StageRoom
{
    /// <summary>Orders that work. Default 16,384.</summary>
    public int Orders { get; init; } = OrderStore.DefaultCapacity;

    /// <summary>Orders told apart, a power of two and more than those that work. Default 32,768.</summary>
    public int OrderPlaces { get; init; } = ExecutionLedger.OrderPlaces;

    /// <summary>Parent orders. Default 32,768.</summary>
    public int Parents { get; init; } = ExecutionLedger.OrderPlaces;

    /// <summary>Trades. Default 4,096.</summary>
    public int Trades { get; init; } = TradeBook.DefaultCapacity;

    /// <summary>Actions of one event, a power of two. Default 65,536.</summary>
    public int Actions { get; init; } = ActionLog.DefaultCapacity;
}
