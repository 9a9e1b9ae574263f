using ExecutionPipeline.Messages.Events;
using ExecutionPipeline.Stages.Risk;
using ExecutionPipeline.Stages.Tests.Routing;
using static ExecutionPipeline.Stages.Tests.StageRig;

namespace ExecutionPipeline.Stages.Tests.Risk;

/// <summary>What may still be executed is counted by order: no report frees another order's contracts.</summary>
[TestFixture]
public class PendingOrdersTests
{
    private ulong _lastExecution;

    [Test]
    public void ShouldKeepWhatIsPendingWhenAnEndedOrderIsFilledLate()
    {
        var rig = new StageRig(Generous with { MaxPosition = 10 }, gateway: new SilentVenue());
        rig.Market(100, 100.25);
        var first = rig.Signal(Side.Buy, 5).Routing.Order.OrderId;
        rig.Report(Report(first, ExecutionReportKind.Cancelled, released: 5));
        rig.Signal(Side.Buy, 5);
        rig.Report(Report(first, ExecutionReportKind.Trade, last: 5));

        Assert.That(rig.Portfolio.Position(0), Is.EqualTo(5));
        Assert.That(rig.Risk.PendingQuantity(0), Is.EqualTo(5), "the second order is still out");
        Assert.That(rig.Signal(Side.Buy, 1).Verdict.Violations, Is.EqualTo(RiskViolations.Position));
    }

    [TestCase(7ul, Side.Buy, 0)]
    [TestCase(1ul, Side.Sell, 0)]
    [TestCase(1ul, Side.Buy, 1)]
    public void ShouldKeepWhatIsPendingWhenAReportIsOfNoOrderThatWasSent(ulong id, Side side, int instrument)
    {
        var rig = new StageRig(instruments: 2, gateway: new SilentVenue());
        rig.Market(100, 100.25);
        rig.Market(100, 100.25, instrument: 1);
        Assert.That(rig.Signal(Side.Buy, 5).Verdict.ParentId, Is.EqualTo(1));
        rig.Signal(Side.Sell, 5, instrument: 1);

        rig.Report(Report(Child(id), ExecutionReportKind.Trade, last: 5) with
        {
            Side = side,
            InstrumentIndex = instrument,
        });

        Assert.That((rig.Risk.PendingQuantity(0), rig.Risk.PendingQuantity(1)), Is.EqualTo((5, -5)));
    }

    [Test]
    public void ShouldFreeNoMoreThanTheOrderHasWhenAReportSaysMore()
    {
        var rig = new StageRig(gateway: new SilentVenue());
        rig.Market(100, 100.25);
        var first = rig.Signal(Side.Buy, 2).Routing.Order.OrderId;
        rig.Signal(Side.Buy, 3);
        rig.Report(Report(first, ExecutionReportKind.Expired, released: 100));
        Assert.That(rig.Risk.PendingQuantity(0), Is.EqualTo(3));
    }

    /// <summary>So many ids that looking at each would never come to its end.</summary>
    [Test]
    public void ShouldNotLookAtEachIdWhenIdsWereLeftOut()
    {
        const int restarts = 1_000_000;
        var pending = new PendingOrders();
        pending.Skip(0);
        pending.Add(0, 1, timeNs: 0);
        Leave(pending, restarts);
        pending.Add(0, 1, timeNs: 100);

        Assert.That(pending.TryTakeOverdue(timeNs: 9, deadlineNs: 10), Is.False);
        Assert.That(pending.TryTakeOverdue(timeNs: 10, deadlineNs: 10), "the first order");
        Assert.That(pending.TryTakeOverdue(timeNs: 109, deadlineNs: 10), Is.False);
        Leave(pending, restarts);
        Assert.That(pending.TryTakeOverdue(timeNs: 110, deadlineNs: 10), "the second one");
        Leave(pending, restarts);
        var last = pending.Add(0, 1, timeNs: 200);
        Assert.That(last, Is.EqualTo(3 + 3 * (ulong)restarts * int.MaxValue));
        Assert.That(pending.TryTakeOverdue(timeNs: 300, deadlineNs: 10), "the third one");

        static void Leave(PendingOrders pending, int restarts)
        {
            for (var i = 0; i < restarts; i++)
                pending.Skip(int.MaxValue);
        }
    }

