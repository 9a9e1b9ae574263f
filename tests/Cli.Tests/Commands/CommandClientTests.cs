using ExecutionPipeline.Aeron.Driver;
using ExecutionPipeline.Cli.Commands;
using ExecutionPipeline.Pipeline.Hosting;
using ExecutionPipeline.Pipeline.Options;

namespace ExecutionPipeline.Cli.Tests.Commands;

public sealed class CommandClientTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Test]
    public void ShouldSayThatTheDriverHasGoneInsteadOfWaiting()
    {
        var folder = AeronDirectories.New();
        using var driver = MediaDriver.Launch(new MediaDriver.Context().AeronDirectoryName(folder));
        var waiting = Task.Run(() => new CommandClient(folder, new StreamOptions(), Patience, CancellationToken.None));
        var publications = Path.Combine(folder, "publications");
        Assert.That(SpinWait.SpinUntil(() => Directory.GetFiles(publications).Length > 0, Patience), Is.True);

        driver.Dispose();

        Assert.That(
            () => waiting.GetAwaiter().GetResult(),
            Throws.Exception.With.Message.Contains($"the media driver in {folder} has ")
                .And.Message.Contains(": it was shut down"));
    }
}
