using ExecutionPipeline.Execution.Orders;
using ExecutionPipeline.Execution.Venues;
using ExecutionPipeline.Messages.Events;
using static ExecutionPipeline.Execution.Tests.Samples;

namespace ExecutionPipeline.Execution.Tests.Venues;

/// <summary>Random orders, cancels and markets against what must hold whatever they are.</summary>
[TestFixture]
public class SimulatedExchangePropertyTests
{
    [Test]
    public void ShouldAccountForEveryContractWhenOrdersAndMarketsAreRandom()
    {
        var random = TestSeed.NewRandom();
        for (var round = 0; round < 20; round++)
        {
            var log = Run(random.Next(), out var submitted, out var exchange);
            foreach (var order in submitted)
                AssertOrder(order, [.. log.Reports.Where(r => r.OrderId == order.OrderId)]);

            Assert.That(log.Reports.Select(static r => r.ExecutionId), Is.Unique);
            Assert.That(exchange.Executions, Is.EqualTo(log.Trades.Count()));
        }
    }

    [Test]
    public void ShouldReportTheSameWhenTheInputIsTheSame()
    {
        var seed = TestSeed.NewRandom().Next();
        var first = Run(seed, out _, out _).Reports;
        var second = Run(seed, out _, out _).Reports;
        Assert.That(first, Has.Count.GreaterThan(1_000));
        Assert.That(second, Is.EqualTo(first));
    }

    private static ReportLog Run(int seed, out List<Order> submitted, out SimulatedExchange exchange)
    {
        var random = new Random(seed);
        var log = new ReportLog();
        exchange = new SimulatedExchange(Table(2), log, new SimulatedExchangeOptions { MaxRestingOrders = 20 });
        submitted = [];
        var timeNs = StartNs;
        for (var step = 0; step < 2_000; step++)
        {
            timeNs += random.Next(1, 60) * E9;
            var instrument = random.Next(2);
            switch (random.Next(5))
            {
                case 0:
                    var order = RandomOrder(random, (ulong)step + 1, instrument);
                    submitted.Add(order);
                    exchange.Submit(order, timeNs);
                    break;
                case 1 when submitted.Count > 0:
                    exchange.Cancel(submitted[random.Next(submitted.Count)], timeNs);
                    break;
                default:
                    exchange.OnMarket(instrument, RandomMarket(random), timeNs);
                    break;
            }
        }

        return log;
    }

    private static void AssertOrder(in Order order, List<ExecutionReport> reports)
    {
        Assert.That(reports[0].Kind, Is.AnyOf(ExecutionReportKind.New, ExecutionReportKind.Rejected));
        var executed = 0;
        var isEnded = false;
        foreach (var report in reports.Where(static r => r.Kind != ExecutionReportKind.CancelRejected))
        {
            Assert.That(isEnded, Is.False, "nothing comes after the end");
            executed += report.LastQuantity;
            Assert.That(report.CumulativeQuantity, Is.EqualTo(executed));
            isEnded = report.LeavesQuantity == 0;
            Assert.That(
                executed + report.LeavesQuantity + report.ReleasedQuantity, Is.EqualTo(order.Quantity), "conserved");
            if (report.Kind == ExecutionReportKind.Trade && order.Type == OrderType.Limit)
            {
                var isWithin = order.Side == Side.Buy
                    ? report.LastPriceE9 <= order.LimitPriceE9
                    : report.LastPriceE9 >= order.LimitPriceE9;
                Assert.That(isWithin, Is.True, "never worse than the limit");
            }
        }

        if (order.TimeInForce is TimeInForce.ImmediateOrCancel or TimeInForce.FillOrKill)
            Assert.That(isEnded, Is.True, "an immediate order does not rest");
        if (order.TimeInForce == TimeInForce.FillOrKill)
            Assert.That(executed, Is.AnyOf(0, order.Quantity));
    }

    private static Order RandomOrder(Random random, ulong id, int instrument) => new()
    {
        OrderId = id,
        InstrumentIndex = instrument,
        Side = random.Next(2) == 0 ? Side.Buy : Side.Sell,
        Type = random.Next(3) == 0 ? OrderType.Market : OrderType.Limit,
        TimeInForce = (TimeInForce)new[] { 0, 1, 3, 4 }[random.Next(4)],
        Quantity = random.Next(1, 12),
        LimitPriceE9 = Price(100 + random.Next(-8, 9) * 0.25),
    };

    private static MarketUpdate RandomMarket(Random random)
    {
        var bid = 100 + random.Next(-6, 6) * 0.25;
        var quote = Quote(bid, random.Next(4) * 3, bid + random.Next(1, 3) * 0.25, random.Next(4) * 3);
        return random.Next(2) == 0
            ? quote
            : quote.WithTrade(100 + random.Next(-6, 7) * 0.25, random.Next(1, 9), (Side)random.Next(3));
    }
}
