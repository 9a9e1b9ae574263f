using ExecutionPipeline.Execution.Calendars;
using ExecutionPipeline.Execution.Orders;
using ExecutionPipeline.Execution.Venues;
using ExecutionPipeline.Messages.Events;
using static ExecutionPipeline.Execution.Tests.Samples;

namespace ExecutionPipeline.Execution.Tests;

/// <summary>Nothing is allocated once everything runs; a second case shows that it would be seen.</summary>
[TestFixture]
public class AllocationTests
{
    private const int Rounds = 2_000;

    [Test]
    public void ShouldAllocateNothingWhenOrdersAreMatchedAndBooked()
    {
        var table = Table(2);
        var session = new TradingSession(table[0].Calendar);
        var sink = new CountingSink();
        var exchange = new SimulatedExchange(table, sink, new SimulatedExchangeOptions());
        var portfolio = Portfolio(table);
        var store = new OrderStore(2, 64);
        var filter = new RecentSignals(128);
        Assert.That(Measure(Round), Is.Zero);
        Assert.That(sink.Reports, Is.GreaterThan(2 * Rounds));

        void Round(int i)
        {
            // A day passes now and then: finding its bounds must not allocate either.
            var timeNs = StartNs + i * 600L * E9;
            exchange.OnMarket(i % 2, Quote(100 + i % 9, 3, 100.25 + i % 9, 3), timeNs);
            var order = new Order
            {
                OrderId = store.NextOrderId(),
                InstrumentIndex = i % 2,
                Side = i % 3 == 0 ? Side.Buy : Side.Sell,
                Quantity = 4,
                Type = OrderType.Limit,
                TimeInForce = i % 5 == 0 ? TimeInForce.Day : TimeInForce.ImmediateOrCancel,
                LimitPriceE9 = Price(100 + i % 7),
            };
            if (store.TryAdd(order, out var slot))
                exchange.Submit(store[slot], timeNs);
            exchange.Cancel(order, timeNs);
            portfolio.TryStartDay(timeNs);
            session.TryStart(timeNs);
            sink.Sum += session.ProgressAt(timeNs);
            filter.Resolve(order.OrderId, timeNs, timeNs);
            store.Apply(sink.Last, out _, out _);
            portfolio.Execute(i % 2, order.Side, 4, order.LimitPriceE9, 1);
            portfolio.Mark(i % 2, Price(100 + i % 9), timeNs);
            sink.Sum += portfolio.DailyVar + table[i % 2].ValueE6(order.LimitPriceE9, 1);
        }
    }

    [Test]
    public void ShouldSeeTheAllocationWhenThereIsOne()
    {
        var kept = new object?[1];
        Assert.That(Measure(i => kept[0] = new byte[1]), Is.GreaterThanOrEqualTo(Rounds));
    }

    private static long Measure(Action<int> round) =>
        AllocationMeter.FewestBytesOf(round, warmUp: Rounds, measured: Rounds);

    private sealed class CountingSink : IReportSink
    {
        public long Reports;
        public double Sum;
        public ExecutionReport Last;

        public void OnReport(in ExecutionReport report)
        {
            Reports++;
            Last = report;
        }
    }
}
