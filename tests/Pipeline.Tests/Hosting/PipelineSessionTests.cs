using ExecutionPipeline.Aeron.Driver;
using ExecutionPipeline.Pipeline.Hosting;
using ExecutionPipeline.Pipeline.Options;
using ExecutionPipeline.Pipeline.Tests.Support;
using ExecutionPipeline.Stages.Inference;

namespace ExecutionPipeline.Pipeline.Tests.Hosting;

/// <summary>A session on a driver that is not its own.</summary>
public sealed class PipelineSessionTests
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(30);

    [Test]
    public void ShouldEndTradingWhenTheMediaDriverIsShutDown()
    {
        using var driver = MediaDriver.Launch(
            new MediaDriver.Context().AeronDirectoryName(AeronDirectories.New()));
        var directory = driver.AeronDirectoryName;
        using var session = new PipelineSession(
            TestPipelines.Options(Topology.Inline),
            new SessionOptions { AeronDirectory = directory, IsDriverExternal = true },
            LoadedPolicy.Rules());
        session.Host.Start();
        Assert.That(session.Host.Fault, Is.Null);

        driver.Dispose();

        Assert.That(SpinWait.SpinUntil(() => session.Host.Fault != null, Timeout), Is.True, "no fault");
        Assert.That(
            session.Host.Fault!.Message,
            Is.EqualTo(
                $"the Aeron client failed: the media driver in {directory} has gone: it was shut down"));
        Assert.That(session.Host.IsKilled, Is.True);
        Assert.That(() => session.Host.Stop(Timeout), Throws.Nothing);
    }
}
