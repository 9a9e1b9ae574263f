using ExecutionPipeline.Aeron.Driver;
using ExecutionPipeline.Pipeline.Hosting;

namespace ExecutionPipeline.Pipeline.Tests.Hosting;

public sealed class AeronDirectoriesTests
{
    [Test]
    public void ShouldRemoveWhatAKilledRunLeft()
    {
        var folder = AeronDirectories.New();
        Leave(folder);

        AeronDirectories.RemoveAbandoned();

        Assert.That(Directory.Exists(folder), Is.False);
    }

    [Test]
    public void ShouldRemoveWhatAKilledEmbeddedDriverLeft()
    {
        using var living = MediaDriver.LaunchEmbedded();
        var dead = MediaDriver.LaunchEmbedded(new MediaDriver.Context().DirDeleteOnShutdown(false));
        dead.Dispose();
        Assert.That(Directory.Exists(dead.AeronDirectoryName), Is.True);

        AeronDirectories.RemoveAbandoned();

        Assert.That(Directory.Exists(dead.AeronDirectoryName), Is.False);
        Assert.That(Directory.Exists(living.AeronDirectoryName), Is.True, "its driver lives");
    }

    [Test]
    public void ShouldLeaveAFolderThatSomebodyNamed()
    {
        var folder = Path.Combine(
            Path.GetDirectoryName(AeronDirectories.New())!, $"aeron-{Environment.UserName}-desk{Guid.NewGuid():N}");
        Leave(folder);
        try
        {
            AeronDirectories.RemoveAbandoned();
            Assert.That(Directory.Exists(folder), Is.True);
        }
        finally
        {
            Assert.That(MediaDriver.TryDeleteAbandoned(folder), Is.True);
        }
    }

    private static void Leave(string folder)
    {
        MediaDriver.Launch(new MediaDriver.Context().AeronDirectoryName(folder).DirDeleteOnShutdown(false)).Dispose();
        Assert.That(Directory.Exists(folder), Is.True);
    }
}
