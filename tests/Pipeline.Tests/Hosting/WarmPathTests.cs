using ExecutionPipeline.Aeron.Driver;
using ExecutionPipeline.Messages.Events;
using ExecutionPipeline.Messages.Wire;
using ExecutionPipeline.Pipeline.Hosting;
using ExecutionPipeline.Pipeline.Options;
using ExecutionPipeline.Pipeline.Tests.Support;
using ExecutionPipeline.Stages.Inference;

namespace ExecutionPipeline.Pipeline.Tests.Hosting;

/// <summary>The second pipeline that warms the path up.</summary>
public sealed class WarmPathTests
{
    private const int Signals = 2_000;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Test]
    public void ShouldTradeAndCloseTradesWhenItTurns()
    {
        using var path = new WarmPath(new PipelineOptions(), TestPipelines.Rules());
        Turn(path);

        var routing = path.Host.Chain.Routing;
        Assert.That(path.Host.Fault?.Message, Is.Null);
        Assert.That(path.SignalsSeen, Is.EqualTo(Signals));
        Assert.That(routing.OrdersSent, Is.GreaterThan(Signals / 2));
        Assert.That(routing.Fills, Is.GreaterThan(Signals / 2));
        Assert.That(routing.ExitsSent, Is.Positive, "stops and targets are on the way, too");
    }

    [Test]
    public void ShouldAllocateNothingWhenItHasTurnedBefore()
    {
        using var path = new WarmPath(new PipelineOptions(), TestPipelines.Rules());
        Turn(path);
        var allocated = GC.GetAllocatedBytesForCurrentThread();
        Turn(path);
        Assert.That(GC.GetAllocatedBytesForCurrentThread() - allocated, Is.Zero);
    }

    /// <summary>A pipeline that idles for weeks comes there.</summary>
    [Test]
    public void ShouldRestWhenItsTimeIsOver()
    {
        const long latestNs = 9_000_000_000_000_000_000;
        using var path = new WarmPath(new PipelineOptions(), TestPipelines.Rules(), latestNs - 60_000_000_000);
        Turn(path);
        var seen = path.SignalsSeen;
        Turn(path);

        Assert.That(path.SignalsSeen, Is.EqualTo(seen).And.InRange(1, Signals - 1));
        Assert.That(path.NowNs(), Is.LessThan(latestNs + 10_000_000_000));
        Assert.That(path.Host.Fault?.Message, Is.Null);
    }

    [Test]
    public void ShouldTakeItsSignalsOverTheDriverWhenItCompiles()
    {
        var folder = Directory.CreateTempSubdirectory("xp-warm-").FullName;
        try
        {
            using var driver = MediaDriver.Launch(
                new MediaDriver.Context().AeronDirectoryName(Path.Combine(folder, "driver")));
            using var aeron = AeronClient.Connect(
                new AeronClient.Context().AeronDirectoryName(driver.AeronDirectoryName));
            Assert.That(
                WarmPath.Compile(aeron, LivePipeline.OptionsOf(Topology.Inline), TestPipelines.Rules()),
                Is.GreaterThanOrEqualTo(512));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>As in containers on one driver: the pipeline's process has the same number in each.</summary>
    [Test]
    public void ShouldCompileBesideAnotherWhenBothHaveOneDriver()
    {
        using var driver = MediaDriver.LaunchEmbedded();
        using var both = new Barrier(2);
        var compiled = Task.WhenAll(Task.Run(Compile), Task.Run(Compile));

        Assert.That(compiled.Wait(2 * Patience), Is.True, "both have streams at the same time");
        Assert.That(compiled.Result, Is.All.Positive);

        long Compile()
        {
            using var aeron = AeronClient.Connect(
                new AeronClient.Context().AeronDirectoryName(driver.AeronDirectoryName));
            var policy = new MeetingPolicy(aeron, both);
            var signals = WarmPath.Compile(aeron, LivePipeline.OptionsOf(Topology.Inline), policy);
            return policy.HasMet ? signals : 0;
        }
    }

    /// <summary>Its first answer over streams waits for the other's, so that both have theirs at once.</summary>
    private sealed class MeetingPolicy(AeronClient aeron, Barrier both) : IPolicyBackend
    {
        private readonly RuleBasedPolicy _rules = TestPipelines.Rules();
        private bool _hasWaited;

        public bool HasMet { get; private set; }

        public DecisionSource Source => _rules.Source;

        public void Run(ref readonly ContextFeatures features, ref PolicyOutputs outputs)
        {
            if (!_hasWaited && HasStreams())
            {
                _hasWaited = true;
                HasMet = both.SignalAndWait(Patience);
            }

            _rules.Run(in features, ref outputs);
        }

        private bool HasStreams()
        {
            var (counters, claims) = (aeron.CountersReader, 0);
            counters.ForEach((id, type, _, _) =>
            {
                if (type == StreamClaim.CounterTypeId && counters.GetCounterOwnerId(id) == aeron.ClientId)
                    claims++;
            });
            return claims > 0;
        }
    }

    private static void Turn(WarmPath path)
    {
        for (var turn = 0; turn < 4 * Signals; turn++)
            path.Turn();
    }
}
