using System.Collections.Concurrent;
using ExecutionPipeline.Cli.Daemons;

namespace ExecutionPipeline.Cli.Tests.Daemons;

[NonParallelizable]
public sealed class WatchedChildTests
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(120);

    /// <summary>Whoever watches has healthy children beside it, which an exception would take along.</summary>
    [Test]
    public void ShouldTryAgainLaterWhenItCannotBeStarted()
    {
        if (!OperatingSystem.IsLinux())
            Assert.Ignore("only where a program of the system makes a child nice");

        var told = new ConcurrentQueue<string>();
        using var child = new WatchedChild("short", ["--version"], (_, line) => told.Enqueue(line)) { IsNice = true };
        child.Start();
        Await(() => child.Watch() is not null);
        var path = Environment.GetEnvironmentVariable("PATH");
        try
        {
            Environment.SetEnvironmentVariable("PATH", "/no/such/folder");
            Await(() => child.Watch() is null && told.Any(IsFailedStart));
            Assert.That(child.Restarts, Is.Zero);
        }
        finally
        {
            Environment.SetEnvironmentVariable("PATH", path);
        }

        Await(() => child.Watch() is not null || child.Restarts > 0);
        Assert.That(child.Restarts, Is.EqualTo(1));
    }

    [TestCase("--version", true)]
    [TestCase("no-such-command", false)]
    public void ShouldSayWhetherTheChildEndedInOrderWhenItIsEnded(string command, bool isInOrder)
    {
        var told = new ConcurrentQueue<string>();
        using var child = new WatchedChild("short", [command], (_, line) => told.Enqueue(line));
        child.Start();

        Assert.That(child.TryEnd(), Is.EqualTo(isInOrder));
        Assert.That(told, Has.Member(isInOrder ? "short has ended" : "short has ended with exit code 2"));
    }

    [Test]
    public void ShouldTakeAnInterruptedChildForOneThatEndedInOrder()
    {
        var folder = Directory.CreateTempSubdirectory("xp-watched-");
        try
        {
            var directory = Path.Combine(folder.FullName, "driver");
            using var child = new WatchedChild("driver", ["driver", "--aeron-dir", directory], static (_, _) => { });
            child.Start();
            Await(() => File.Exists(Path.Combine(directory, "cnc.dat")));

            Assert.That(child.TryEnd(), Is.True);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    /// <summary>A signal to the whole group of processes ends the children, too, and may do so first.</summary>
    [TestCase("--version", true)]
    [TestCase("no-such-command", false)]
    public void ShouldTellOfNoDeathWhenTheChildHasEndedBeforeItIsEndedHere(string command, bool isInOrder)
    {
        var told = new ConcurrentQueue<string>();
        using var child = new WatchedChild("short", [command], (_, line) => told.Enqueue(line));
        child.Start();
        Await(() => child.EndedWith is not null);

        Assert.That(child.EndedWith, Is.EqualTo(isInOrder ? 0 : 2));
        Assert.That(child.TryEnd(), Is.EqualTo(isInOrder));
        Assert.That(told, Has.None.Contains("has died"));
        Assert.That(child.EndedWith, Is.Null);
    }

    [Test]
    public void ShouldNotBeInOrderWhenTheChildHasDiedAndWaitsForItsRestart()
    {
        using var child = new WatchedChild("short", ["--version"], static (_, _) => { });
        child.Start();
        Await(() => child.Watch() is not null);

        Assert.That(child.TryEnd(), Is.False);
    }

    private static bool IsFailedStart(string line) =>
        line.StartsWith("short could not be started: ", StringComparison.Ordinal);

    private static void Await(Func<bool> condition) => Assert.That(SpinWait.SpinUntil(condition, Timeout), Is.True);
}
