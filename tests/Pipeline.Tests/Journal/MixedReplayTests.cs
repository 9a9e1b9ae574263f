using ExecutionPipeline.Execution.Venues.Routing;
using ExecutionPipeline.Messages.Events;
using ExecutionPipeline.Messages.Ingress;
using ExecutionPipeline.Pipeline.Journal;
using ExecutionPipeline.Pipeline.Options;
using ExecutionPipeline.Pipeline.Outbound;
using ExecutionPipeline.Pipeline.Ring;
using ExecutionPipeline.Pipeline.Tests.Support;
using ExecutionPipeline.Stages.Routing;

namespace ExecutionPipeline.Pipeline.Tests.Journal;

/// <summary>
/// Every kind of event at random, good and bad, gives the same bytes in each topology. The rings differ in size, so
/// that what an earlier event left in a slot differs too: nothing may read it. With two venues, orders are split
/// between them, and each is lost and comes back now and then.
/// </summary>
[TestFixture(1)]
[TestFixture(2)]
public sealed class MixedReplayTests(int venues)
{
    private const int Events = 30_000;

    /// <summary>Of what must be there to compare: commands that stop entries leave few orders in some seeds.</summary>
    private const int RichSeed = 8;

    private string _path = "";
    private byte[] _recorded = [];
    private StageChain _chain = null!;

    [OneTimeSetUp]
    public void Record()
    {
        var seed = TestSeed.Next();
        _path = PathOf(seed);
        (_recorded, _chain, _) = Record(seed, _path);
    }

    [OneTimeTearDown]
    public void RemoveRecording() => Directory.Delete(_path, recursive: true);

    [Test]
    public void ShouldHaveSomethingOfEverythingToCompare()
    {
        var path = PathOf(RichSeed);
        var (_, chain, input) = Record(RichSeed, path);
        Directory.Delete(path, recursive: true);
        var models = chain.Inference.Models;
        var orders = chain.Routing.Orders;
        Assert.That(chain.Routing.OrdersSent, Is.GreaterThan(Events / 400), "orders");
        Assert.That(chain.Routing.ExitsSent, Is.GreaterThan(Events / 400), "exits of trades");
        Assert.That(chain.Routing.ReplacesSent, Is.GreaterThan(0), "orders replaced");
        Assert.That(chain.Routing.CountOf(RoutingOutcome.OrderChanged), Is.GreaterThan(0), "commands on orders");
        Assert.That(chain.Routing.Trades.ClosedTrades, Is.GreaterThan(0), "closed trades");
        Assert.That(chain.Inference.Late, Is.GreaterThan(Events / 100), "late decisions");
        Assert.That(chain.Inference.Fallbacks, Is.GreaterThan(0), "nonsense of a model");
        Assert.That(models.Swaps, Is.GreaterThan(Events / 1_000), "exchanges of models");
        Assert.That(chain.Context.Signals.Repeated, Is.GreaterThan(0), "repeated signals");
        Assert.That(chain.Risk.Cut, Is.GreaterThan(0), "cut orders");
        Assert.That(chain.Risk.Limits, Is.Not.EqualTo(Options(Topology.Inline, 256).Limits), "changed limits");
        Assert.That(orders.UnknownReports, Is.GreaterThan(0), "unknown orders");
        Assert.That(orders.DuplicateReports + orders.LateReports, Is.GreaterThan(0), "repeated reports");
        Assert.That(input.AdmittedSpoilt, Is.GreaterThan(Events / 1_000), "admitted messages with flipped bits");
        Assert.That(input.ExecutionsByVenue, Has.Exactly(venues).Items.And.All.GreaterThan(0), "each venue");
        Assert.That(chain.Outbound.SentOf(OutboundKind.RiskState), Is.GreaterThan(Events / 1_000), "changes of state");
    }

    [TestCase(Topology.Inline, 64)]
    [TestCase(Topology.Inline, 1024)]
    [TestCase(Topology.Fused, 128)]
    [TestCase(Topology.Pipelined, 64)]
    [TestCase(Topology.Pipelined, 512)]
    public void ShouldGiveTheRecordedBytesWhenReplayed(Topology topology, int ringSize)
    {
        using var reader = new JournalReader(_path);
        using var output = new MemoryStream();
        var replay = new JournalReplay(
            Options(topology, ringSize), TestPipelines.Rules(), new StreamSink(output), MixedModels.Open);
        replay.Run(reader, CancellationToken.None);

        Assert.That(replay.Count, Is.EqualTo(reader.Count));
        var common = output.ToArray().AsSpan().CommonPrefixLength(_recorded);
        Assert.That((common, output.Length), Is.EqualTo((_recorded.Length, (long)_recorded.Length)));
        var (own, recorded) = (replay.Chain.Context.Portfolio, _chain.Context.Portfolio);
        Assert.That((own.EquityE6, own.FeesE6), Is.EqualTo((recorded.EquityE6, recorded.FeesE6)));
    }

    private static string PathOf(int seed) =>
        Path.Combine(Path.GetTempPath(), $"xp-mixed-{Guid.NewGuid():N}-{seed}");

    private (byte[] Outbound, StageChain Chain, MixedInput Input) Record(int seed, string path)
    {
        var options = Options(Topology.Inline, 256);
        var ids = new InstrumentIds([.. options.Instruments.Select(static o => o.Id)]);
        var input = new MixedInput(seed, options.Instruments.Count, ids) { Venues = venues };
        using var run = new JournalledRun(path, options, input);
        return (run.Run(Events), run.Chain, input);
    }

    private static RoutedVenueOptions VenueAt(int number) => new()
    {
        Name = $"venue {number}",
        Fee = number * 0.25m,
        LatencyUs = 200 - 100 * number,
    };

    private PipelineOptions Options(Topology topology, int ringSize)
    {
        var options = TestPipelines.Mixed(topology);
        return options with
        {
            Ring = new RingOptions { Topology = topology, Size = ringSize, Wait = WaitMode.Block },
            Routing = new RoutingOptions
            {
                AuditSeconds = venues > 1 ? 5 : 0,
                Venues = venues == 1 ? [] : [.. Enumerable.Range(0, venues).Select(VenueAt)],
            },
            Limits = options.Limits with
            {
                MaxDailyTrades = 100,
                KillSwitch = options.Limits.KillSwitch with { RefusalWindowMs = 600_000 },
            },
        };
    }
}
