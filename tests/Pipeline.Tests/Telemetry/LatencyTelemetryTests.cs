using ExecutionPipeline.Messages.Events;
using ExecutionPipeline.Pipeline.Telemetry;

namespace ExecutionPipeline.Pipeline.Tests.Telemetry;

[TestFixture]
public sealed class LatencyTelemetryTests
{
    private static readonly MeasurementPlan All = new(0, long.MaxValue) { KeepsIntervals = true };

    [Test]
    public void ShouldRecordPartsThatAddUpToTheWhole()
    {
        var telemetry = new LatencyTelemetry(All);
        var e = Signal(RoutingOutcome.OrderSent);

        telemetry.OnEvent(ref e);

        var parts = Enum.GetValues<LatencyPart>().Where(stage => stage != LatencyPart.EndToEnd)
            .Sum(stage => telemetry[stage].GetMaxValue());
        Assert.That(telemetry[LatencyPart.EndToEnd].GetMaxValue(), Is.EqualTo(parts));
        Assert.That(parts, Is.EqualTo(280));
    }

    [TestCase(0, 1, 1)]
    [TestCase(2, 3, 3)]
    [TestCase(2, 100, 8)]
    [TestCase(20, 5, 0)]
    [TestCase(5, 0, 0)]
    public void ShouldMeasureTheSignalsOfThePlanAndNoOther(long warmup, long planned, long measured)
    {
        var telemetry = new LatencyTelemetry(new MeasurementPlan(warmup, planned));
        var e = Signal(RoutingOutcome.OrderSent);
        for (var signal = 0; signal < 10; signal++)
            telemetry.OnEvent(ref e);

        Assert.That(telemetry.SignalsSeen, Is.EqualTo(10));
        Assert.That(telemetry.SignalsMeasured, Is.EqualTo(measured));
        Assert.That(telemetry[LatencyPart.EndToEnd].TotalCount, Is.EqualTo(measured));
    }

    [Test]
    public void ShouldRecordOrdersAlone()
    {
        var telemetry = new LatencyTelemetry(All);
        var e = Signal(RoutingOutcome.Hold);

        telemetry.OnEvent(ref e);

        Assert.That(telemetry.SignalsMeasured, Is.EqualTo(1));
        Assert.That(telemetry.Tally.Of(RoutingOutcome.Hold), Is.EqualTo(1));
        Assert.That(telemetry[LatencyPart.EndToEnd].TotalCount, Is.Zero);
    }

    [Test]
    public void ShouldCountEveryViolationOfARefusal()
    {
        var telemetry = new LatencyTelemetry(All);
        var e = Signal(RoutingOutcome.RiskRefused);
        e.Verdict.Violations = RiskViolations.Position | RiskViolations.DailyVar;

        telemetry.OnEvent(ref e);

        Assert.That(telemetry.Tally.Of(RiskViolations.Position), Is.EqualTo(1));
        Assert.That(telemetry.Tally.Of(RiskViolations.DailyVar), Is.EqualTo(1));
        Assert.That(telemetry.Tally.Of(RiskViolations.Notional), Is.Zero);
    }

    [Test]
    public void ShouldCountAStallBeforeTheFirstSignalAsMeasuredTime()
    {
        const long second = 1_000_000_000;
        var telemetry = new LatencyTelemetry(All);
        for (var i = 1; i <= 100; i++)
        {
            var e = Signal(RoutingOutcome.Hold);
            e.Payload.TradeQualified.IntendedSendTimeNs = second + i * 1_000_000;
            e.Timestamps.ReceivedNs = 6 * second + i;
            e.Timestamps.RoutingDoneNs = 6 * second + i + 10;
            telemetry.OnEvent(ref e);
        }

        Assert.That(telemetry.MeasuringSinceNs, Is.EqualTo(second + 1_000_000));
        Assert.That(telemetry.MeasuredNs, Is.EqualTo(5 * second - 1_000_000 + 110), "not the 99 ns of the burst");
    }

    [Test]
    public void ShouldCountAClockThatWasSteppedBack()
    {
        var telemetry = new LatencyTelemetry(All);
        var e = Signal(RoutingOutcome.OrderSent);
        e.Payload.TradeQualified.SendTimeNs = 1_000_000;

        telemetry.OnEvent(ref e);

        Assert.That(telemetry.NegativeReadings, Is.EqualTo(1));
        Assert.That(telemetry[LatencyPart.Transport].GetMaxValue(), Is.Zero);
    }

    [Test]
    public void ShouldHaveAnIntervalASecondAndLoseNothingWhenAnotherThreadCollects()
    {
        const int signals = 3_500;
        const long betweenNs = 1_000_000;
        var telemetry = new LatencyTelemetry(All);
        for (var i = 0; i < signals; i++)
        {
            var e = Signal(RoutingOutcome.OrderSent, i * betweenNs);
            telemetry.OnEvent(ref e);
            if (i % 100 == 99)
                telemetry.CollectInterval();
        }

        var ends = telemetry.Intervals.Where(interval => interval.Stage == LatencyPart.EndToEnd).ToList();
        using (Assert.EnterMultipleScope())
        {
            Assert.That(telemetry[LatencyPart.EndToEnd].TotalCount, Is.EqualTo(signals));
            Assert.That(telemetry[LatencyPart.EndToEnd].TotalCount, Is.EqualTo(signals), "asked twice");
            Assert.That(ends, Has.Count.EqualTo(4));
            Assert.That(
                ends.Select(interval => interval.ToHistogram().TotalCount),
                Is.EqualTo(new[] { 1000, 1000, 1000, 500 }));
            Assert.That(
                ends.Select(interval => interval.EndNs - interval.StartNs),
                Is.EqualTo(new[] { 1_000_000_000, 1_000_000_000, 1_000_000_000, 499_000_000 }));
            Assert.That(
                ends.Skip(1).Select(interval => interval.StartNs),
                Is.EqualTo(ends.SkipLast(1).Select(interval => interval.EndNs)));
            Assert.That(ends[1].ToHistogram().GetMaxValue(), Is.EqualTo(280));
            Assert.That(telemetry.Intervals, Has.Count.EqualTo(4 * Enum.GetValues<LatencyPart>().Length));
        }
    }

