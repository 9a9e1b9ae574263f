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
}
