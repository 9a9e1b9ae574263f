using ExecutionPipeline.Execution.Orders;
using ExecutionPipeline.Messages.Events;

namespace ExecutionPipeline.Execution.Tests.Orders;

[TestFixture]
public class OrderStoreTests
{
    private static readonly OrderStatus[] Everything =
    [
        OrderStatus.PendingNew, OrderStatus.New, OrderStatus.PartiallyFilled, OrderStatus.PendingCancel,
        OrderStatus.Filled, OrderStatus.Cancelled, OrderStatus.Rejected, OrderStatus.Expired,
    ];

    /// <summary>What each report makes of each state of a 10-lot; the rows of <see cref="Everything"/>.</summary>
    private static readonly Dictionary<ExecutionReportKind, (ReportDisposition, OrderStatus)[]> Table = new()
    {
        [ExecutionReportKind.New] =
        [
            (ReportDisposition.Applied, OrderStatus.New),
            (ReportDisposition.Duplicate, OrderStatus.New),
            (ReportDisposition.Late, OrderStatus.PartiallyFilled),
            (ReportDisposition.Duplicate, OrderStatus.PendingCancel),
            (ReportDisposition.Late, OrderStatus.Filled),
            (ReportDisposition.Late, OrderStatus.Cancelled),
            (ReportDisposition.Late, OrderStatus.Rejected),
            (ReportDisposition.Late, OrderStatus.Expired),
        ],
        [ExecutionReportKind.Cancelled] = Ends(OrderStatus.Cancelled),
        [ExecutionReportKind.Expired] = Ends(OrderStatus.Expired),
        [ExecutionReportKind.Rejected] =
        [
            (ReportDisposition.Applied, OrderStatus.Rejected),
            (ReportDisposition.Applied, OrderStatus.Rejected),
            (ReportDisposition.Applied, OrderStatus.Rejected),
            (ReportDisposition.Applied, OrderStatus.Rejected),
            (ReportDisposition.Illegal, OrderStatus.Filled),
            (ReportDisposition.Illegal, OrderStatus.Cancelled),
            (ReportDisposition.Duplicate, OrderStatus.Rejected),
            (ReportDisposition.Illegal, OrderStatus.Expired),
        ],
        [ExecutionReportKind.CancelRejected] =
        [
            (ReportDisposition.Illegal, OrderStatus.PendingNew),
            (ReportDisposition.Illegal, OrderStatus.New),
            (ReportDisposition.Illegal, OrderStatus.PartiallyFilled),
            (ReportDisposition.Applied, OrderStatus.New),
            (ReportDisposition.Late, OrderStatus.Filled),
            (ReportDisposition.Late, OrderStatus.Cancelled),
            (ReportDisposition.Late, OrderStatus.Rejected),
            (ReportDisposition.Late, OrderStatus.Expired),
        ],
    };

    [Test]
    public void ShouldFollowTheLifecycleWhenAnyReportMeetsAnyState()
    {
        foreach (var (kind, row) in Table)
        {
            for (var i = 0; i < Everything.Length; i++)
            {
                var store = new OrderStore(1, 4);
                var id = Reach(store, Everything[i]);
                var disposition = store.Apply(Report(id, kind), out var slot, out var previous);
                var what = $"{kind} in {Everything[i]}";
                Assert.That(previous, Is.EqualTo(Everything[i]), what);
                Assert.That((disposition, store[slot].Status), Is.EqualTo(row[i]), what);
                AssertConsistent(store, id);
            }
        }
    }

    [TestCase(OrderStatus.PendingNew, 4, OrderStatus.PartiallyFilled)]
    [TestCase(OrderStatus.PendingNew, 10, OrderStatus.Filled)]
    [TestCase(OrderStatus.New, 4, OrderStatus.PartiallyFilled)]
    [TestCase(OrderStatus.New, 10, OrderStatus.Filled)]
    [TestCase(OrderStatus.PendingCancel, 4, OrderStatus.PendingCancel)]
    [TestCase(OrderStatus.PendingCancel, 10, OrderStatus.Filled)]
    public void ShouldExecuteWhenTheOrderWorks(OrderStatus from, int quantity, OrderStatus expected)
    {
        var store = new OrderStore(1, 4);
        var id = Reach(store, from);
        var disposition = store.Apply(Trade(id, quantity, quantity), out var slot, out _);
        Assert.That(disposition, Is.EqualTo(ReportDisposition.Applied));
        Assert.That(store[slot].Status, Is.EqualTo(expected));
        Assert.That(store[slot].CumulativeQuantity, Is.EqualTo(quantity));
        AssertConsistent(store, id);
    }

    [TestCase(OrderStatus.Cancelled)]
    [TestCase(OrderStatus.Expired)]
    [TestCase(OrderStatus.Rejected)]
    public void ShouldCountTheExecutionLateWhenTheOrderHadEnded(OrderStatus from)
    {
        var store = new OrderStore(1, 4);
        var id = Reach(store, from);
        Assert.That(store.Apply(Trade(id, 3, 3), out var slot, out _), Is.EqualTo(ReportDisposition.Late));
        Assert.That(store[slot].Status, Is.EqualTo(from), "an ended order stays ended");
        Assert.That(store[slot].CumulativeQuantity, Is.EqualTo(3), "but what was executed is known");
        Assert.That(store.LateReports, Is.EqualTo(1));
        AssertConsistent(store, id);
    }

