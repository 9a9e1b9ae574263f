using ExecutionPipeline.Aeron.Buffers;
using ExecutionPipeline.Aeron.Driver;
using ExecutionPipeline.Aeron.Protocol;

namespace ExecutionPipeline.Aeron.Tests.Driver;

/// <summary>How long the driver sleeps between its turns, and what wakes it.</summary>
public sealed class PaceTests : StepTestBase
{
    private const long LongSleepNs = 60_000_000_000;

    private PacedIdleStrategy _pace = null!;

    [Test]
    public void ShouldSleepLongerStepByStepAndBrieflyAfterACommand()
    {
        var pace = new PacedIdleStrategy();
        for (var i = 0; i < 20; i++)
        {
            var before = pace.SleepNs;
            pace.OnTurn(hasCommand: false, long.MaxValue);
            Assert.That(pace.SleepNs, Is.EqualTo(Math.Min(2 * before, PacedIdleStrategy.MaxSleepNs)));
        }

        pace.OnTurn(hasCommand: false, 300_000);
        Assert.That(pace.SleepNs, Is.EqualTo(300_000), "as long as the streams can do without");
        pace.OnTurn(hasCommand: false, 1);
        Assert.That(pace.SleepNs, Is.EqualTo(PacedIdleStrategy.MinSleepNs));
        pace.OnTurn(hasCommand: false, long.MaxValue);
        pace.OnTurn(hasCommand: true, long.MaxValue);
        Assert.That(pace.SleepNs, Is.EqualTo(PacedIdleStrategy.MinSleepNs));
    }

    [Test]
    public void ShouldEndASleepWhenAClientOfTheProcessSendsACommand()
    {
        var pace = new PacedIdleStrategy(LongSleepNs);
        SleepForLong(pace);
        pace.Wake();
        var sleep = Task.Run(pace.Idle);
        Assert.That(sleep.Wait(Patience), Is.True, "woken before it slept");
        using var isSleeping = new ManualResetEventSlim();
        sleep = Task.Run(() =>
        {
            isSleeping.Set();
            pace.Idle();
        });
        isSleeping.Wait();
        pace.Wake();
        Assert.That(sleep.Wait(Patience), Is.True, "woken while it slept, or just before");
    }

    [Test]
    public void ShouldConnectToADriverThatSleepsForLong()
    {
        var pace = new PacedIdleStrategy(LongSleepNs);
        SleepForLong(pace);
        Driver.Dispose();
        LaunchDriver(context => context.SharedIdleStrategy(pace));
        var aeron = Connect();
        var subscription = aeron.AddSubscription("aeron:ipc", StreamId);
        var publication = aeron.AddPublication(Channel, StreamId);
        Await(() => publication.IsConnected && subscription.IsConnected, "a connection");
    }

    [Test]
    public void ShouldBeWokenByAClientThatConnectsBeforeItsFirstTurn()
    {
        Driver.Dispose();
        using var hasBegun = new ManualResetEventSlim();
        LaunchDriver(context => context
            .SharedIdleStrategy(new PacedIdleStrategy(LongSleepNs))
            .NanoClock(new LateClock(hasBegun)));
        var wake = LocalDrivers.Find(Directory);
        hasBegun.Set();
        Assert.That((object?)wake, Is.Not.Null, "clients can connect as soon as the driver is launched");
    }

    /// <summary>Without its turns a publisher of another process waits, and one of this process does not.</summary>
    [TestCase(true, 16_000_000)]
    [TestCase(false, 50_000)]
    public void ShouldHurryForPublishersOfOtherProcessesOnly(bool isLocal, long sleepNs)
    {
        var aeron = ConnectStepped();
        aeron.AddSubscription("aeron:ipc", StreamId);
        var publication = aeron.AddExclusivePublication(Channel, StreamId);
        if (!isLocal)
            LocalStreams.Find(publication.LogBuffers.FileName)!.Detach();

        for (var i = 0; i < 20; i++)
            TurnAfterAMicrosecond();

        Assert.That(_pace.SleepNs, Is.EqualTo(isLocal ? PacedIdleStrategy.MaxSleepNs : 4_000_000), "at rest");
        while (publication.Offer(new UnsafeBuffer(new byte[96])) > 0)
        {
        }

        TurnAfterAMicrosecond();
        Assert.That(_pace.SleepNs, Is.EqualTo(sleepNs), "a window within a microsecond");
    }

    protected override void Configure(MediaDriver.Context context) =>
        context.SharedIdleStrategy(_pace = new PacedIdleStrategy());

    private static void SleepForLong(PacedIdleStrategy pace)
    {
        while (pace.SleepNs < LongSleepNs)
            pace.OnTurn(hasCommand: false, long.MaxValue);
    }

    private void TurnAfterAMicrosecond()
    {
        Advance(TimeSpan.FromMicroseconds(1));
        Driver.SharedAgentInvoker()!.Invoke();
    }

    /// <summary>Keeps the driver's thread from beginning.</summary>
    private sealed class LateClock(ManualResetEventSlim hasBegun) : INanoClock
    {
        public long NanoTime()
        {
            if (Thread.CurrentThread.Name == "aeron-driver-conductor")
                hasBegun.Wait(Patience);

            return SystemNanoClock.INSTANCE.NanoTime();
        }
    }
}
