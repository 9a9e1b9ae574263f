using ExecutionPipeline.Execution.Orders;
using ExecutionPipeline.Execution.Venues;
using ExecutionPipeline.Messages.Events;
using ExecutionPipeline.Pipeline.Ingress;
using ExecutionPipeline.Pipeline.Recovery;
using ExecutionPipeline.Pipeline.Ring;

namespace ExecutionPipeline.Pipeline.Tests.Recovery;

/// <summary>In a replay a venue of the process gets what it got in the run, and no more.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class StoppedRequestsTests : IReportSink, IVenueGateway
{
    private readonly StoppedRequests _stopped = new();
    private readonly List<long> _submitted = [];
    private readonly List<long> _replaced = [];

    [Test]
    public void ShouldNotReachTheVenueInAReplayWhenTheGateStoppedItInTheRun()
    {
        var gate = new KillGate(new TradingFault());
        var gated = new GatedVenue(this, gate, this);
        Ask(gated, 1);
        gate.Request(CommandReason.Host);
        Ask(gated, 2);
        gate.TakeRequest(events: 1);
        PipelineEvent kill = default;
        kill.Header.Kind = EventKind.Command;
        kill.Payload.Command.Kind = CommandKind.Kill;
        gate.OnRouted(in kill);
        Ask(gated, 3);
        Assert.That((_submitted, _replaced), Is.EqualTo((new List<long> { 1, 3 }, new List<long> { 1, 3 })));

        var replayed = new ReplayedRequests(this, _stopped);
        _submitted.Clear();
        _replaced.Clear();
        for (var timeNs = 1; timeNs <= 3; timeNs++)
            Ask(replayed, timeNs);
        Assert.That((_submitted, _replaced), Is.EqualTo((new List<long> { 1, 3 }, new List<long> { 1, 3 })));
    }

    public void OnReport(in ExecutionReport report) => _stopped.Add(in report);

    public void Submit(in Order order, long timeNs) => _submitted.Add(timeNs);

    public void Replace(in Order order, in OrderTerms terms, long timeNs) => _replaced.Add(timeNs);

    public void Cancel(in Order order, long timeNs)
    {
    }

    public bool TryCancelAll(long timeNs) => true;

    public void RequestStatus(in Order order, long timeNs)
    {
    }

    public void RequestOpenOrders(long timeNs)
    {
    }

    /// <summary>A new order each time, and the same one is to be larger.</summary>
    private static void Ask(IVenueGateway venue, long timeNs)
    {
        venue.Submit(new Order { OrderId = 100 + (ulong)timeNs, Side = Side.Buy, Quantity = 3 }, timeNs);
        var resting = new Order { OrderId = 7, Side = Side.Buy, Quantity = 3, Status = OrderStatus.PendingReplace };
        venue.Replace(resting, new OrderTerms(4, 0, 0), timeNs);
    }
}
