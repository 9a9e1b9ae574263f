using System.Diagnostics;

namespace ExecutionPipeline.Native.Tests;

public sealed class ClockAndThreadTests
{
    [Test]
    public void ShouldReadTheWallClockInNanoseconds()
    {
        var before = (DateTime.UtcNow.Ticks - DateTime.UnixEpoch.Ticks) * 100;
        var now = NanoClock.NowNs();
        var after = (DateTime.UtcNow.Ticks - DateTime.UnixEpoch.Ticks + 1) * 100;
        // Both are the system's clock; a second is left for a step of it between the readings.
        Assert.That(now, Is.InRange(before - 1_000_000_000, after + 1_000_000_000));
    }

    [Test]
    public void ShouldSleepAtLeastAsLongAsAsked([Values(0, 1, 200_000, 3_000_000)] long periodNs)
    {
        var start = Stopwatch.GetTimestamp();
        ThreadPark.SleepNs(periodNs);
        Assert.That(Stopwatch.GetElapsedTime(start).TotalNanoseconds, Is.GreaterThanOrEqualTo(periodNs));
    }

    [Test]
    public void ShouldAllocateNothingWhenSleeping() =>
        Assert.That(AllocationMeter.FewestBytesOf(() => ThreadPark.SleepNs(1)), Is.Zero);

    [Test]
    public void ShouldPinOnlyToAProcessorThatIsAllowed()
    {
        if (!OperatingSystem.IsLinux())
            Assert.Ignore("only Linux pins threads here");

        var allowed = ThreadAffinity.Allowed();
        Assert.That(allowed, Is.Not.Empty.And.Ordered);
        int[] pinned = [];
        var isPinned = false;
        var thread = new Thread(() =>
        {
            isPinned = ThreadAffinity.TryPin(allowed[^1]);
            pinned = ThreadAffinity.Allowed();
        });
        thread.Start();
        Assert.That(thread.Join(TimeSpan.FromSeconds(120)), Is.True);
        Assert.That(isPinned, Is.True);
        Assert.That(pinned, Is.EqualTo(new[] { allowed[^1] }));
        Assert.That(ThreadAffinity.TryPin(-1), Is.False);
        Assert.That(ThreadAffinity.TryPin(ThreadAffinity.MaxProcessors), Is.False);
        Assert.That(ThreadAffinity.Allowed(), Is.EqualTo(allowed), "other threads are left alone");
    }

    [Test]
    public void ShouldEndAProcessWhenItIsInterrupted()
    {
        if (OperatingSystem.IsWindows())
            Assert.Ignore("Windows has no interrupt signal");

        using var process = Process.Start(new ProcessStartInfo("sleep", "60"))!;
        Assert.That(ProcessSignal.TryInterrupt(process), Is.True);
        Assert.That(process.WaitForExit(TimeSpan.FromSeconds(120)), Is.True);
        Assert.That(process.ExitCode, Is.Not.Zero);
        Assert.That(ProcessSignal.TryInterrupt(process), Is.False);
    }
}
