using ExecutionPipeline.Cli.Demo;

namespace ExecutionPipeline.Cli.Tests.Demo;

public sealed class ClockStepsTests
{
    [TestCase(1, 30_000_000_000, "the system's time was stepped once, by +30 s:")]
    [TestCase(1, -3_600_000_000_000, "the system's time was stepped once, by -3600 s:")]
    [TestCase(3, -1_500_000, "the system's time was stepped 3 times, last by -0.002 s:")]
    public void ShouldSayHowOftenAndByHowMuchTheClockWasStepped(long steps, long lastNs, string expected)
    {
        var lines = ClockSteps.Describe(steps, lastNs);

        Assert.That(lines, Is.EqualTo(new[] { expected, "the pipeline's time ran on and follows at 1 %" }));
    }

    [Test]
    public void ShouldSayNothingWhenTheClockWasLeftAlone() => Assert.That(ClockSteps.Describe(0, 0), Is.Empty);
}
