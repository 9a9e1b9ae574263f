using ExecutionPipeline.Execution.Algorithms;
using ExecutionPipeline.Execution.Brackets;
using ExecutionPipeline.Execution.Limits;
using ExecutionPipeline.Execution.Venues;
using ExecutionPipeline.Execution.Venues.Faults;
using ExecutionPipeline.Execution.Venues.Routing;
using ExecutionPipeline.Messages.Events;
using ExecutionPipeline.Stages.Routing;
using ExecutionPipeline.Testing;
using static ExecutionPipeline.Stages.Tests.StageRig;

namespace ExecutionPipeline.Stages.Tests.Routing;

/// <summary>
/// All algorithms and exits at a venue that loses, delays, doubles, reorders and refuses, and whose connection breaks:
/// nothing is lost, nothing is made up, and in the end everything is flat.
/// </summary>
[TestFixture]
public class ConservationTests
{
    private const string OrdersVariable = "XP_TEST_ORDERS";
    private const string SeedVariable = "XP_TEST_SEED";
    private const int Instruments = 4;
    private const int MaxReportsAtOnce = 10_000;
    private const int SettlingRounds = 2_000;

    private static readonly ExecutionStrategy[] Strategies = Enum.GetValues<ExecutionStrategy>();

    private readonly double[] _bids = new double[Instruments];
    private Random _random = new(0);

    /// <summary>
    /// One venue whose session resends what was lost when it returns; and several that only tell of their connection,
    /// where every fate is asked for. The same runs each time, so that none depends on luck; others by the seed's
    /// variable. The second seed has late executions of ended orders beside a parent's own.
    /// </summary>
    [TestCase(1, 2026)]
    [TestCase(3, 2026)]
    [TestCase(3, 43)]
    public void ShouldConserveOrdersPositionsAndCashWhenTheVenueFails(int count, int seed)
    {
        var given = Environment.GetEnvironmentVariable(OrdersVariable);
        var orders = string.IsNullOrEmpty(given)
            ? 20_000
            : int.Parse(given, System.Globalization.CultureInfo.InvariantCulture);
        _random = string.IsNullOrEmpty(Environment.GetEnvironmentVariable(SeedVariable))
            ? new Random(seed)
            : TestSeed.NewRandom();
        Array.Fill(_bids, 5_000);
        var exchanges = new SimulatedExchange[count];
        var rig = new StageRig(
            limits: Limits,
            instruments: Instruments,
            garbage: 0xA5,
            orders: 4_096,
            bracket: new BracketOptions { TimeOutHours = 0.05 },
            execution: Quick,
            venue: r => NewVenue(r, exchanges, 0),
            cash: 1_000_000_000m,
            routing: new RoutingOptions
            {
                AuditSeconds = count > 1 ? 5 : 0,
                Venues = count == 1 ? [] : [.. Enumerable.Range(0, count).Select(static i => VenueAt(i))],
            },
            others: r => [.. Enumerable.Range(1, count - 1).Select(i => NewVenue(r, exchanges, i))]);
        FaultyVenue[] venues = [(FaultyVenue)rig.Gateway, .. rig.Others.Cast<FaultyVenue>()];
        var books = new ConservationBooks(rig);
        for (var instrument = 0; instrument < Instruments; instrument++)
            Quote(rig, instrument);
        for (var steps = 0L; rig.Routing.OrdersSent < orders; steps++)
        {
            Assert.That(steps, Is.LessThan(20L * orders), "trading goes on");
            Step(rig, venues, books);
        }

        CloseEverything(rig, venues, exchanges, books);
        TestContext.Out.WriteLine(
            $"{rig.Routing.OrdersSent} orders, {rig.Routing.ReplacesSent} replacements, "
            + $"{rig.Routing.CancelsSent} cancels, {rig.Routing.Fills} fills, {books.Parents} parents, "
            + $"{rig.Routing.Trades.ClosedTrades} trades, {venues.Sum(static v => v.Counts.Disconnects)} disconnects, "
            + $"{venues.Sum(static v => v.Counts.ReportsDropped)} reports and "
            + $"{venues.Sum(static v => v.Counts.RequestsDropped)} requests lost, "
            + $"{rig.Routing.Unanswered} requests not answered in time");
        Assert.That(venues.Select(static v => v.Counts.Disconnects), Is.All.Positive);
    }

    private FaultyVenue NewVenue(StageRig rig, SimulatedExchange[] exchanges, int number) => new(
        rig,
        sink => exchanges[number] =
            new SimulatedExchange(rig.Instruments, sink, new SimulatedExchangeOptions(), (byte)number),
        Faults((ulong)_random.NextInt64(), tellsConnection: exchanges.Length > 1),
        (byte)number);

    /// <summary>Each dearer than the one before, the last one a backup.</summary>
    private static RoutedVenueOptions VenueAt(int number) => new()
    {
        Name = $"venue {number}",
        Fee = number * 0.5m,
        LatencyUs = 100 * (3 - number),
        IsBackup = number == 2,
    };

