using ExecutionPipeline.Execution.Instruments;
using ExecutionPipeline.Execution.Orders;
using ExecutionPipeline.Execution.State;
using ExecutionPipeline.Execution.Venues;
using ExecutionPipeline.Execution.Venues.Faults;
using ExecutionPipeline.Execution.Venues.Matching;
using ExecutionPipeline.Messages.Events;
using static ExecutionPipeline.Execution.Tests.Samples;

namespace ExecutionPipeline.Execution.Tests.State;

/// <summary>
/// A venue that was saved and loaded reports the same from then on, whatever it had taken in before: orders in queues,
/// stops, messages on their way, lost ones and the draws of its dice.
/// </summary>
[TestFixture]
public sealed class VenueStateTests
{
    private const int Steps = 3_000;

    [Test]
    public void ShouldReportTheSameWhenAMatchingVenueIsLoaded() => AssertGoesOn(static log => new MatchingSide(log));

    [Test]
    public void ShouldReportTheSameWhenASimulatedExchangeIsLoaded() =>
        AssertGoesOn(static log => new ExchangeSide(log, static (sink, table) =>
            new SimulatedExchange(table, sink, new SimulatedExchangeOptions())));

    [Test]
    public void ShouldReportTheSameWhenAFaultyVenueIsLoaded() =>
        AssertGoesOn(static log => new ExchangeSide(log, static (sink, table) => new FaultyVenue(
            sink,
            inner => new SimulatedExchange(table, inner, new SimulatedExchangeOptions()),
            new FaultOptions
            {
                RejectBps = 200,
                DropRequestBps = 200,
                DelayRequestBps = 1_000,
                DropReportBps = 200,
                DelayReportBps = 1_000,
                DuplicateReportBps = 300,
                ReorderReportBps = 300,
                DelayMaxNs = E9,
                ConnectedNs = 30 * E9,
            })));

    [Test]
    public void ShouldReportTheSameWhenTheWayToAVenueIsLoaded() =>
        AssertGoesOn(static log => new ExchangeSide(log, static (sink, table) =>
        {
            var wire = new LatencyVenue(new VenueLatencyOptions { LatencyNs = E9, JitterNs = E9 / 2 }, sink);
            wire.Connect(new SimulatedExchange(table, wire, new SimulatedExchangeOptions()));
            return wire;
        }));

    private static void AssertGoesOn(Func<List<ExecutionReport>, IVenueSide> open)
    {
        var seed = TestSeed.Next();
        foreach (var before in new[] { 0, 1, 50, 700, 2_000 })
        {
            var (savedLog, loadedLog) = (new List<ExecutionReport>(), new List<ExecutionReport>());
            var (saved, loaded) = (open(savedLog), open(loadedLog));
            Play(saved, new Random(seed), 0, before);
            Play(loaded, new Random(seed + 1), 0, 300);
            var bytes = Save(saved.State);
            var state = StateStream.ForReading(bytes);
            loaded.State.Transfer(state);
            state.End();
            Assert.That(Save(loaded.State).AsSpan().SequenceEqual(bytes), "saved again, it is the same");

            savedLog.Clear();
            loadedLog.Clear();
            Play(saved, new Random(seed + 2), before, Steps);
            Play(loaded, new Random(seed + 2), before, Steps);
            Assert.That(savedLog, Has.Count.GreaterThan(Steps / 4));
            Assert.That(loadedLog, Is.EqualTo(savedLog), $"after {before} steps");
        }
    }

    private static byte[] Save(IStateful stateful)
    {
        var state = StateStream.ForWriting();
        stateful.Transfer(state);
        return state.Written.ToArray();
    }

    private static void Play(IVenueSide side, Random random, int first, int count)
    {
        for (var step = first; step < first + count; step++)
        {
            var timeNs = StartNs + step * (E9 / 10);
            side.Let(timeNs, random);
            var way = side.Way(random);
            var order = Draw(random, (ulong)random.Next(1, step + 2));
            switch (random.Next(4))
            {
                case 0:
                    way.Cancel(order, timeNs);
                    break;
                case 1:
                    var terms = new OrderTerms
                    {
                        Quantity = random.Next(1, 12),
                        LimitPriceE9 = DrawPrice(random),
                        TriggerPriceE9 = order.TriggerPriceE9,
                    };
                    way.Replace(order, terms, timeNs);
                    break;
                default:
                    order.OrderId = (ulong)step + 1;
                    way.Submit(order, timeNs);
                    break;
            }
        }
    }

    private static Order Draw(Random random, ulong id) => new()
    {
        OrderId = id,
        InstrumentIndex = random.Next(2),
        Side = random.Next(2) == 0 ? Side.Buy : Side.Sell,
        Type = (OrderType)random.Next((int)OrderType.Market, (int)OrderType.StopLimit + 1),
        TimeInForce = random.Next(3) == 0 ? TimeInForce.Day : TimeInForce.GoodTillCancel,
        Quantity = random.Next(1, 9),
        LimitPriceE9 = DrawPrice(random),
        TriggerPriceE9 = DrawPrice(random),
    };

    private static long DrawPrice(Random random) => Price(100 + random.Next(-8, 9) * 0.25);

    private interface IVenueSide
    {
        IStateful State { get; }

        /// <summary>The way of one who trades there.</summary>
        IVenueGateway Way(Random random);

        /// <summary>Lets time pass, and the market move.</summary>
        void Let(long timeNs, Random random);
    }

    private sealed class Log(List<ExecutionReport> reports) : IReportSink
    {
        public void OnReport(in ExecutionReport report) => reports.Add(report);
    }

    private sealed class MatchingSide : IVenueSide
    {
        private readonly MatchingVenue _venue;
        private readonly IVenueGateway[] _ways;

        public MatchingSide(List<ExecutionReport> log)
        {
            _venue = new MatchingVenue(
                Table(),
                new MatchingVenueOptions
                {
                    LatencyNs = E9,
                    JitterNs = E9,
                    Book = new MatchingBookOptions { MaxOrders = 4_096 },
                });
            _ways = [_venue.Connect(new Log(log)), _venue.Connect(new Log(log))];
        }

        public IStateful State => _venue;

        public IVenueGateway Way(Random random) => _ways[random.Next(2)];

        public void Let(long timeNs, Random random) => _venue.OnTime(timeNs);
    }

    private sealed class ExchangeSide(
        List<ExecutionReport> log, Func<IReportSink, InstrumentTable, IVenueGateway> open) : IVenueSide
    {
        private readonly IVenueGateway _venue = open(new Log(log), Table());

        public IStateful State => (IStateful)_venue;

        public IVenueGateway Way(Random random) => _venue;

        public void Let(long timeNs, Random random)
        {
            var bid = 100 + random.Next(-4, 5) * 0.25;
            var update = Quote(bid, random.Next(1, 20), bid + 0.25, random.Next(1, 20));
            switch (_venue)
            {
                case LatencyVenue wire:
                    wire.AdvanceTo(timeNs);
                    break;
                case FaultyVenue faulty:
                    faulty.OnTime(timeNs);
                    break;
            }

            (_venue as IMarketListener)?.OnMarket(random.Next(2), update, timeNs);
        }
    }
}