    [Test]
    public void ShouldAgreeWithAListWhenOrdersAndReportsAreRandom()
    {
        const int orders = 100_000;
        var random = TestSeed.NewRandom();
        var pending = new PendingOrders();
        var open = new List<(ulong Id, int Instrument, int Signed)>();
        var lastId = 0ul;
        for (var i = 0; i < orders; i++)
        {
            var (instrument, signed) = (random.Next(3), random.Next(1, 6) * (random.Next(2) * 2 - 1));
            var id = pending.Add(instrument, signed, i);
            Assert.That(id, Is.GreaterThan(lastId));
            lastId = id;
            open.Add((id, instrument, signed));
            // One in a thousand is never settled: its place must not be given away.
            var place = random.Next(open.Count);
            var (settledId, at, left) = open[place];
            if (settledId % 1_000 == 0)
                continue;

            var told = random.Next(1, 8);
            var report = Report(Child(settledId), ExecutionReportKind.Trade, last: told) with
            {
                InstrumentIndex = at,
                Side = left > 0 ? Side.Buy : Side.Sell,
            };
            var settled = pending.Settle(report, new ExecutionResolution { Booked = told }, out _);
            Assert.That(settled, Is.EqualTo(Math.Min(told, Math.Abs(left))));
            left -= Math.Sign(left) * settled;
            open[place] = (settledId, at, left);
            if (left == 0)
                open.RemoveAt(place);
        }
    }

    [Test]
    public void ShouldFreeOnePlaceWhenAnEndedOrderIsExecutedLate()
    {
        const int places = 32_768;
        var pending = new PendingOrders();
        var first = pending.Add(0, 2, 0);
        for (var i = 1; i < places; i++)
        {
            Assert.That(pending.IsFull, Is.False, $"{i} orders");
            pending.Add(0, 2, 0);
        }

        Assert.That(pending.IsFull, Is.True);
        var trade = Report(Child(first), ExecutionReportKind.Trade, last: 1);
        Assert.That(pending.Settle(trade, new ExecutionResolution { Booked = 1 }, out _), Is.EqualTo(1));
        Assert.That(pending.IsFull, Is.True, "it works on");
        var childEnd = Report(Child(first), ExecutionReportKind.Cancelled, released: 1);
        Assert.That(pending.Settle(childEnd, new ExecutionResolution { Ended = 1 }, out _), Is.Zero, "a slice");
        var end = Report(OrderIds.Of(first, 0), ExecutionReportKind.Cancelled, released: 1) with
        {
            Venue = ExecutionReport.OwnVenue,
        };
        Assert.That(pending.Settle(end, new ExecutionResolution { Ended = 1 }, out _), Is.EqualTo(1));
        Assert.That(pending.Settle(trade, new ExecutionResolution { Booked = 1 }, out _), Is.Zero);
        Assert.That(pending.Settle(end, new ExecutionResolution { Ended = 1 }, out _), Is.Zero);
        Assert.That(pending.IsFull, Is.False);
        pending.Add(0, 2, 0);
        Assert.That(pending.IsFull, Is.True, "one place was free");
    }

    [TestCase(ReportDisposition.Illegal)]
    [TestCase(ReportDisposition.Duplicate)]
    public void ShouldSettleNothingWhenAReportIsRefusedOrOfAnotherOrder(ReportDisposition disposition)
    {
        var pending = new PendingOrders();
        var id = pending.Add(0, 2, 0);
        var refused = new ExecutionResolution { Booked = 2, Ended = 1, Disposition = disposition };
        var trade = Report(Child(id), ExecutionReportKind.Trade, last: 2);
        Assert.That(pending.Settle(trade, refused, out var isFirst), Is.Zero);
        Assert.That(isFirst, Is.False);
        var applied = refused with { Disposition = ReportDisposition.Applied };
        Assert.That(pending.Settle(Report(Child(id + 1), ExecutionReportKind.Trade), applied, out isFirst), Is.Zero);
        Assert.That(isFirst, Is.False);
        Assert.That(pending.Settle(Report(Child(id), ExecutionReportKind.Trade), applied, out isFirst), Is.EqualTo(2));
        Assert.That(isFirst, Is.True);
    }

    [Test]
    public void ShouldTellOfEachUnansweredOrderOnce()
    {
        var pending = new PendingOrders();
        var answered = pending.Add(0, 1, 100);
        pending.Add(0, 1, 200);
        var told = new ExecutionResolution { Disposition = ReportDisposition.Applied };
        pending.Settle(Report(Child(answered), ExecutionReportKind.New), told, out var isFirst);
        Assert.That(isFirst, Is.True);
        var trade = Report(Child(answered), ExecutionReportKind.Trade, last: 1);
        pending.Settle(trade, told with { Booked = 1 }, out isFirst);
        Assert.That(isFirst, Is.False);

        Assert.That(pending.TryTakeOverdue(249, 50), Is.False);
        Assert.That(pending.TryTakeOverdue(250, 50), Is.True);
        Assert.That(pending.TryTakeOverdue(long.MaxValue, 50), Is.False);
    }

    private static ulong Child(ulong parentId) => OrderIds.Of(parentId, 9);

    private ExecutionReport Report(ulong id, ExecutionReportKind kind, int last = 0, int released = 0) => new()
    {
        OrderId = id,
        ExecutionId = ++_lastExecution,
        Kind = kind,
        Side = Side.Buy,
        LastQuantity = last,
        CumulativeQuantity = last,
        ReleasedQuantity = released,
        LastPriceE9 = Price(100),
    };
}
