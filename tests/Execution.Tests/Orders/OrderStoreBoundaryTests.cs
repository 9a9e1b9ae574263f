using ExecutionPipeline.Execution.Orders;
using ExecutionPipeline.Messages.Events;
using static ExecutionPipeline.Execution.Tests.Orders.OrderStoreTests;

namespace ExecutionPipeline.Execution.Tests.Orders;

/// <summary>The last contract, the last slot, the last order remembered: where one more would be wrong.</summary>
[TestFixture]
public class OrderStoreBoundaryTests
{
    // A 10-lot of which 2 are executed. "of" is the cumulative quantity after the execution.
    [TestCase(1, 3, ReportDisposition.Applied, OrderStatus.PartiallyFilled)]
    [TestCase(7, 9, ReportDisposition.Applied, OrderStatus.PartiallyFilled)]
    [TestCase(8, 10, ReportDisposition.Applied, OrderStatus.Filled)]
    [TestCase(1, 2, ReportDisposition.Duplicate, OrderStatus.PartiallyFilled)]
    [TestCase(1, 1, ReportDisposition.Duplicate, OrderStatus.PartiallyFilled)]
    [TestCase(0, 3, ReportDisposition.Illegal, OrderStatus.PartiallyFilled)]
    public void ShouldJudgeToTheContractWhenAnExecutionIsReported(
        int last, int of, ReportDisposition expected, OrderStatus status)
    {
        var store = new OrderStore(1, 4);
        var id = Reach(store, OrderStatus.PartiallyFilled);
        var isApplied = expected == ReportDisposition.Applied;
        Assert.That(store.Apply(Trade(id, last, of), out var slot, out _), Is.EqualTo(expected));
        Assert.That(store[slot].Status, Is.EqualTo(status));
        Assert.That(store[slot].CumulativeQuantity, Is.EqualTo(isApplied ? of : 2));
        Assert.That(store[slot].LeavesQuantity, Is.EqualTo(status == OrderStatus.Filled ? 0 : isApplied ? 10 - of : 8));
    }

    [TestCase(0)]
    [TestCase(1)]
    [TestCase(3)]
    public void ShouldRememberExactlySoManyWhenOrdersEnd(int remembered)
    {
        var store = new OrderStore(1, 16, remembered);
        var ids = new List<ulong>();
        for (var i = 0; i < 8; i++)
            ids.Add(Reach(store, OrderStatus.Filled));

        // Working orders take the slots that were given up, the latest first; what is remembered keeps its own.
        for (var i = 0; i < 8 - remembered; i++)
            Reach(store, OrderStatus.New);

        var known = ids.Where(id => store.TryFind(id, out _));
        Assert.That(known, Is.EqualTo(ids.TakeLast(remembered)));
    }

    [Test]
    public void ShouldForgetTheOldestFirstWhenThereIsNoOtherRoom()
    {
        var store = new OrderStore(1, 3, remembered: 3);
        ulong[] ids = [.. Enumerable.Range(0, 3).Select(_ => Reach(store, OrderStatus.Cancelled))];
        for (var working = 1; working <= 3; working++)
        {
            Reach(store, OrderStatus.New);
            Assert.That(ids.Where(id => store.TryFind(id, out _)), Is.EqualTo(ids.Skip(working)));
        }

        Assert.That(store.WorkingOrders, Is.EqualTo(3));
        Assert.That(store.TryAdd(new Order { OrderId = 99, Side = Side.Buy, Quantity = 1 }, out _), Is.False);
    }

    [TestCase(0)]
    [TestCase(-1)]
    public void ShouldTakeNoOrderWhenItsQuantityIsNotPositive(int quantity)
    {
        var store = new OrderStore(1, 1);
        var order = new Order { OrderId = 1, Side = Side.Buy, Quantity = quantity };
        Assert.That(store.TryAdd(order, out var slot), Is.False);
        Assert.That((slot, store.WorkingOrders, store.IsWorking(0)), Is.EqualTo((-1, 0, false)));
    }

    [Test]
    public void ShouldStartFromNothingExecutedWhenASlotIsUsedAgain()
    {
        var store = new OrderStore(1, 1);
        Reach(store, OrderStatus.Filled);
        var order = new Order
        {
            OrderId = 50,
            Side = Side.Buy,
            Quantity = 4,
            Status = OrderStatus.Filled,
            CumulativeQuantity = 3,
            ExecutedSumE9 = 77,
        };
        Assert.That(store.TryAdd(order, out var slot), Is.True);
        Assert.That((store[slot].Status, store[slot].LeavesQuantity), Is.EqualTo((OrderStatus.PendingNew, 4)));
        Assert.That((store[slot].CumulativeQuantity, store[slot].AveragePriceE9), Is.EqualTo((0, 0L)));
        Apply(store, Trade(50, 1, 1, 104));
        Assert.That(store[slot].AveragePriceE9, Is.EqualTo(Samples.Price(104)));
    }

