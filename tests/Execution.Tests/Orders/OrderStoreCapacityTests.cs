using ExecutionPipeline.Execution.Orders;
using ExecutionPipeline.Messages.Events;

namespace ExecutionPipeline.Execution.Tests.Orders;

[TestFixture]
public class OrderStoreCapacityTests
{
    [Test]
    public void ShouldRefuseWhenEveryOrderWorks()
    {
        var store = new OrderStore(1, 3);
        for (var i = 0; i < 3; i++)
            OrderStoreTests.Reach(store, OrderStatus.New);

        var order = new Order { OrderId = store.NextOrderId(), Side = Side.Buy, Quantity = 1 };
        Assert.That(store.TryAdd(order, out _), Is.False);
        OrderStoreTests.Apply(store, OrderStoreTests.Report(2, ExecutionReportKind.Cancelled));
        Assert.That(store.TryAdd(order, out _), Is.True, "an order that ends makes room");
        Assert.That(store.TryAdd(order, out _), Is.False, "an id is taken once");
    }

    [Test]
    public void ShouldRememberTheLastEndedWhenSlotsAreReused()
    {
        var store = new OrderStore(1, 4);
        for (var i = 0; i < 100; i++)
            OrderStoreTests.Reach(store, OrderStatus.Filled);
        for (ulong id = 1; id <= 100; id++)
            Assert.That(store.TryFind(id, out _), Is.EqualTo(id > 96), $"order {id}");
    }

    [Test]
    public void ShouldRememberSoManyWhenThereIsRoomForMore()
    {
        var store = new OrderStore(1, 100, remembered: 8);
        for (var i = 0; i < 1_000; i++)
        {
            var id = OrderStoreTests.Reach(store, OrderStatus.Filled);
            for (var back = 0UL; back < Math.Min(8, id); back++)
                Assert.That(store.TryFind(id - back, out _), Is.True, $"order {id - back} of {id}");
        }

        Assert.That(store.TryFind(900, out _), Is.False, "old slots are used again");
    }

    [Test]
    public void ShouldAgreeWithAPlainListWhenOrdersAndReportsAreRandom()
    {
        var random = TestSeed.NewRandom();
        for (var round = 0; round < 20; round++)
        {
            const int Instruments = 3;
            var store = new OrderStore(Instruments, 16, remembered: random.Next(20));
            var working = new List<Order>();
            for (var step = 0; step < 2_000; step++)
            {
                if (random.Next(3) == 0 || working.Count == 0)
                    Add(random, store, working, Instruments);
                else
                    Change(random, store, working);

                AssertSame(store, working, Instruments);
            }
        }
    }

    private static void Add(Random random, OrderStore store, List<Order> working, int instruments)
    {
        var order = new Order
        {
            OrderId = store.NextOrderId(),
            InstrumentIndex = random.Next(instruments),
            Side = random.Next(2) == 0 ? Side.Buy : Side.Sell,
            Quantity = random.Next(1, 6),
        };
        var isAdded = store.TryAdd(order, out _);
        Assert.That(isAdded, Is.EqualTo(working.Count < store.Capacity));
        if (isAdded)
            working.Add(order);
    }

    private static void Change(Random random, OrderStore store, List<Order> working)
    {
        var place = random.Next(working.Count);
        var order = working[place];
        var left = order.Quantity - order.CumulativeQuantity;
        var report = new ExecutionReport
        {
            OrderId = order.OrderId,
            InstrumentIndex = order.InstrumentIndex,
            Side = order.Side,
            OrderQuantity = order.Quantity,
            LastPriceE9 = Samples.Price(100),
            Kind = random.Next(3) == 0 ? ExecutionReportKind.Cancelled : ExecutionReportKind.Trade,
        };
        if (report.Kind == ExecutionReportKind.Trade)
        {
            report.LastQuantity = random.Next(1, left + 1);
            report.CumulativeQuantity = order.CumulativeQuantity + report.LastQuantity;
        }

        Assert.That(store.Apply(report, out _, out _), Is.EqualTo(ReportDisposition.Applied));
        order.CumulativeQuantity += report.LastQuantity;
        if (report.Kind == ExecutionReportKind.Cancelled || order.CumulativeQuantity == order.Quantity)
            working.RemoveAt(place);
        else
            working[place] = order;
        Assert.That(store.Apply(report, out _, out _), Is.Not.EqualTo(ReportDisposition.Applied), "it comes twice");
    }

    private static void AssertSame(OrderStore store, List<Order> working, int instruments)
    {
        Assert.That(store.WorkingOrders, Is.EqualTo(working.Count));
        for (var i = 0; i < instruments; i++)
        {
            var mine = working.Where(o => o.InstrumentIndex == i).ToList();
            var net = mine.Sum(static o => o.Sign * (o.Quantity - o.CumulativeQuantity));
            Assert.That(store.NetWorkingQuantity(i), Is.EqualTo(net));
            Assert.That(store.WorkingBuyQuantity(i) - store.WorkingSellQuantity(i), Is.EqualTo(net));

            var listed = new List<ulong>();
            for (var slot = store.FirstWorking(i); slot >= 0; slot = store.NextWorking(slot))
                listed.Add(store[slot].OrderId);
            Assert.That(listed, Is.EquivalentTo(mine.Select(static o => o.OrderId)));
        }
    }
}
