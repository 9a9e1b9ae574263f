using ExecutionPipeline.Execution.Orders;
using ExecutionPipeline.Execution.Venues;
using ExecutionPipeline.Execution.Venues.Matching;
using ExecutionPipeline.Execution.Venues.Replay;
using ExecutionPipeline.MarketData.Books;
using ExecutionPipeline.MarketData.Dbn;
using ExecutionPipeline.Messages.Events;
using static ExecutionPipeline.Execution.Tests.Samples;

namespace ExecutionPipeline.Execution.Tests.Venues;

/// <summary>No venue allocates once it runs, whatever it is asked for.</summary>
[TestFixture]
public class VenueAllocationTests
{
    private const int Rounds = 2_000;

    [Test]
    public void ShouldAllocateNothingWhenTheExchangeHandlesEveryKindOfOrder()
    {
        var sink = new Count();
        var exchange = new SimulatedExchange(Table(), sink, new SimulatedExchangeOptions());
        Assert.That(Measure(Round), Is.Zero);
        Assert.That(sink.Reports, Is.GreaterThan(6 * Rounds));

        void Round(int i)
        {
            var timeNs = StartNs + i * 60L * E9;
            var bid = 100 + i % 5 * 0.25;
            exchange.OnMarket(0, Quote(bid, 5, bid + 0.25, 5).WithTrade(bid, 3, Side.Sell), timeNs);
            Ask(exchange, i, timeNs);
        }
    }

    [Test]
    public void ShouldAllocateNothingWhenParticipantsTradeAtAMatchingVenue()
    {
        var sink = new Count();
        var venue = new MatchingVenue(Table(), new MatchingVenueOptions { LatencyNs = 1_000, JitterNs = 500 });
        var first = venue.Connect(sink);
        var second = venue.Connect(sink);
        Assert.That(Measure(Round), Is.Zero);
        Assert.That(sink.Reports, Is.GreaterThan(6 * Rounds));

        void Round(int i)
        {
            var timeNs = StartNs + i * 60L * E9;
            Ask(first, i, timeNs);
            var sale = NewOrder(1_000_000 + (ulong)i, OrderType.Limit, TimeInForce.ImmediateOrCancel);
            sale.Side = Side.Sell;
            second.Submit(sale, timeNs + 100_000);
            venue.OnTime(timeNs + E9);
        }
    }

    [Test]
    public void ShouldAllocateNothingWhenOwnOrdersStandInARecordedMarket()
    {
        var sink = new Count();
        var (book, queues) = (new MarketByOrderBook(), new QueuePositions());
        var market = new RecordedBook(book, queues);
        var venue = new ReplayVenue(Table(), 0, market, sink, new ReplayVenueOptions());
        Assert.That(Measure(Round), Is.Zero);
        Assert.That(sink.Reports, Is.GreaterThan(6 * Rounds));

        void Round(int i)
        {
            var timeNs = StartNs + i * 60L * E9;
            Show(MboAction.Add, MboSide.Ask, (ulong)i, Price(101));
            Ask(venue, i, timeNs);
            Show(MboAction.Fill, MboSide.Ask, (ulong)i, Price(101));
            Show(MboAction.Cancel, MboSide.Ask, (ulong)i, Price(101));

            void Show(MboAction action, MboSide side, ulong id, long priceE9)
            {
                var record = new MboRecord
                {
                    Action = action,
                    Side = side,
                    OrderId = id + 1,
                    PriceE9 = priceE9,
                    Quantity = 3,
                };
                book.TryApply(record, out var change);
                queues.Apply(change);
                market.Show(record, change);
                venue.OnRecord(timeNs);
            }
        }
    }

    /// <summary>A market order, a limit that is replaced and cancelled, an iceberg with a date, and a stop.</summary>
    private static void Ask(IVenueGateway venue, int i, long timeNs)
    {
        var id = (ulong)i * 8 + 1;
        venue.Submit(NewOrder(id, OrderType.Market, TimeInForce.ImmediateOrCancel), timeNs);
        var limit = NewOrder(id + 1, OrderType.Limit, TimeInForce.Day);
        venue.Submit(limit, timeNs);
        venue.Replace(limit, new OrderTerms(5, Price(99.75), 0), timeNs);
        venue.Cancel(limit, timeNs);
        var iceberg = NewOrder(id + 2, OrderType.Limit, TimeInForce.GoodTillDate);
        (iceberg.PeakQuantity, iceberg.ExpireNs) = (1, timeNs + 90 * E9);
        venue.Submit(iceberg, timeNs);
        var stop = NewOrder(id + 3, OrderType.Stop, TimeInForce.GoodTillCancel);
        (stop.TriggerPriceE9, stop.LimitPriceE9) = (Price(101), 0);
        venue.Submit(stop, timeNs);
        venue.Cancel(stop, timeNs + 10_000);
    }

    private static Order NewOrder(ulong id, OrderType type, TimeInForce timeInForce) => new()
    {
        OrderId = id,
        Side = Side.Buy,
        Type = type,
        TimeInForce = timeInForce,
        Quantity = 4,
        LimitPriceE9 = type == OrderType.Limit ? Price(100) : 0,
    };

    private static long Measure(Action<int> round) =>
        AllocationMeter.FewestBytesOf(round, warmUp: Rounds, measured: Rounds);

    private sealed class Count : IReportSink
    {
        public long Reports { get; private set; }

        public void OnReport(in ExecutionReport report) => Reports++;
    }
}
