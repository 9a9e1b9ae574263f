using ExecutionPipeline.Cli.CommandLine;
using ExecutionPipeline.Cli.Demo;
using ExecutionPipeline.Pipeline.Options;

namespace ExecutionPipeline.Cli.Tests.Demo;

/// <summary>What an option says goes before the configuration; what none says is the configuration's.</summary>
public sealed class DemoPlanTests
{
    private const string Configured =
        """
        {
          "ring": { "size": 256, "topology": "pipelined", "wait": "block", "processors": [3, 2] },
          "streams": {
            "input_channel": "aeron:ipc?alias=in", "outbound_channel": "aeron:ipc?alias=out",
            "signal_stream": 11, "market_stream": 12, "command_stream": 13, "outbound_stream": 21
          },
          "instruments": [ { "id": 7, "symbol": "ES" } ]
        }
        """;

    private static readonly int[] FourProcessors = [0, 1, 2, 3];

    private string _file = "";

    [SetUp]
    public void WriteFile()
    {
        _file = Path.GetTempFileName();
        File.WriteAllText(_file, Configured);
    }

    [TearDown]
    public void RemoveFile() => File.Delete(_file);

    [Test]
    public void ShouldKeepRingAndStreamsOfTheFileWhenNoOptionIsGiven()
    {
        var plan = DemoPlan.Of(Options(), FourProcessors);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(plan.Pipeline.Ring.Size, Is.EqualTo(256));
            Assert.That(plan.Pipeline.Ring.Topology, Is.EqualTo(Topology.Pipelined));
            Assert.That(plan.Pipeline.Ring.Wait, Is.EqualTo(WaitMode.Block));
            Assert.That(plan.Pipeline.Ring.Processors, Is.EqualTo(new[] { 3, 2 }));
            Assert.That(plan.EngineProcessor, Is.Zero, "the first that the file leaves");
            Assert.That(plan.Pipeline.Streams, Is.EqualTo(new StreamOptions
            {
                InputChannel = "aeron:ipc?alias=in",
                OutboundChannel = "aeron:ipc?alias=out",
                SignalStream = 11,
                MarketStream = 12,
                CommandStream = 13,
                OutboundStream = 21,
            }));
        }
    }

    [Test]
    public void ShouldRefuseAVenueInAnotherProcessWhenTheFileHasSeveral()
    {
        File.WriteAllText(_file, Configured.TrimEnd()[..^1] + ", \"routing\": { \"venues\": "
            + "[ { \"name\": \"a\" }, { \"name\": \"b\" } ] } }");
        Assert.That(() => DemoPlan.Of(Options(), FourProcessors), Throws.Nothing);

        Assert.That(
            () => DemoPlan.Of(Options() with { Venue = VenueKind.Process }, FourProcessors),
            Throws.TypeOf<UsageException>().With.Message.Contains("routing.venues has 2"));
    }

    [Test]
    public void ShouldPutEachOptionThatIsGivenOverTheFile()
    {
        var options = Options() with
        {
            Topology = Topology.Inline,
            Wait = WaitChoice.Yield,
            Cpus = [1, 0],
            Channel = "aeron:ipc?term-length=256k",
        };

        var plan = DemoPlan.Of(options, FourProcessors);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(plan.Pipeline.Ring.Size, Is.EqualTo(256));
            Assert.That(plan.Pipeline.Ring.Topology, Is.EqualTo(Topology.Inline));
            Assert.That(plan.Pipeline.Ring.Wait, Is.EqualTo(WaitMode.Yield));
            Assert.That(plan.Pipeline.Ring.Processors, Is.EqualTo(new[] { 1 }));
            Assert.That(plan.EngineProcessor, Is.Zero);
            Assert.That(plan.Pipeline.Streams.InputChannel, Is.EqualTo("aeron:ipc?term-length=256k"));
            Assert.That(plan.Pipeline.Streams.OutboundChannel, Is.EqualTo("aeron:ipc?term-length=256k"));
            Assert.That(plan.Pipeline.Streams.CommandStream, Is.EqualTo(13), "an id is not the channel's");
        }
    }

    [Test]
    public void ShouldChooseByTheMachineWhenAutoIsAskedForOverTheFile()
    {
        var options = Options() with { Topology = Topology.Auto, Wait = WaitChoice.Auto };

        var ring = DemoPlan.Of(options, FourProcessors).Pipeline.Ring;

        Assert.That((ring.Topology, ring.Wait), Is.EqualTo((Topology.Fused, WaitMode.Spin)));
    }

    [Test]
    public void ShouldPinNothingWhenTheFileNamesNoProcessor()
    {
        File.WriteAllText(_file, """{ "ring": { "processors": [] } }""");

        var plan = DemoPlan.Of(Options(), FourProcessors);

        Assert.That(plan.Pipeline.Ring.Processors, Is.Empty);
        Assert.That(plan.EngineProcessor, Is.Null);
    }

    [TestCase(1, "0", null, Topology.Inline, WaitMode.Yield)]
    [TestCase(2, "1", 0, Topology.Inline, WaitMode.Spin)]
    [TestCase(3, "2,1", 0, Topology.Fused, WaitMode.Spin)]
    public void ShouldTakeAllProcessorsWhenNeitherSaysWhich(
        int processors, string pinned, int? engine, Topology topology, WaitMode wait)
    {
        var plan = DemoPlan.Of(
            new DemoOptions { AeronDirectory = "/x" }, [.. Enumerable.Range(0, processors)]);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(string.Join(',', plan.Pipeline.Ring.Processors!), Is.EqualTo(pinned));
            Assert.That(plan.EngineProcessor, Is.EqualTo(engine));
            Assert.That((plan.Pipeline.Ring.Topology, plan.Pipeline.Ring.Wait), Is.EqualTo((topology, wait)));
        }
    }

    [TestCase(new[] { 3 }, null)]
    [TestCase(new[] { 3, 1 }, 1)]
    public void ShouldGiveTheLastOfSeveralProcessorsToTheEngine(int[] cpus, int? engine) => Assert.That(
        DemoPlan.Of(Options() with { Cpus = cpus }, FourProcessors).EngineProcessor, Is.EqualTo(engine));

    [Test]
    public void ShouldGiveTheEngineTheConfigurationAndTheOptionsOfTheRun()
    {
        var options = Options() with { Events = 3, Seed = 9, MalformedPerKind = 2, Channel = "aeron:ipc?alias=x" };

        var engine = DemoPlan.Of(options, FourProcessors).EngineOptionsFor(options, [17]);

        using (Assert.EnterMultipleScope())
        {
            Assert.That((engine.ConfigFile, engine.Channel), Is.EqualTo((_file, "aeron:ipc?alias=x")));
            Assert.That((engine.Events, engine.Seed, engine.MalformedPerKind), Is.EqualTo((3L, 9L, 2)));
            Assert.That((engine.InstrumentId, engine.Cpu), Is.EqualTo((7u, (int?)0)));
            Assert.That(engine.DataInstruments, Is.EqualTo(new[] { 17u }));
            Assert.That(engine.IsWatchingInput, Is.True);
        }
    }

    private DemoOptions Options() => new() { AeronDirectory = "/x", ConfigFile = _file };
}
