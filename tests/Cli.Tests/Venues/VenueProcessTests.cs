using System.Text.Json;
using ExecutionPipeline.Aeron.Driver;
using ExecutionPipeline.Cli.CommandLine;
using ExecutionPipeline.Cli.Demo;
using ExecutionPipeline.Cli.Tests.CommandLine;
using ExecutionPipeline.Cli.Tests.Demo;
using ExecutionPipeline.Cli.Venues;
using ExecutionPipeline.Execution.Instruments;
using ExecutionPipeline.Execution.Limits;
using ExecutionPipeline.Execution.Orders;
using ExecutionPipeline.Execution.Venues.Matching;
using ExecutionPipeline.Messages.Events;
using ExecutionPipeline.Messages.Ingress;
using ExecutionPipeline.Native;
using ExecutionPipeline.Pipeline.Hosting;
using ExecutionPipeline.Pipeline.Ingress;
using ExecutionPipeline.Pipeline.Journal;
using ExecutionPipeline.Pipeline.Options;
using ExecutionPipeline.Pipeline.Ring;
using ExecutionPipeline.Pipeline.Venues;
using ExecutionPipeline.Stages.Inference;

namespace ExecutionPipeline.Cli.Tests.Venues;

/// <summary>The venue as a process of its own, which is killed and started again.</summary>
[Parallelizable]
public sealed class VenueProcessTests
{
    private const int Fills = 40;
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(120);

    private string _folder = "";

    [SetUp]
    public void MakeFolder() => _folder = Directory.CreateTempSubdirectory("xp-venue-").FullName;

    [TearDown]
    public void RemoveFolder() => Directory.Delete(_folder, recursive: true);

    [Test]
    public void ShouldDoubleNothingWhenTheVenueIsKilledAndStartedAgain()
    {
        using var driver = MediaDriver.Launch(
            new MediaDriver.Context().AeronDirectoryName(Path.Combine(_folder, "driver")));
        var directory = driver.AeronDirectoryName;
        var journal = Path.Combine(_folder, "journal");
        int position, contracts;
        using (var session = Open(directory, journal))
        {
            var host = session.Host;
            host.Start();
            using (var first = XpProcess.Start("venue", "--aeron-dir", directory))
            {
                Await(() => session.RemoteVenue!.IsUp, session);
                using var engine = XpProcess.Start(
                    "engine", "--aeron-dir", directory, "--seconds", "600", "--rate", "200", "--warmup", "0",
                    "--set", "ring.wait=block");
                Await(() => host.Chain.Routing.Fills > Fills, session);
                // Orders are under way when it is killed.
                first.Send("STOP");
                var sent = host.Chain.Routing.OrdersSent;
                Await(() => host.Chain.Routing.OrdersSent > sent + Fills, session);
                first.Kill();
                Await(() => !session.RemoteVenue!.IsUp, session);
                var filled = host.Chain.Routing.Fills;
                using var second = XpProcess.Start("venue", "--aeron-dir", directory);
                Await(() => session.RemoteVenue!.IsUp, session);
                Await(() => host.Chain.Routing.Fills > filled + Fills, session, engine, second);
                engine.Interrupt();
                engine.End();
                host.Stop(TimeSpan.FromSeconds(10));
                second.Interrupt();
                Assert.That(second.End(), Is.EqualTo(130), second.Error);
                AssertSane(second.Output);
            }

            Assert.That(host.Fault, Is.Null);
            position = host.Chain.Context.Portfolio.Position(0);
            contracts = (int)host.Chain.Routing.FilledQuantity;
            Assert.That(host.Chain.Routing.Trades.Position(0), Is.EqualTo(position), "the trades add up to it");
        }

        var executions = ExecutionsOf(journal, out var lost, out var back);
        Assert.That((lost, back), Is.EqualTo((1, 2)), "the first connection is told of as well");
        Assert.That(executions.Values.Sum(), Is.EqualTo(position), "the position is the sum of the fills");
        Assert.That(executions.Values.Sum(Math.Abs), Is.EqualTo(contracts), "nothing is booked twice");
    }

    [Test]
    public void ShouldRunTheDemoWhenTheVenueIsAProcess()
    {
        var figures = Path.Combine(_folder, "figures.json");
        using var demo = XpProcess.Start(
            "demo", "--events", "2000", "--rate", "1000", "--warmup", "0", "--inference", "rules", "--cpus", "none",
            "--wait", "block", "--quiet", "--venue", "process", "--aeron-dir", Path.Combine(_folder, "driver"),
            "--json", figures);
        Assert.That(demo.End(), Is.Zero, demo.Error);
        using var json = JsonDocument.Parse(File.ReadAllText(figures));
        Assert.That(json.RootElement.GetProperty("fills").GetInt64(), Is.Positive);
        Assert.That(json.RootElement.GetProperty("events_lost").GetInt64(), Is.Zero);
        var strategies = json.RootElement.GetProperty("by_strategy").EnumerateArray().ToArray();
        Assert.That(strategies.Sum(static one => one.GetProperty("contracts_executed").GetInt64()), Is.Positive);
        Assert.That(
            strategies.Sum(static one => one.GetProperty("orders").GetInt64()),
            Is.LessThanOrEqualTo(json.RootElement.GetProperty("events_processed").GetInt64()));
    }

