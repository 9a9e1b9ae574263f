namespace ExecutionPipeline.Native.Tests;

[TestFixture]
public class SignOfLifeTests
{
    private static readonly DateTime Start = new(2026, 11, 30, 12, 0, 0, DateTimeKind.Utc);
    private SignOfLife _sign = null!;

    [SetUp]
    public void Begin() => _sign = new SignOfLife();

    [Test]
    public void ShouldTrustTheSystemsTimeWhenItLooksFirst()
    {
        Assert.That(Age(stamp: -3, now: 100, wall: 0), Is.EqualTo(3));
        Assert.That(new SignOfLife().Age(Start.AddSeconds(3), default, Start).TotalSeconds, Is.EqualTo(3), "left over");
    }

    [TestCase(3_600)]
    [TestCase(-3_600)]
    public void ShouldHearItWhenTheSystemsTimeIsStepped(int stepSeconds)
    {
        Age(stamp: 0, now: 100, wall: 0);
        Assert.That(Age(stamp: 0, now: 101, wall: 1 + stepSeconds), Is.EqualTo(1), "it has not written since the step");
        Assert.That(Age(stamp: 1.9 + stepSeconds, now: 102, wall: 2 + stepSeconds), Is.EqualTo(0.1).Within(1e-6));
    }

    [TestCase(3_600)]
    [TestCase(-3_600)]
    public void ShouldCountTheSilenceWhenTheSystemsTimeIsSteppedWithinIt(int stepSeconds)
    {
        Age(stamp: 0, now: 100, wall: 0);
        Age(stamp: 0, now: 105, wall: 5);
        Assert.That(Age(stamp: 0, now: 120, wall: 20 + stepSeconds), Is.EqualTo(20));
    }

    [Test]
    public void ShouldNotBeOlderThanTheLookBeforeWhenTheStampHasChanged()
    {
        Age(stamp: 0, now: 100, wall: 0);
        Assert.That(Age(stamp: 1, now: 102, wall: 9_000), Is.EqualTo(2), "stepped after it was written");
    }

    private double Age(double stamp, double now, double wall) =>
        _sign.Age(Start.AddSeconds(stamp), TimeSpan.FromSeconds(now), Start.AddSeconds(wall)).TotalSeconds;
}
