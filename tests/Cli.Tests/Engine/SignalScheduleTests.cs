using ExecutionPipeline.Cli.Engine;

namespace ExecutionPipeline.Cli.Tests.Engine;

public sealed class SignalScheduleTests
{
    [Test]
    public void ShouldKeepTheRateWhenSignalsAreMany()
    {
        var schedule = new SignalSchedule(1_000, 20_000);

        Assert.That(schedule.IntendedNs(0), Is.EqualTo(1_000));
        Assert.That(schedule.IntendedNs(1), Is.EqualTo(51_000));
        Assert.That(schedule.IntendedNs(1_000_000_000), Is.EqualTo(1_000 + 50_000L * 1_000_000_000));
    }

    [Test]
    public void ShouldNotDriftWhenTheIntervalIsNoWholeNumber()
    {
        var schedule = new SignalSchedule(0, 30_000);

        Assert.That(schedule.IntendedNs(30_000 * 3_600L), Is.EqualTo(3_600_000_000_000).Within(1));
    }

    [Test]
    public void ShouldCountEveryKindWhenMalformedOnesAreCounted()
    {
        Assert.That(new MalformedPlan(1, 1).Total, Is.EqualTo(Enum.GetValues<MalformedKind>().Length));
    }
}
