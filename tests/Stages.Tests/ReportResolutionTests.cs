using ExecutionPipeline.Messages.Events;
using ExecutionPipeline.Stages.Tests.Routing;
using static ExecutionPipeline.Stages.Tests.StageRig;

namespace ExecutionPipeline.Stages.Tests;

/// <summary>What a venue reports moves position, pending orders and orders by the same contracts.</summary>
[TestFixture]
public class ReportResolutionTests
{
    [Test]
    public void ShouldBookBothWhenAVenueUsesAnExecutionIdAgainTheNextDay()
    {
        var rig = NewRig();
        var first = rig.Signal(Side.Buy, 2).Routing.Order.OrderId;
        rig.Report(Trade(first, 7, last: 2, cumulative: 2, ordered: 2));
        rig.TimeNs += 86_400 * E9;
        var second = rig.Signal(Side.Buy, 3).Routing.Order.OrderId;
        var e = rig.Report(Trade(second, 7, last: 3, cumulative: 3, ordered: 3));

        Assert.That(e.Routing.Disposition, Is.EqualTo(ReportDisposition.Applied));
        AssertSettled(rig, position: 5, pending: 0);
        Assert.That(rig.Routing.FilledQuantity, Is.EqualTo(5));
    }

    [Test]
    public void ShouldSettleEverythingWhenAReportWasMissed()
    {
        var rig = NewRig();
        var id = rig.Signal(Side.Buy, 10).Routing.Order.OrderId;
        rig.Report(Trade(id, 1, last: 2, cumulative: 2, ordered: 10));
        var e = rig.Report(Trade(id, 3, last: 1, cumulative: 7, ordered: 10));

        Assert.That((e.Resolution.Booked, e.Resolution.Inferred), Is.EqualTo((5, 4)));
        Assert.That(e.Routing.Disposition, Is.EqualTo(ReportDisposition.Inferred));
        Assert.That((e.Routing.Order.CumulativeQuantity, e.Routing.Order.LeavesQuantity), Is.EqualTo((7, 3)));
        AssertSettled(rig, position: 7, pending: 3);

        rig.Report(Trade(id, 2, last: 4, cumulative: 6, ordered: 10));
        AssertSettled(rig, position: 7, pending: 3);
    }

    [Test]
    public void ShouldSettleEverythingWhenTheEndTellsOfAMissedExecution()
    {
        var rig = NewRig();
        var id = rig.Signal(Side.Buy, 10).Routing.Order.OrderId;
        var e = rig.Report(new ExecutionReport
        {
            OrderId = id,
            ExecutionId = 1,
            Kind = ExecutionReportKind.Cancelled,
            Side = Side.Buy,
            CumulativeQuantity = 4,
            ReleasedQuantity = 6,
            OrderQuantity = 10,
        });

        Assert.That(e.Routing.Order.Status, Is.EqualTo(OrderStatus.Cancelled));
        Assert.That(e.Routing.Order.AveragePriceE9, Is.EqualTo(e.Portfolio.MarkPriceE9), "at the mark");
        AssertSettled(rig, position: 4, pending: 0);
        Assert.That(rig.Routing.Orders.WorkingOrders, Is.Zero);
    }

    [Test]
    public void ShouldHoldWhatWasExecutedWhenItIsMoreThanWasOrdered()
    {
        var rig = NewRig();
        var id = rig.Signal(Side.Buy, 3).Routing.Order.OrderId;
        var e = rig.Report(Trade(id, 1, last: 5, cumulative: 5, ordered: 3));
        Assert.That(e.Routing.Disposition, Is.EqualTo(ReportDisposition.Overfill));
        Assert.That(e.Routing.Order.Status, Is.EqualTo(OrderStatus.Filled));
        AssertSettled(rig, position: 5, pending: 0);
    }

    [Test]
    public void ShouldReleaseNothingTwiceWhenAnEndIsReportedTwice()
    {
        var rig = NewRig();
        var first = rig.Signal(Side.Buy, 3).Routing.Order.OrderId;
        rig.Signal(Side.Buy, 4);
        var end = new ExecutionReport
        {
            OrderId = first,
            ExecutionId = 0,
            Kind = ExecutionReportKind.Expired,
            Side = Side.Buy,
            ReleasedQuantity = 3,
        };
        rig.Report(end);
        rig.Report(end);
        AssertSettled(rig, position: 0, pending: 4);
        Assert.That(rig.Routing.Orders.WorkingOrders, Is.EqualTo(1));
    }

    private static StageRig NewRig()
    {
        var rig = new StageRig(gateway: new SilentVenue(), garbage: 0xA5);
        rig.Market(100, 100.25);
        return rig;
    }

    private static void AssertSettled(StageRig rig, int position, int pending)
    {
        Assert.That(rig.Portfolio.Position(0), Is.EqualTo(position), "position");
        Assert.That(rig.Risk.PendingQuantity(0), Is.EqualTo(pending), "pending");
        Assert.That(rig.Routing.Orders.NetWorkingQuantity(0), Is.EqualTo(pending), "orders");
    }

    private static ExecutionReport Trade(ulong order, ulong execution, int last, int cumulative, int ordered) => new()
    {
        OrderId = order,
        ExecutionId = execution,
        Kind = ExecutionReportKind.Trade,
        Side = Side.Buy,
        LastQuantity = last,
        CumulativeQuantity = cumulative,
        LeavesQuantity = Math.Max(0, ordered - cumulative),
        LastPriceE9 = Price(100.25),
        OrderQuantity = ordered,
    };
}