    [Test]
    public void ShouldEndTheDemoAndSayWhyWhenTheVenuesProcessHasDied()
    {
        var config = Path.Combine(_folder, "fine.yaml");
        File.WriteAllText(config, "instruments: [{ id: 1, symbol: ES, tick_size: 0.0001, max_price: 100000 }]\n");

        using var demo = XpProcess.Start(
            "demo", "--events", "20", "--rate", "1000", "--warmup", "0", "--inference", "rules", "--cpus", "none",
            "--wait", "block", "--quiet", "--venue", "process", "--aeron-dir", Path.Combine(_folder, "driver"),
            "--config", config);

        Assert.That(demo.End(), Is.EqualTo(ExitCode.Failed), demo.Output);
        Assert.That(demo.Error, Does.Contain("the venue has ended with exit code 2")
            .And.Contain("a book has 16,777,215 at most"));
        Assert.That(demo.Error, Does.Not.Contain("no venue answered"), "nobody waits for it");
    }

    /// <summary>The system's time was stepped back by an hour before the restart.</summary>
    [Test]
    public void ShouldAnswerInTimeAndSaySoWhenItsJournalIsAheadOfTheSystemsTime()
    {
        const long hourNs = 3_600_000_000_000;
        using var driver = MediaDriver.Launch(
            new MediaDriver.Context().AeronDirectoryName(Path.Combine(_folder, "driver")));
        using var aeron = AeronClient.Connect(new AeronClient.Context().AeronDirectoryName(driver.AeronDirectoryName));
        var pipeline = DemoConfiguration.Load(null);
        var ids = new InstrumentIds([.. pipeline.Instruments.Select(static one => one.Id)]);
        var journal = Path.Combine(_folder, "journal");
        using (var before = new VenueServer(
            aeron, pipeline.Venue, new InstrumentTable(pipeline.Instruments), ids,
            new MatchingVenueOptions { LatencyNs = 1_000_000 }, NanoClock.NowNs() + hourNs,
            new VenueJournalOptions { Folder = journal, Journal = pipeline.Journal, Pipeline = pipeline }))
        {
            before.Finish();
        }

        var (reports, fault) = (new ReportInbox(64, 4), new TradingFault());
        using var link = new RemoteVenue(aeron, pipeline.Venue, ids, reports, fault);
        link.Start();
        using var venue = XpProcess.Start(
            "venue", "--aeron-dir", driver.AeronDirectoryName, "--journal", journal, "--latency", "1000");
        Assert.That(SpinWait.SpinUntil(() => link.IsUp || venue.HasEnded, Timeout));
        Assert.That(venue.HasEnded, Is.False, () => venue.Error);
        link.Submit(
            new Order
            {
                OrderId = 1,
                Side = Side.Buy,
                Type = OrderType.Limit,
                TimeInForce = TimeInForce.GoodTillCancel,
                Quantity = 1,
                LimitPriceE9 = 4_000_000_000_000,
            },
            NanoClock.NowNs());
        var told = new ReportsOf(order: 1);
        var isAnswered = SpinWait.SpinUntil(
            () => reports.Drain(told) && told.Kind == ExecutionReportKind.New, Timeout);

        venue.Interrupt();
        Assert.That(venue.End(), Is.EqualTo(ExitCode.Interrupted), venue.Error);
        Assert.That(isAnswered, "an order comes a millisecond later, in the venue's time");
        Assert.That(venue.Error, Does.Match(@"ends 3[56]\d\d(\.\d+)? s ahead of the system's time: time goes on"));
        Assert.That(fault.First, Is.Null);
    }

    [Test]
    public void ShouldTellWhereTheMarketDataAreDamagedAndFail()
    {
        using var driver = MediaDriver.Launch(
            new MediaDriver.Context().AeronDirectoryName(Path.Combine(_folder, "driver")));
        var file = Path.Combine(_folder, "market.csv");
        File.WriteAllText(file, "ts,bid,ask,bid_size,ask_size\n1700000000,5,6,7,8\n1700000001,5,6,7,9\nno row\n");

        using var venue = XpProcess.Start("venue", "--aeron-dir", driver.AeronDirectoryName, "--data", file);

        Assert.That(venue.End(), Is.EqualTo(ExitCode.Failed), venue.Error);
        Assert.That(venue.Error, Does.Contain("xp venue: market.csv: line 4"));
        Assert.That(venue.Error, Does.Contain("There is only the best bid and offer"), "the notes are told, too");
        Assert.That(venue.Output, Does.Contain("\"executions\":0"), "the figures are told");
    }

