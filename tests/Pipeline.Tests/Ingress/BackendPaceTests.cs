using ExecutionPipeline.Pipeline.Ingress;

namespace ExecutionPipeline.Pipeline.Tests.Ingress;

/// <summary>With times that the test makes up: no clock is read.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class BackendPaceTests
{
    private const long SlowNs = 200_000;
    private const long RetryNs = 100_000_000;
    private readonly BackendPace _pace = new(slowUs: 200, retryMs: 100);

    [Test]
    public void ShouldLetSignalsWaitWhileTheBackendIsFast()
    {
        Observe(SlowNs, times: 10_000);
        Assert.That(_pace.IsBypassed(1), Is.False);
        Assert.That(_pace.Slowdowns, Is.Zero);
    }

    [Test]
    public void ShouldBypassTheBackendWhenItHasBecomeSlow()
    {
        Observe(10_000, times: 1_000);
        Observe(2 * SlowNs, times: 20);
        Assert.That(_pace.IsBypassed(1), Is.True);
        Assert.That(_pace.Slowdowns, Is.EqualTo(1));
    }

    [Test]
    public void ShouldBearAGapOfTheMachines()
    {
        Observe(10_000, times: 100);
        Observe(long.MaxValue, times: 3);
        Assert.That(_pace.IsBypassed(1), Is.False);
        Observe(10_000, times: 100);
        Observe(long.MaxValue, times: 3);
        Assert.That(_pace.IsBypassed(1), Is.False);
    }

    [Test]
    public void ShouldLetOneSignalTryWhenTheIntervalIsOver()
    {
        Observe(long.MaxValue, times: 10);
        Assert.That(_pace.IsBypassed(1), Is.True);
        Assert.That(_pace.IsBypassed(RetryNs), Is.True);
        Assert.That(_pace.IsBypassed(RetryNs + 1), Is.False, "the try");
        Assert.That(_pace.IsBypassed(RetryNs + 2), Is.True);
        Assert.That(_pace.IsBypassed(2 * RetryNs + 1), Is.False, "the next try");
    }

    [Test]
    public void ShouldComeBackWhenTriesInARowAreFast()
    {
        Observe(long.MaxValue, times: 10);
        Observe(SlowNs / 2, times: BackendPace.FastTries - 1);
        Observe(SlowNs / 2 + 1, times: 1);
        Observe(SlowNs / 2, times: BackendPace.FastTries - 1);
        Assert.That(_pace.IsBypassed(1), Is.True, "a slower try begins the row anew");

        Observe(SlowNs / 2, times: 1);
        Assert.That(_pace.IsBypassed(2), Is.False);

        Observe(long.MaxValue, times: 10);
        Assert.That(_pace.IsBypassed(3), Is.True);
        Assert.That(_pace.Slowdowns, Is.EqualTo(2));
    }

    // Four readings of four times the limit, each weighing a sixteenth, and a fifth that makes the mean the limit.
    [TestCase(4_809_875, false)]
    [TestCase(4_809_876, true)]
    public void ShouldBearAMeanThatIsJustTheLimit(long lastNs, bool isSlow)
    {
        var pace = new BackendPace(slowUs: 2_048, retryMs: 1);
        for (var i = 0; i < 4; i++)
            pace.Observe(long.MaxValue);

        pace.Observe(lastNs);

        Assert.That(pace.IsBypassed(1), Is.EqualTo(isSlow));
    }

    [Test]
    public void ShouldNeverBeSlowWhenSwitchedOff()
    {
        var pace = new BackendPace(slowUs: 0, retryMs: 1);
        for (var i = 0; i < 100; i++)
            pace.Observe(long.MaxValue);
        Assert.That(pace.IsBypassed(1), Is.False);
    }

    private void Observe(long elapsedNs, int times)
    {
        for (var i = 0; i < times; i++)
            _pace.Observe(elapsedNs);
    }
}
