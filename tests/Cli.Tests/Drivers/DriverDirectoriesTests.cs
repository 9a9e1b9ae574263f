using ExecutionPipeline.Aeron.Driver;
using ExecutionPipeline.Cli.CommandLine;
using ExecutionPipeline.Cli.Drivers;

namespace ExecutionPipeline.Cli.Tests.Drivers;

/// <summary>Whether a driver has room for a pipeline.</summary>
public sealed class DriverDirectoriesTests
{
    private const string Channel = "aeron:ipc";
    private const int Stream = 2001;

    private MediaDriver _driver = null!;

    [SetUp]
    public void Launch() =>
        _driver = MediaDriver.LaunchEmbedded(new MediaDriver.Context().ClientLivenessTimeoutNs(7_000_000_000));

    [TearDown]
    public void Close() => _driver.Dispose();

    /// <summary>The driver gives it up after 7 s.</summary>
    [Test]
    public void ShouldWaitUntilTheDriverGivesUpWhenTheOtherPipelineWasKilled()
    {
        // Its turns are the test's own, which takes none behind the publication.
        using var killed = AeronClient.Connect(new AeronClient.Context()
            .AeronDirectoryName(_driver.AeronDirectoryName)
            .UseConductorAgentInvoker(true));
        killed.AddExclusivePublication(Channel, Stream);

        Assert.That(MustHoldNone, Throws.Nothing);
    }

    [Test]
    public void ShouldRefuseWhenTheOtherPipelineLives()
    {
        using var living = AeronClient.Connect(
            new AeronClient.Context().AeronDirectoryName(_driver.AeronDirectoryName));
        living.AddExclusivePublication(Channel, Stream);

        Assert.That(MustHoldNone, Throws.TypeOf<UsageException>().With.Message.Contain("another pipeline"));
    }

    private void MustHoldNone() => DriverDirectories.MustHoldNoPipeline(
        _driver.AeronDirectoryName, Channel, Stream, CancellationToken.None);
}
