using ExecutionPipeline.Execution.Limits;
using ExecutionPipeline.Messages.Events;

namespace ExecutionPipeline.Execution.Tests.Limits;

/// <summary>A breaker's way, a nanosecond, an observation and a try at a time.</summary>
[TestFixture]
public class CircuitBreakerTests
{
    private const long SecondNs = 1_000_000_000;
    private const long RecoveryNs = 60 * SecondNs;

    private CircuitBreaker _breaker = null!;

    [SetUp]
    public void SetUp() => _breaker = new CircuitBreaker(recoveryS: 60, probes: 3);

    [Test]
    public void ShouldStayOpenForTheRecoveryTimeWhenAnObservationWasBad()
    {
        Assert.That(_breaker.TryObserve(isBad: false, 5), Is.False);
        Assert.That(_breaker.TryRecover(long.MaxValue), Is.False, "it is closed");
        Expect(BreakerState.Closed, isBlocking: false);
        Assert.That(_breaker.TryObserve(isBad: true, 5), Is.True);
        Expect(BreakerState.Open, isBlocking: true);
        Assert.That(_breaker.TryObserve(isBad: true, 40 * SecondNs), Is.False, "open already, and no longer for it");
        Assert.That(_breaker.TryObserve(isBad: false, 40 * SecondNs), Is.False, "good ones do not close it");
        Expect(BreakerState.Open, isBlocking: true);
        Assert.That(_breaker.TryRecover(5 + RecoveryNs - 1), Is.False);
        Expect(BreakerState.Open, isBlocking: true);
        Assert.That(_breaker.TryRecover(5 + RecoveryNs), Is.True);
        Expect(BreakerState.HalfOpen, isBlocking: false);
    }

    [Test]
    public void ShouldLetSoManyTryWhenItIsHalfOpen()
    {
        Half();
        _breaker.CountProbe();
        _breaker.CountProbe();
        Expect(BreakerState.HalfOpen, isBlocking: false);
        _breaker.CountProbe();
        Expect(BreakerState.HalfOpen, isBlocking: true);
    }

    [Test]
    public void ShouldLetTryAgainWhenNothingWasHeardForTheRecoveryTime()
    {
        var timeNs = Half();
        for (var i = 0; i < 3; i++)
            _breaker.CountProbe();
        _breaker.TryObserve(isBad: false, timeNs);
        Assert.That(_breaker.TryRecover(timeNs + RecoveryNs - 1), Is.False);
        Expect(BreakerState.HalfOpen, isBlocking: true);
        Assert.That(_breaker.TryRecover(timeNs + RecoveryNs), Is.False, "its state is the same");
        Expect(BreakerState.HalfOpen, isBlocking: false);

        // What was good before still counts: two more close it.
        Assert.That(_breaker.TryObserve(isBad: false, timeNs), Is.False);
        Assert.That(_breaker.TryObserve(isBad: false, timeNs), Is.True);
        Expect(BreakerState.Closed, isBlocking: false);
    }

    [Test]
    public void ShouldCountFromTheStartWhenItOpensAnew()
    {
        var timeNs = Half();
        for (var i = 0; i < 3; i++)
            _breaker.CountProbe();
        _breaker.TryObserve(isBad: false, timeNs);
        _breaker.TryObserve(isBad: false, timeNs);
        Assert.That(_breaker.TryObserve(isBad: true, timeNs), Is.True);
        Expect(BreakerState.Open, isBlocking: true);
        Assert.That(_breaker.TryRecover(timeNs + RecoveryNs), Is.True);
        Expect(BreakerState.HalfOpen, isBlocking: false);
        _breaker.CountProbe();
        _breaker.CountProbe();
        Expect(BreakerState.HalfOpen, isBlocking: false);
        Assert.That(_breaker.TryObserve(isBad: false, timeNs), Is.False);
        Assert.That(_breaker.TryObserve(isBad: false, timeNs), Is.False);
        Assert.That(_breaker.TryObserve(isBad: false, timeNs), Is.True, "three in a row");
    }

    [Test]
    public void ShouldCountNoTriesWhenItIsNotHalfOpen()
    {
        for (var i = 0; i < 5; i++)
            _breaker.CountProbe();
        Expect(BreakerState.Closed, isBlocking: false);
        for (var i = 0; i < 5; i++)
            _breaker.TryObserve(isBad: false, 0);
        Half();
        Assert.That(_breaker.TryObserve(isBad: false, 0), Is.False, "what was good before it opened is forgotten");
        Expect(BreakerState.HalfOpen, isBlocking: false);
    }

    private long Half()
    {
        _breaker.TryObserve(isBad: true, 0);
        for (var i = 0; i < 5; i++)
            _breaker.CountProbe();
        Assert.That(_breaker.TryRecover(RecoveryNs), Is.True);
        return RecoveryNs;
    }

    private void Expect(BreakerState state, bool isBlocking) =>
        Assert.That((_breaker.State, _breaker.IsBlocking), Is.EqualTo((state, isBlocking)));
}
