using ExecutionPipeline.Execution.Orders;
using ExecutionPipeline.Execution.Venues;
using ExecutionPipeline.Messages.Events;

namespace ExecutionPipeline.Stages.Tests;

/// <summary>Each stage allocates nothing once it runs; a last case shows that an allocation would be seen.</summary>
[TestFixture]
public class AllocationTests
{
    private const int Events = 4_000;

    [Test]
    public void ShouldAllocateNothingWhenContextIsBuilt() =>
        Assert.That(Measure(static (StageRig rig, ref PipelineEvent e) => rig.Context.OnEvent(ref e)), Is.Zero);

    [Test]
    public void ShouldAllocateNothingWhenRiskIsJudged() =>
        Assert.That(Measure(static (StageRig rig, ref PipelineEvent e) => rig.Risk.OnEvent(ref e)), Is.Zero);

    [Test]
    public void ShouldAllocateNothingWhenOrdersAreRouted() =>
        Assert.That(Measure(static (StageRig rig, ref PipelineEvent e) => rig.Routing.OnEvent(ref e)), Is.Zero);

    [Test]
    public void ShouldSeeTheAllocationWhenThereIsOne() => Assert.That(
        Measure(static (StageRig rig, ref PipelineEvent e) => GC.KeepAlive(new byte[1])),
        Is.GreaterThanOrEqualTo(Events));

    private delegate void Stage(StageRig rig, ref PipelineEvent e);

    private static long Measure(Stage stage) => AllocationMeter.FewestBytesOfEach(() => PrepareYear(stage));

    private static Action PrepareYear(Stage stage)
    {
        var rig = new StageRig(gateway: new QuietVenue());
        rig.Reserve(2 * Events);
        var events = new PipelineEvent[Events];
        for (var i = 0; i < Events; i++)
            events[i] = CreateEvent(rig, i);

        RunAll(stage, rig, events);
        // The measured round is a year later, so that days roll in it too.
        foreach (ref var e in events.AsSpan())
            e.Header.TimeNs += 365L * 86_400 * StageRig.E9;
        return () => RunAll(stage, rig, events);
    }

    private static void RunAll(Stage stage, StageRig rig, PipelineEvent[] events)
    {
        foreach (ref var e in events.AsSpan())
            stage(rig, ref e);
    }

    private static PipelineEvent CreateEvent(StageRig rig, int i)
    {
        rig.TimeNs += 120 * StageRig.E9;
        var kind = (EventKind)(1 + i % 5);
        var e = kind == EventKind.TradeQualified ? rig.NewSignal() : rig.NewEvent(kind, 0);
        e.Portfolio.MarkPriceE9 = StageRig.Price(5_000);
        e.Portfolio.AskPriceE9 = StageRig.Price(5_000.25);
        e.Verdict.ApprovedQuantity = kind == EventKind.TradeQualified ? 1 : 0;
        e.Decision = new Decision { Side = i % 2 == 0 ? Side.Buy : Side.Sell, Quantity = 1, StopLossAtr = 1 };
        if (kind == EventKind.MarketUpdate)
        {
            e.Payload.MarketUpdate = new MarketUpdate
            {
                BidPriceE9 = StageRig.Price(5_000 + i % 7),
                BidQuantity = 5,
                AskPriceE9 = StageRig.Price(5_001 + i % 7),
                AskQuantity = 5,
                TradePriceE9 = StageRig.Price(5_000),
                TradeQuantity = 1,
            };
        }
        else if (kind == EventKind.ExecutionReport)
        {
            e.Payload.ExecutionReport = new ExecutionReport
            {
                OrderId = (ulong)(1 + i / 5),
                Kind = ExecutionReportKind.Trade,
                Side = i % 2 == 0 ? Side.Buy : Side.Sell,
                LastQuantity = 1,
                CumulativeQuantity = 1,
                LastPriceE9 = StageRig.Price(5_000),
            };
        }
        else if (kind == EventKind.Command)
        {
            e.Payload.Command.Kind = (CommandKind)(1 + i % 4);
        }

        return e;
    }

    private sealed class QuietVenue : IVenueGateway
    {
        public void Submit(in Order order, long timeNs)
        {
        }

        public void Cancel(in Order order, long timeNs)
        {
        }

        public void Replace(in Order order, in OrderTerms terms, long timeNs)
        {
        }

        public bool TryCancelAll(long timeNs) => true;

        public void RequestStatus(in Order order, long timeNs)
        {
        }

        public void RequestOpenOrders(long timeNs)
        {
        }
    }
}
