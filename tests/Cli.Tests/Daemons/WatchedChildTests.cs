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

    private static bool IsFailedStart(string line) =>
        line.StartsWith("short could not be started: ", StringComparison.Ordinal);

    private static void Await(Func<bool> condition) => Assert.That(SpinWait.SpinUntil(condition, Timeout), Is.True);
}