    [TestCase(true, 3)]
    [TestCase(false, 0)]
    public void ShouldKeepIntervalsWhenThePlanSaysSo(bool isKept, int intervals)
    {
        var telemetry = new LatencyTelemetry(new MeasurementPlan(0, long.MaxValue) { KeepsIntervals = isKept });
        for (var i = 0; i < 3; i++)
        {
            var e = Signal(RoutingOutcome.OrderSent, i * 1_000_000_000L);
            telemetry.OnEvent(ref e);
            telemetry.CollectInterval();
        }

        Assert.That(telemetry[LatencyPart.Ring].TotalCount, Is.EqualTo(3));
        Assert.That(
            telemetry.Intervals.Count(interval => interval.Stage == LatencyPart.Ring), Is.EqualTo(intervals));
    }

    [Test]
    public void ShouldKeepTheSignalsAboveTheBoundWhenThePlanGivesOne()
    {
        var telemetry = new LatencyTelemetry(new MeasurementPlan(0, long.MaxValue) { TailAboveNs = 280 });
        foreach (var lateNs in (long[])[0, 1, 700])
        {
            var e = Signal(RoutingOutcome.OrderSent, 10_000 * lateNs);
            e.Payload.TradeQualified.IntendedSendTimeNs -= lateNs;
            telemetry.OnEvent(ref e);
        }

        var tail = telemetry.Tail!;
        using (Assert.EnterMultipleScope())
        {
            Assert.That(tail.Seen, Is.EqualTo(2));
            Assert.That(tail.Signals[0].Number, Is.EqualTo(2));
            Assert.That(tail.Signals[0].LatencyNs, Is.EqualTo(281));
            Assert.That(tail.Signals[0].PreviousDoneNs, Is.EqualTo(1_280));
            Assert.That(tail.Signals[1].LatencyNs, Is.EqualTo(980));
            Assert.That(tail.Signals[1].DoneNs, Is.EqualTo(7_001_280));
            Assert.That(tail.Signals[1].Parts[(int)LatencyPart.Sender], Is.EqualTo(710));
        }
    }

    [Test]
    public void ShouldGoOnWithTheIntervalWhenNobodyCollects()
    {
        var telemetry = new LatencyTelemetry(All);
        for (var i = 0; i < 10; i++)
        {
            var e = Signal(RoutingOutcome.OrderSent, i * 1_000_000_000L);
            telemetry.OnEvent(ref e);
        }

        Assert.That(telemetry[LatencyPart.Ring].TotalCount, Is.EqualTo(10));
        Assert.That(telemetry.Intervals.Count(interval => interval.Stage == LatencyPart.Ring), Is.EqualTo(2));
    }

    [Test]
    public void ShouldLoseNothingWhenTheOtherThreadCollectsAllTheTime()
    {
        const int signals = 200_000;
        var telemetry = new LatencyTelemetry(All);
        var isDone = false;
        var collector = new Thread(() =>
        {
            while (!Volatile.Read(ref isDone))
            {
                telemetry.CollectInterval();
                Thread.Yield();
            }
        });
        collector.Start();
        for (var i = 0; i < signals; i++)
        {
            var e = Signal(RoutingOutcome.OrderSent, i * 10_000_000L);
            telemetry.OnEvent(ref e);
        }

        Volatile.Write(ref isDone, true);
        collector.Join();
        var counted = telemetry.Intervals.Where(interval => interval.Stage == LatencyPart.Risk)
            .Sum(interval => interval.ToHistogram().TotalCount);
        Assert.That((counted, telemetry[LatencyPart.Risk].TotalCount), Is.EqualTo((signals, signals)));
    }

    private static PipelineEvent Signal(RoutingOutcome outcome, long laterNs = 0)
    {
        var e = default(PipelineEvent);
        e.Header.Kind = EventKind.TradeQualified;
        e.Payload.TradeQualified.IntendedSendTimeNs = laterNs + 1_000;
        e.Payload.TradeQualified.SendTimeNs = laterNs + 1_010;
        e.Timestamps.ReceivedNs = laterNs + 1_030;
        e.Timestamps.ContextStartNs = laterNs + 1_060;
        e.Timestamps.ContextDoneNs = laterNs + 1_100;
        e.Timestamps.InferenceDoneNs = laterNs + 1_150;
        e.Timestamps.RiskDoneNs = laterNs + 1_210;
        e.Timestamps.RoutingDoneNs = laterNs + 1_280;
        e.Routing.Outcome = outcome;
        e.Routing.Order.OrderId = 1;
        return e;
    }
}