    [Test]
    public void ShouldKeepEachSidesCountWhenOneSideChanges()
    {
        var store = new OrderStore(2, 4);
        store.TryAdd(new Order { OrderId = 1, Side = Side.Buy, Quantity = 5 }, out _);
        store.TryAdd(new Order { OrderId = 2, Side = Side.Sell, Quantity = 7 }, out _);
        store.TryAdd(new Order { OrderId = 3, Side = Side.Sell, Quantity = 2, InstrumentIndex = 1 }, out _);
        Apply(store, Trade(2, 3, 3) with { Side = Side.Sell });
        Assert.That((store.WorkingBuyQuantity(0), store.WorkingSellQuantity(0)), Is.EqualTo((5, 4)));
        Assert.That((store.WorkingBuyQuantity(1), store.WorkingSellQuantity(1)), Is.EqualTo((0, 2)));
        Assert.That(store.NetWorkingQuantity(0), Is.EqualTo(1));
        Apply(store, Report(1, ExecutionReportKind.Cancelled));
        Assert.That((store.WorkingBuyQuantity(0), store.WorkingSellQuantity(0)), Is.EqualTo((0, 4)));
        Assert.That(store.WorkingOrders, Is.EqualTo(2));
    }

    [Test]
    public void ShouldAskForACancelOnceWhenTheOrderWorks()
    {
        var store = new OrderStore(1, 4);
        foreach (var status in Enum.GetValues<OrderStatus>().Where(s => s is > 0 and <= OrderStatus.Expired))
        {
            store.TryFind(Reach(store, status), out var slot);
            var isExpected = status is OrderStatus.PendingNew or OrderStatus.New or OrderStatus.PartiallyFilled;
            Assert.That(store.TryRequestCancel(slot, 0), Is.EqualTo(isExpected), $"{status}");
            Assert.That(store[slot].Status, Is.EqualTo(isExpected ? OrderStatus.PendingCancel : status));
            if (store[slot].IsWorking)
                Apply(store, Report(store[slot].OrderId, ExecutionReportKind.Cancelled));
        }
    }

    [Test]
    public void ShouldKeepTheExecutedPartWhenACancelIsRefused()
    {
        var store = new OrderStore(1, 4);
        var id = Reach(store, OrderStatus.PartiallyFilled);
        store.TryFind(id, out var slot);
        Assert.That(store.TryRequestCancel(slot, 0), Is.True);
        Assert.That(
            Apply(store, Report(id, ExecutionReportKind.CancelRejected)), Is.EqualTo(ReportDisposition.Applied));
        Assert.That(store[slot].Status, Is.EqualTo(OrderStatus.PartiallyFilled));
        Assert.That(store.WorkingBuyQuantity(0), Is.EqualTo(8));
    }

    [Test]
    public void ShouldCountALateExecutionsPriceWhenTheOrderHadEnded()
    {
        var store = new OrderStore(1, 4);
        var id = Reach(store, OrderStatus.PartiallyFilled);
        Apply(store, Report(id, ExecutionReportKind.Cancelled));
        Assert.That(store.Apply(Trade(id, 2, 4, 104), out var slot, out _), Is.EqualTo(ReportDisposition.Late));
        Assert.That(store[slot].AveragePriceE9, Is.EqualTo(Samples.Price(102)));
        Assert.That(
            (store[slot].LeavesQuantity, store.WorkingBuyQuantity(0), store.WorkingOrders), Is.EqualTo((0, 0, 0)));
        Assert.That((store[slot].CumulativeQuantity, store.LateReports), Is.EqualTo((4, 1)));
    }

    [TestCase(0, 1, 0)]
    [TestCase(1, 0, 0)]
    [TestCase(1, 1, -1)]
    [TestCase(1, -1, 0)]
    public void ShouldRefuseToStartWhenASizeIsWrong(int instruments, int capacity, int remembered) => Assert.That(
        () => new OrderStore(instruments, capacity, remembered), Throws.InstanceOf<ArgumentOutOfRangeException>());
}