    /// <summary>Breakers close again soon, so that trading goes on.</summary>
    private static RiskLimits Limits { get; } = Generous with
    {
        MaxDailyTrades = 1_000_000,
        Breakers = new BreakerOptions
        {
            ExecutionFailure = new() { Threshold = 1_000, RecoveryS = 1 },
            VenueUnavailability = new() { Threshold = 1_000, RecoveryS = 1 },
            UnansweredOrder = new() { Threshold = 604_800, RecoveryS = 1 },
        },
    };

    /// <summary>Schedules that end within the test.</summary>
    private static ExecutionOptions Quick { get; } = new()
    {
        Immediate = new ImmediateOptions { MaxSlippageBps = 50 },
        Twap = new TwapOptions { DurationSeconds = 20, SliceCount = 5, TargetParticipationRate = 1 },
        Vwap = new VwapOptions { DurationSeconds = 20, SliceCount = 5, MaxParticipationRate = 1 },
        Iceberg = new IcebergOptions { DurationSeconds = 20, DisplaySizePct = 0.2 },
        ImplementationShortfall = new ShortfallOptions { DurationSeconds = 20, SliceCount = 5 },
    };

    private static FaultOptions Faults(ulong seed, bool tellsConnection) => new()
    {
        Seed = seed,
        TellsConnection = tellsConnection,
        RejectBps = 200,
        DropRequestBps = 100,
        DelayRequestBps = 500,
        DropReportBps = 100,
        DelayReportBps = 500,
        DuplicateReportBps = 300,
        ReorderReportBps = 300,
        ConnectedNs = 60 * E9,
        ReconnectMaxNs = 4 * E9,
    };

    private void Step(StageRig rig, FaultyVenue[] venues, ConservationBooks books)
    {
        var instrument = _random.Next(Instruments);
        switch (_random.Next(1_000))
        {
            case < 600:
                Quote(rig, instrument);
                break;
            case < 850:
                var side = _random.Next(2) == 0 ? Side.Buy : Side.Sell;
                rig.Signal(side, _random.Next(1, 21), instrument, Strategies[_random.Next(Strategies.Length)]);
                break;
            case < 970:
                rig.AdvanceTo(rig.TimeNs + _random.Next(1, 500) * 1_000_000L);
                break;
            case < 985:
                rig.Second();
                break;
            case < 990:
                Settle(rig, venues);
                break;
            case < 992:
                rig.Command(CommandKind.CloseAll, instrument);
                break;
            case < 994:
                rig.Command(CommandKind.CancelAll, instrument);
                break;
            case < 995:
                rig.Command(CommandKind.Kill, instrument);
                break;
            default:
                rig.Command(CommandKind.Resume, instrument);
                break;
        }

        Drain(rig);
        books.AssertConserved();
    }

    /// <summary>Answers lead to requests, and those to answers: there must be an end to it.</summary>
    private static void Drain(StageRig rig)
    {
        var reports = 0;
        while (rig.TryDrainOne(out _))
            Assert.That(++reports, Is.LessThan(MaxReportsAtOnce), "requests and answers go round in a circle");
    }

    private void Quote(StageRig rig, int instrument)
    {
        rig.AdvanceTo(rig.TimeNs + _random.Next(1, 50) * 1_000_000L);
        var step = _random.Next(50) == 0 ? 60 : 3;
        _bids[instrument] = Math.Clamp(_bids[instrument] + _random.Next(-step, step + 1) * 0.25, 4_000, 6_000);
        rig.Market(
            _bids[instrument],
            _bids[instrument] + _random.Next(1, 4) * 0.25,
            _random.Next(1, 40),
            instrument,
            _random.Next(0, 30));
    }

    /// <summary>The faults go on; one command for each instrument has to be enough.</summary>
    private void CloseEverything(
        StageRig rig, FaultyVenue[] venues, SimulatedExchange[] exchanges, ConservationBooks books)
    {
        for (var instrument = 0; instrument < Instruments; instrument++)
            rig.Command(CommandKind.CloseAll, instrument);
        for (var round = 0; round < SettlingRounds && !books.IsSettled; round++)
        {
            for (var instrument = 0; instrument < Instruments; instrument++)
                Quote(rig, instrument);
            rig.AdvanceTo(rig.TimeNs + E9);
            rig.Second();
            Settle(rig, venues);
            Drain(rig);
            books.AssertConserved();
        }

        books.AssertSettled();
        for (var instrument = 0; instrument < Instruments; instrument++)
            Assert.That(exchanges.Sum(e => e.RestingOrders(instrument)), Is.Zero, "nothing rests at a venue");
    }

    private static void Settle(StageRig rig, FaultyVenue[] venues)
    {
        foreach (var venue in venues)
        {
            venue.OnTime(rig.TimeNs);
            if (venue.IsConnected && venues.Length == 1)
                venue.Reconcile();
        }
    }
}
