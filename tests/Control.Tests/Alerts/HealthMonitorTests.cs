using ExecutionPipeline.Control.Alerts;
using ExecutionPipeline.Control.Link;

namespace ExecutionPipeline.Control.Tests.Alerts;

/// <summary>How components are judged.</summary>
public sealed class HealthMonitorTests
{
    [TestCase(900, HealthWord.Healthy)]
    [TestCase(1_500, HealthWord.Degraded)]
    [TestCase(2_500, HealthWord.Critical)]
    public void ShouldBeDegradedBeyondTheTargetAndCriticalBeyondTheLimitWhenLatencyRises(double us, HealthWord expected)
    {
        var issues = new HealthIssues();
        issues.AddMost("execution_p99_us", us, ServiceLevels.TotalP99Us);

        var whole = issues.Whole();

        Assert.That(whole.Status, Is.EqualTo(expected));
        Assert.That(whole.Thresholds["execution_p99_us_critical"], Is.EqualTo(2_000));
        Assert.That(whole.Issues, Has.Count.EqualTo(expected == HealthWord.Healthy ? 0 : 1));
    }

    [TestCase(1, HealthWord.Healthy)]
    [TestCase(.995, HealthWord.Degraded)]
    [TestCase(.95, HealthWord.Critical)]
    public void ShouldBeWorseWhenTheFillRateFalls(double rate, HealthWord expected)
    {
        var issues = new HealthIssues();
        issues.AddLeast("fill_rate_p5", rate, ServiceLevels.FillRateP5);
        Assert.That(issues.Whole().Status, Is.EqualTo(expected));
    }

    [Test]
    public void ShouldTellHowBusyTheMachineIsWhenItIsLinux()
    {
        if (!OperatingSystem.IsLinux())
            Assert.Ignore("how busy the machine is is read from Linux's /proc");

        var machine = new MachineLoad();
        machine.Look();

        Assert.That(machine.MemoryPct, Is.InRange(1, 100));
        var own = MachineLoad.OfProcess(Environment.ProcessId)!.Value;
        Assert.That(own.ResidentBytes, Is.GreaterThan(1_000_000));
        Assert.That(own.Threads, Is.GreaterThan(1));
        Assert.That(MachineLoad.OfProcess(int.MaxValue), Is.Null);
    }
}
