using ExecutionPipeline.Pipeline.Telemetry;

namespace ExecutionPipeline.Pipeline.Tests.Telemetry;

/// <summary>The first signal after the warm-up opens the accounts, the last measured one closes them.</summary>
[TestFixture]
public sealed class MeasurementPlanTests
{
    [TestCase(0, 1, 1, 1)]
    [TestCase(0, 5, 1, 5)]
    [TestCase(3, 1, 4, 4)]
    [TestCase(3, 5, 4, 8)]
    public void ShouldMarkFirstAndLastWhenSignalsAreMeasured(long warmup, long measured, long first, long last)
    {
        var plan = new MeasurementPlan(warmup, measured);
        var ordinals = Enumerable.Range(0, 20).Select(static i => (long)i).ToArray();
        Assert.That(ordinals.Where(plan.IsFirst), Is.EqualTo(new[] { first }));
        Assert.That(ordinals.Where(plan.IsLast), Is.EqualTo(new[] { last }));
        Assert.That(plan.IsMeasuring, Is.True);
        Assert.That((plan.WarmupSignals, plan.MeasuredSignals), Is.EqualTo((warmup, measured)));
    }

    [TestCase(0)]
    [TestCase(3)]
    public void ShouldMarkNothingWhenNothingIsMeasured(long warmup)
    {
        var plan = new MeasurementPlan(warmup, 0);
        for (var ordinal = 0L; ordinal < 10; ordinal++)
            Assert.That((plan.IsFirst(ordinal), plan.IsLast(ordinal)), Is.EqualTo((false, false)));
        Assert.That(plan.IsMeasuring, Is.False);
    }
}
