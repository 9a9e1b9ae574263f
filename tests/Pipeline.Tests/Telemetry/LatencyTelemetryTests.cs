using ExecutionPipeline.Messages.Events;
using ExecutionPipeline.Pipeline.Telemetry;

namespace ExecutionPipeline.Pipeline.Tests.Telemetry;

[TestFixture]
public sealed class LatencyTelemetryTests
{
    private static readonly MeasurementPlan All = new(0, long.MaxValue);

    [Test]
    public void ShouldRecordPartsThatAddUpToTheWhole()
    {
        var telemetry = new LatencyTelemetry(All);
        var e = Signal(RoutingOutcome.OrderSent);

        telemetry.OnEvent(ref e);

        var parts = Enum.GetValues<LatencyStage>().Where(stage => stage != LatencyStage.EndToEnd)
            .Sum(stage => telemetry[stage].GetMaxValue());
        Assert.That(telemetry[LatencyStage.EndToEnd].GetMaxValue(), Is.EqualTo(parts));
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
        Assert.That(telemetry[LatencyStage.EndToEnd].TotalCount, Is.EqualTo(measured));
    }

    [Test]
    public void ShouldRecordOrdersAlone()
    {
        var telemetry = new LatencyTelemetry(All);
        var e = Signal(RoutingOutcome.Hold);

        telemetry.OnEvent(ref e);

        Assert.That(telemetry.SignalsMeasured, Is.EqualTo(1));
        Assert.That(telemetry.Tally.Of(RoutingOutcome.Hold), Is.EqualTo(1));
        Assert.That(telemetry[LatencyStage.EndToEnd].TotalCount, Is.Zero);
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
    public void ShouldCountAClockThatWasSteppedBack()
    {
        var telemetry = new LatencyTelemetry(All);
        var e = Signal(RoutingOutcome.OrderSent);
        e.Payload.TradeQualified.SendTimeNs = 1_000_000;

        telemetry.OnEvent(ref e);

        Assert.That(telemetry.NegativeReadings, Is.EqualTo(1));
        Assert.That(telemetry[LatencyStage.Transport].GetMaxValue(), Is.Zero);
    }

    private static PipelineEvent Signal(RoutingOutcome outcome)
    {
        var e = default(PipelineEvent);
        e.Header.Kind = EventKind.TradeQualified;
        e.Payload.TradeQualified.IntendedSendTimeNs = 1_000;
        e.Payload.TradeQualified.SendTimeNs = 1_010;
        e.Timestamps.ReceivedNs = 1_030;
        e.Timestamps.ContextStartNs = 1_060;
        e.Timestamps.ContextDoneNs = 1_100;
        e.Timestamps.InferenceDoneNs = 1_150;
        e.Timestamps.RiskDoneNs = 1_210;
        e.Timestamps.RoutingDoneNs = 1_280;
        e.Routing.Outcome = outcome;
        e.Routing.OrderId = 1;
        return e;
    }
}
