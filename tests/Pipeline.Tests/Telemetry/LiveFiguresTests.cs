using ExecutionPipeline.Messages.Events;
using ExecutionPipeline.Messages.Wire;
using ExecutionPipeline.Pipeline.Telemetry;

namespace ExecutionPipeline.Pipeline.Tests.Telemetry;

/// <summary>What is kept for whoever watches.</summary>
public sealed class LiveFiguresTests
{
    private const long SecondNs = 1_000_000_000;

    [Test]
    public void ShouldCountSignalsByOutcomeAndRefusalsByLimitWhenTheyPass()
    {
        var live = new LiveFigures(instruments: 2);
        var refused = Signal(SecondNs, RoutingOutcome.RiskRefused);
        refused.Verdict.Violations = RiskViolations.Position | RiskViolations.KillSwitch;

        live.OnEvent(in refused);
        var sent = Signal(SecondNs, RoutingOutcome.OrderSent);
        live.OnEvent(in sent);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(live.Through, Is.EqualTo(2));
            Assert.That(live.EventsOf(EventKind.TradeQualified), Is.EqualTo(2));
            Assert.That(live.SignalsOf(RoutingOutcome.RiskRefused), Is.EqualTo(1));
            Assert.That(live.SignalsOf(RoutingOutcome.OrderSent), Is.EqualTo(1));
            Assert.That(live.RefusalsOf(0), Is.EqualTo(1), "kill switch");
            Assert.That(live.RefusalsOf(2), Is.EqualTo(1), "position");
            Assert.That(live.RefusalsOf(1), Is.Zero);
            Assert.That(live.LastEventNs, Is.EqualTo(SecondNs));
        }
    }

    [Test]
    public void ShouldTellHowAnInstrumentStandsWhenAMarketUpdatePasses()
    {
        var live = new LiveFigures(instruments: 2);
        var e = new PipelineEvent { Header = new EventHeader { Kind = EventKind.MarketUpdate, InstrumentIndex = 1 } };
        e.Portfolio.Position = -3;
        e.Portfolio.MarkPriceE9 = 4_800_000_000_000;
        e.Portfolio.EquityE6 = 99;

        live.OnEvent(in e);

        Assert.That(live.PositionOf(1), Is.EqualTo(-3));
        Assert.That(live.PositionOf(0), Is.Zero);
        Assert.That(live.MarkOf(1), Is.EqualTo(4_800_000_000_000));
        Assert.That(live.Account.EquityE6, Is.EqualTo(99));
    }

    [Test]
    public void ShouldTellTheKillSwitchWhenRiskHasWrittenItsState()
    {
        var live = new LiveFigures(instruments: 1);
        var e = new PipelineEvent { Header = new EventHeader { Kind = EventKind.Timer } };
        e.Verdict.KillCause = KillCause.LossCap;

        live.OnEvent(in e);
        Assert.That(live.KillCause, Is.EqualTo(KillCause.None), "a timer that changed nothing tells no state");
        e.Verdict.Changes = RiskChanges.Tripped;
        live.OnEvent(in e);

        Assert.That(live.KillCause, Is.EqualTo(KillCause.LossCap));
    }

    [Test]
    public void ShouldTellTheLatenciesOfTheLastSecondAndMinuteWhenCollected()
    {
        var live = new LiveFigures(instruments: 1);
        for (var second = 1; second <= 3; second++)
        {
            var e = Signal(second * SecondNs, RoutingOutcome.OrderSent);
            e.Timestamps.RoutingDoneNs = second * SecondNs + second * 10_000;
            live.OnEvent(in e);
            live.Latency.TryCollect();
        }

        using (Assert.EnterMultipleScope())
        {
            Assert.That(live.Latency.CountOf(LatencyWindow.Second), Is.EqualTo(1), "the third is not over yet");
            Assert.That(live.Latency.CountOf(LatencyWindow.Minute), Is.EqualTo(2));
            Assert.That(
                live.Latency.PercentileOf(LatencyWindow.Second, LatencyPart.EndToEnd, 50),
                Is.EqualTo(20_000).Within(200));
            Assert.That(
                live.Latency.PercentileOf(LatencyWindow.Minute, LatencyPart.EndToEnd, 50),
                Is.EqualTo(10_000).Within(100));
        }
    }

    [Test]
    public void ShouldForgetWhatIsOlderThanAMinuteWhenTimeGoesOn()
    {
        var live = new LiveFigures(instruments: 1);
        for (var second = 1; second <= 200; second++)
        {
            var e = Signal(second * SecondNs, RoutingOutcome.OrderSent);
            live.OnEvent(in e);
            live.Latency.TryCollect();
        }

        Assert.That(live.Latency.CountOf(LatencyWindow.Minute), Is.InRange(50, 60));
    }

    [Test]
    public void ShouldAllocateNothingWhenRecordingAndCollecting()
    {
        var live = new LiveFigures(instruments: 1);

        var bytes = AllocationMeter.FewestBytesOf(Second, warmUp: 20, measured: 100);

        Assert.That(bytes, Is.Zero);

        void Second(int second)
        {
            var e = Signal((second + 1) * SecondNs, RoutingOutcome.OrderSent);
            live.OnEvent(in e);
            live.Latency.TryCollect();
            live.Latency.PercentileOf(LatencyWindow.Minute, LatencyPart.Risk, 99.9);
        }
    }

    private static PipelineEvent Signal(long timeNs, RoutingOutcome outcome)
    {
        var e = new PipelineEvent { Header = new EventHeader { Kind = EventKind.TradeQualified, TimeNs = timeNs } };
        e.Payload.TradeQualified.IntendedSendTimeNs = timeNs;
        e.Payload.TradeQualified.SendTimeNs = timeNs;
        e.Timestamps = new StageTimestamps
        {
            ReceivedNs = timeNs,
            ContextStartNs = timeNs,
            ContextDoneNs = timeNs,
            InferenceDoneNs = timeNs,
            RiskDoneNs = timeNs,
            RoutingDoneNs = timeNs,
        };
        e.Routing.Outcome = outcome;
        return e;
    }
}