    [Test]
    public void ShouldGiveTheSameOptionsWhenItsArgumentsAreParsed()
    {
        File.WriteAllText(Path.Combine(_folder, "market.csv"), "");
        var options = new VenueProcessOptions
        {
            AeronDirectory = _folder,
            Channel = "aeron:ipc",
            DataFiles = [Path.Combine(_folder, "market.csv")],
            DataInstruments = [4, 5],
            Speed = 2.5,
            Seed = 7,
            LatencyUs = 20,
            JitterUs = 3,
            JournalFolder = Path.Combine(_folder, "journal"),
            IsWatchingInput = true,
        };
        var read = (VenueProcessOptions)Xp.Run([.. options.ToArguments()]).Options!;
        Assert.That(read.ToArguments(), Is.EqualTo(options.ToArguments()));
        var both = Xp.Run([.. options.ToArguments(), "--generate"]);
        Assert.That(both.Error, Does.Contain("--data and --generate both say where the market comes from"));
    }

    private static PipelineSession Open(string directory, string journal)
    {
        var options = DemoConfiguration.Load(null);
        // A venue that is killed leaves orders without an answer, and a slow machine signals that waited.
        var calm = new BreakerLimit { Threshold = 1_000, RecoveryS = 1 };
        var breakers = options.Limits.Breakers with
        {
            MarketVolatility = calm,
            ExecutionFailure = calm,
            VenueUnavailability = calm,
            SystemLoad = calm,
            UnansweredOrder = calm,
        };
        return new PipelineSession(
            options with
            {
                Ring = options.Ring with { Topology = Topology.Inline, Wait = WaitMode.Block, Processors = [] },
                Venue = new VenueOptions { Kind = VenueKind.Process },
                Limits = options.Limits with { Breakers = breakers },
            },
            new SessionOptions { AeronDirectory = directory, IsDriverExternal = true, JournalFolder = journal },
            LoadedPolicy.Rules());
    }

    private static void Await(Func<bool> condition, PipelineSession session, params XpProcess[] beside) => Assert.That(
        SpinWait.SpinUntil(condition, Timeout),
        Is.True,
        () => $"not within {Timeout.TotalSeconds} s: {StateOf(session)}, "
            + $"{beside.Count(static one => one.HasEnded)} of the {beside.Length} processes beside it have ended");

    private static string StateOf(PipelineSession session)
    {
        var (host, chain) = (session.Host, session.Host.Chain);
        return $"{host.Ingress.SignalsAdmitted} signals, {chain.Routing.Fills} fills, "
            + $"{chain.Routing.Rejected} rejected, "
            + $"a position of {chain.Context.Portfolio.Position(0)}, {chain.Routing.Orders.WorkingOrders} orders work, "
            + $"breakers: {chain.Risk.Responses}, venue up: {session.RemoteVenue!.IsUp}, {host.Fault?.Message}";
    }

    private static void AssertSane(string output)
    {
        using var figures = JsonDocument.Parse(output.Trim());
        Assert.That(figures.RootElement.GetProperty("sessions").GetInt32(), Is.EqualTo(1));
        Assert.That(figures.RootElement.GetProperty("unreadable").GetInt32(), Is.Zero);
        Assert.That(figures.RootElement.GetProperty("executions").GetInt32(), Is.GreaterThan(0));
    }

    /// <summary>Signed contracts of each execution that a venue has ever reported, once for each id.</summary>
    private static Dictionary<ulong, int> ExecutionsOf(string journal, out int lost, out int back)
    {
        var executions = new Dictionary<ulong, int>();
        (lost, back) = (0, 0);
        using var reader = new JournalReader(journal);
        var e = default(PipelineEvent);
        while (reader.TryRead(ref e))
        {
            if (e.Header.Kind != EventKind.ExecutionReport)
                continue;

            ref readonly var report = ref e.Payload.ExecutionReport;
            lost += report.Kind == ExecutionReportKind.VenueLost ? 1 : 0;
            back += report.Kind == ExecutionReportKind.VenueBack ? 1 : 0;
            if (report.Kind == ExecutionReportKind.Trade)
                executions[report.ExecutionId] = report.LastQuantity * (report.Side == Side.Buy ? 1 : -1);
        }

        return executions;
    }

    /// <summary>The kind of the last report on an order.</summary>
    private sealed class ReportsOf(ulong order) : IReportReceiver
    {
        public ExecutionReportKind Kind { get; private set; }

        public bool HasRoom => true;

        public void OnReport(in ExecutionReport report)
        {
            if (report.OrderId == order)
                Kind = report.Kind;
        }
    }
}
