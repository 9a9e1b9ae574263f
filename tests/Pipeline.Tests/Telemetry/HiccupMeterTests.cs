using ExecutionPipeline.Pipeline.Telemetry;

namespace ExecutionPipeline.Pipeline.Tests.Telemetry;

public sealed class HiccupMeterTests
{
    [Test]
    public void ShouldRecordTheDelayOfEachTickWhenThereIsAGap()
    {
        var meter = new HiccupMeter();
        meter.Resume(1_000_000);

        Assert.That(meter.TryRecord(1_009_999), Is.False);
        Assert.That(meter.TryRecord(1_010_100), Is.True, "one tick, 100 ns late");
        Assert.That(meter.TryRecord(1_042_000), Is.True, "three ticks: 22, 12 and 2 us late");

        using (Assert.EnterMultipleScope())
        {
            Assert.That(meter.Histogram.TotalCount, Is.EqualTo(4));
            Assert.That(meter.Histogram.GetMaxValue(), Is.EqualTo(22_000).Within(0.1).Percent);
            Assert.That(meter.Histogram.GetValueAtPercentile(25), Is.EqualTo(100).Within(0.1).Percent);
            Assert.That(meter.Histogram.GetValueAtPercentile(75), Is.EqualTo(12_000).Within(0.1).Percent);
        }
    }

    [Test]
    public void ShouldLeaveOutTicksWhenTheyPassedDuringWork()
    {
        var meter = new HiccupMeter();
        meter.Resume(0);
        meter.Resume(1_000_000);

        Assert.That(meter.TryRecord(1_000_001), Is.False);
        Assert.That(meter.Histogram.TotalCount, Is.Zero);
    }
}
