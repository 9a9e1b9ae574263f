using ExecutionPipeline.Aeron.Driver;
using ExecutionPipeline.Pipeline.Hosting;
using ExecutionPipeline.Pipeline.Options;
using ExecutionPipeline.Pipeline.Tests.Support;

namespace ExecutionPipeline.Pipeline.Tests.Hosting;

/// <summary>The second pipeline that warms the path up.</summary>
public sealed class WarmPathTests
{
    private const int Signals = 2_000;

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

    private static void Turn(WarmPath path)
    {
        for (var turn = 0; turn < 4 * Signals; turn++)
            path.Turn();
    }
}
