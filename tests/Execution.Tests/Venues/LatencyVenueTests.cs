using ExecutionPipeline.Execution.Orders;
using ExecutionPipeline.Execution.Venues;
using ExecutionPipeline.Messages.Events;
using static ExecutionPipeline.Execution.Tests.Samples;

namespace ExecutionPipeline.Execution.Tests.Venues;

/// <summary>The way to a venue and back.</summary>
[TestFixture]
public class LatencyVenueTests
{
    private const long LatencyNs = 1_000;

    private ReportLog _log = null!;
    private SimulatedExchange _exchange = null!;
    private LatencyVenue _venue = null!;

    [TestCase(0)]
    [TestCase(700)]
    public void ShouldTradeOnlyWhenTheOrderHasArrivedAndTellWhenTheReportIsBack(long jitterNs)
    {
        Open(jitterNs);
        _venue.Submit(NewOrder(1), StartNs);
        var thereNs = _venue.NextNs;
        _venue.AdvanceTo(thereNs - 1);
        Assert.That(_exchange.OrdersReceived, Is.Zero, "it is on its way");
        _venue.AdvanceTo(thereNs);
        var backNs = _venue.NextNs;

        using (Assert.EnterMultipleScope())
        {
            Assert.That(thereNs - StartNs, Is.InRange(LatencyNs, LatencyNs + jitterNs));
            Assert.That(backNs - thereNs, Is.InRange(LatencyNs, LatencyNs + jitterNs));
            Assert.That(_exchange.OrdersReceived, Is.EqualTo(1));
            Assert.That(_log.Reports, Is.Empty, "its reports are on their way");
        }

        _venue.AdvanceTo(backNs + jitterNs);
        Assert.That(_log.Kinds, Is.EqualTo("New Trade"));
        Assert.That(_log.Reports.Select(static r => r.VenueTimeNs), Is.All.EqualTo(thereNs), "the venue's time");
        Assert.That(_venue.NextNs, Is.EqualTo(long.MaxValue), "nothing is on its way");
    }

    [Test]
    public void ShouldKeepTheOrderOfRequestsAndOfReportsWhateverTheJitter()
    {
        Open(jitterNs: 100_000);
        for (ulong id = 1; id <= 50; id++)
            _venue.Submit(NewOrder(id), StartNs + (long)id);
        while (_venue.NextNs != long.MaxValue)
            _venue.AdvanceTo(_venue.NextNs);

        var ids = _log.Reports.Where(static r => r.Kind == ExecutionReportKind.New).Select(static r => r.OrderId);
        Assert.That(ids, Is.EqualTo(Enumerable.Range(1, 50).Select(static id => (ulong)id)));
    }

    [Test]
    public void ShouldRefuseTimesThatGoBack() => Assert.That(
        static () => new VenueLatencyOptions { LatencyNs = -1 }.Validate(),
        Throws.ArgumentException.With.Message.Contains("0 ns or more"));

    private void Open(long jitterNs)
    {
        _log = new ReportLog();
        var options = new VenueLatencyOptions { LatencyNs = LatencyNs, JitterNs = jitterNs };
        _venue = new LatencyVenue(options, _log);
        _exchange = new SimulatedExchange(Table(), _venue, new SimulatedExchangeOptions());
        _venue.Connect(_exchange);
        var quote = new MarketUpdate
        {
            BidPriceE9 = Price(99.75),
            AskPriceE9 = Price(100),
            BidQuantity = 500,
            AskQuantity = 500,
            TradePriceE9 = MarketUpdate.NoPrice,
        };
        _exchange.OnMarket(0, quote, StartNs - 1);
    }

    private static Order NewOrder(ulong id) => new()
    {
        OrderId = id,
        Side = Side.Buy,
        Type = OrderType.Market,
        TimeInForce = TimeInForce.ImmediateOrCancel,
        Quantity = 2,
    };
}