    [Test]
    public void ShouldRefuseExecutionsWhenTheyCannotBe()
    {
        var store = new OrderStore(2, 4);
        var id = Reach(store, OrderStatus.PartiallyFilled);
        var wrongSide = Trade(id, 1, 3) with { Side = Side.Sell };
        var wrongInstrument = Trade(id, 1, 3) with { InstrumentIndex = 1 };
        Assert.That(Apply(store, Trade(id, 0, 3)), Is.EqualTo(ReportDisposition.Illegal), "nothing");
        Assert.That(Apply(store, wrongSide), Is.EqualTo(ReportDisposition.Illegal));
        Assert.That(Apply(store, wrongInstrument), Is.EqualTo(ReportDisposition.Illegal));
        Assert.That(Apply(store, Trade(id, 2, 2)), Is.EqualTo(ReportDisposition.Duplicate));
        Assert.That(Apply(store, Trade(99, 1, 1)), Is.EqualTo(ReportDisposition.Unknown));
        Assert.That(
            (store.IllegalReports, store.DuplicateReports, store.UnknownReports), Is.EqualTo((3L, 1L, 1L)));
        Assert.That(store.NetWorkingQuantity(0), Is.EqualTo(8), "none of them changed the order");
    }

    [Test]
    public void ShouldExecuteWhatIsMissingWhenAReportIsMissing()
    {
        var store = new OrderStore(1, 4);
        var id = Reach(store, OrderStatus.New);
        Apply(store, Trade(id, 2, 2, 100));
        Assert.That(Apply(store, Trade(id, 2, 7, 107)), Is.EqualTo(ReportDisposition.Inferred));
        store.TryFind(id, out var slot);
        Assert.That(store[slot].CumulativeQuantity, Is.EqualTo(7));
        Assert.That(store[slot].AveragePriceE9, Is.EqualTo(Samples.Price(105)), "2 at 100, 5 at 107");
        Assert.That(store.NetWorkingQuantity(0), Is.EqualTo(3));
    }

    [Test]
    public void ShouldExecuteWhatIsNewWhenAReportOverlapsWhatIsKnown()
    {
        var store = new OrderStore(1, 4);
        var id = Reach(store, OrderStatus.PartiallyFilled);
        Assert.That(Apply(store, Trade(id, 3, 4)), Is.EqualTo(ReportDisposition.Applied));
        Assert.That(store.NetWorkingQuantity(0), Is.EqualTo(6));
    }

    [Test]
    public void ShouldFillWhenMoreIsExecutedThanWasOrdered()
    {
        var store = new OrderStore(1, 4);
        var id = Reach(store, OrderStatus.PartiallyFilled);
        Assert.That(Apply(store, Trade(id, 10, 12)), Is.EqualTo(ReportDisposition.Overfill));
        store.TryFind(id, out var slot);
        Assert.That((store[slot].Status, store[slot].CumulativeQuantity), Is.EqualTo((OrderStatus.Filled, 12)));
        AssertConsistent(store, id);
    }

    private static (ReportDisposition, OrderStatus)[] Ends(OrderStatus end) =>
    [
        .. Everything.Select((status, i) => i < 4 ? (ReportDisposition.Applied, end)
            : status == end ? (ReportDisposition.Duplicate, status)
            : (ReportDisposition.Illegal, status)),
    ];

    internal static ulong Reach(OrderStore store, OrderStatus status)
    {
        var id = store.NextOrderId();
        var order = new Order { OrderId = id, Side = Side.Buy, Quantity = 10 };
        Assert.That(store.TryAdd(order, out var slot), Is.True);
        if (status is OrderStatus.New or OrderStatus.PendingCancel)
            Apply(store, Report(id, ExecutionReportKind.New));
        if (status == OrderStatus.PendingCancel)
            store.TryRequestCancel(slot, 0);
        if (status == OrderStatus.PartiallyFilled)
            Apply(store, Trade(id, 2, 2));
        if (status == OrderStatus.Filled)
            Apply(store, Trade(id, 10, 10));
        if (status == OrderStatus.Cancelled)
            Apply(store, Report(id, ExecutionReportKind.Cancelled));
        if (status == OrderStatus.Rejected)
            Apply(store, Report(id, ExecutionReportKind.Rejected));
        if (status == OrderStatus.Expired)
            Apply(store, Report(id, ExecutionReportKind.Expired));
        Assert.That(store[slot].Status, Is.EqualTo(status));
        return id;
    }

    private static void AssertConsistent(OrderStore store, ulong id)
    {
        store.TryFind(id, out var slot);
        ref readonly var order = ref store[slot];
        Assert.That(store.NetWorkingQuantity(0), Is.EqualTo(order.LeavesQuantity));
        Assert.That(store.WorkingOrders, Is.EqualTo(order.IsWorking ? 1 : 0));
        Assert.That(store.IsWorking(0), Is.EqualTo(order.IsWorking));
    }

    internal static ReportDisposition Apply(OrderStore store, ExecutionReport report) =>
        store.Apply(report, out _, out _);

    internal static ExecutionReport Report(ulong id, ExecutionReportKind kind) =>
        new() { OrderId = id, Kind = kind, Side = Side.Buy, OrderQuantity = 10 };

    internal static ExecutionReport Trade(ulong id, int last, int cumulative, double price = 100) => new()
    {
        OrderId = id,
        Kind = ExecutionReportKind.Trade,
        Side = Side.Buy,
        LastQuantity = last,
        CumulativeQuantity = cumulative,
        LastPriceE9 = Samples.Price(price),
        OrderQuantity = 10,
    };
}
