using ExecutionPipeline.Execution.Limits;
using ExecutionPipeline.Messages.Events;
using static ExecutionPipeline.Stages.Tests.StageRig;

namespace ExecutionPipeline.Stages.Tests.Context;

[TestFixture]
public class ContextStageTests
{
    private const float Tolerance = 1e-5f;

    [Test]
    public void ShouldUseItsOwnStateWhenTheSignalLeavesItOpen()
    {
        var rig = new StageRig(Generous with { MaxPosition = 20, MaxDailyVar = 100_000 });
        rig.Market(4_999.75, 5_000.25, quantity: 10);
        rig.Signal(Side.Sell, 3);
        rig.Drain();
        rig.TimeNs += 60 * E9;
        rig.Market(4_989.75, 4_990.25, quantity: 30, traded: 7);
        rig.TimeNs += 5 * E9;
        var e = rig.NewSignal();
        rig.Context.OnEvent(ref e);

        var equity = rig.Portfolio.EquityE6 * 1e-6;
        Assert.That(equity, Is.EqualTo(1_000_000 + 3 * 9.75 * 50 - 3 * 3.80).Within(1e-6));
        Check(e, Feature.DecisionDirection, 1);
        Check(e, Feature.DecisionConfidence, 0.75);
        Check(e, Feature.SynergyStrength, 0.5);
        Check(e, Feature.UrgencyFactor, 0.25);
        Check(e, Feature.BidAskSpreadBps, 0.5 / 4_990 * 10_000);
        Check(e, Feature.OrderBookDepth, 60 / ((20 * (1 - 2.0 / 1001) + 60) / (2 - 2.0 / 1001)));
        Check(e, Feature.RecentVolumeIntensity, 66 / 60.0);
        Check(e, Feature.PriceVolatility1Min, -Math.Log(4_990.0 / 5_000));
        Check(e, Feature.CurrentPosition, -3);
        Check(e, Feature.AvailableMargin, (equity - 60_000) / equity);
        Check(e, Feature.UnrealizedPnlPct, 3 * 9.75 * 50 / equity);
        Check(e, Feature.VarUtilization, 3 * 4_990 * 50 * 0.015 * 2.3263478740408408 / 100_000);
        Check(e, Feature.MaxPositionPct, 3 / 20.0);
        Check(e, Feature.TimeSinceSignal, 1);
        Check(e, Feature.MarketSessionPct, 1);
        Assert.That(e.Features[ContextFeatures.Count], Is.Zero, "padding");
    }

    [Test]
    public void ShouldUseTheSignalsFiguresWhenItBringsThem()
    {
        var rig = new StageRig(new RiskLimits { MaxPosition = 10 });
        var e = rig.NewSignal();
        ref var signal = ref e.Payload.TradeQualified;
        signal.Action = TradeAction.Short;
        signal.BidAskSpread = 0.25;
        signal.BookDepth = 1.5;
        signal.VolumeIntensity = 2.5;
        signal.Volatility = 0.003;
        signal.Atr = 12.5;
        signal.Position = -4;
        signal.AvailableMargin = 50_000;
        signal.Equity = 200_000;
        signal.UnrealizedPnl = -1_000;
        signal.SignalTimeNs = e.Header.TimeNs + E9;
        rig.Context.OnEvent(ref e);

        Check(e, Feature.DecisionDirection, -1);
        Check(e, Feature.BidAskSpreadBps, 0.5);
        Check(e, Feature.OrderBookDepth, 1.5);
        Check(e, Feature.RecentVolumeIntensity, 2.5);
        Check(e, Feature.PriceVolatility1Min, 0.003);
        Check(e, Feature.CurrentPosition, -4);
        Check(e, Feature.AvailableMargin, 0.25);
        Check(e, Feature.UnrealizedPnlPct, -0.005);
        Check(e, Feature.MaxPositionPct, 0.4);
        Check(e, Feature.TimeSinceSignal, 0);
        Assert.That(e.Portfolio.AtrE9, Is.EqualTo(12_500_000_000));
        Assert.That(e.Portfolio.Volatility, Is.EqualTo(0.003));
        Assert.That(e.Portfolio.MarkPriceE9, Is.EqualTo(Price(5_000)), "no market: the signal's price");
        Assert.That(e.Portfolio.Position, Is.Zero, "limits are held against the pipeline's own position");
    }

    [Test]
    public void ShouldStayFiniteWhenFiguresAreExtreme()
    {
        var random = TestSeed.NewRandom();
        double[] extremes = [0, 1, -1, 1e-300, 1e300, -1e300, double.MaxValue, double.NaN];
        for (var round = 0; round < 2_000; round++)
        {
            var rig = new StageRig();
            var e = rig.NewSignal();
            ref var signal = ref e.Payload.TradeQualified;
            signal.PriceE9 = random.Next(2) == 0 ? 1 : long.MaxValue / 2;
            signal.BidAskSpread = Any();
            signal.BookDepth = Any();
            signal.VolumeIntensity = Any();
            signal.Volatility = Any();
            signal.Atr = Math.Abs(Any());
            signal.Position = Any();
            signal.AvailableMargin = Any();
            signal.Equity = Any();
            signal.UnrealizedPnl = Any();
            signal.SignalTimeNs = random.Next(2) == 0 ? 0 : long.MaxValue;
            rig.Context.OnEvent(ref e);
            for (var i = 0; i < ContextFeatures.Count; i++)
                Assert.That(float.IsFinite(e.Features[i]), Is.True, $"feature {i}");
            Assert.That(e.Portfolio.AtrE9, Is.Not.Negative);
        }

        double Any() => extremes[random.Next(extremes.Length)];
    }

    [TestCase(0.1, 0.1)]
    [TestCase(double.NaN, 2 * 3.80 / 1e6)]
    [TestCase(0.0, 2 * 3.80 / 1e6)]
    public void ShouldTakeTheWorseDrawdownWhenTheSignalBringsOne(double given, double expected)
    {
        var rig = new StageRig();
        rig.Market(5_000, 5_000.25);
        rig.Signal(Side.Buy, 2);
        rig.Drain();
        rig.Market(5_000.25, 5_000.25);
        var e = rig.NewSignal();
        e.Payload.TradeQualified.Drawdown = given;
        rig.Context.OnEvent(ref e);
        Assert.That(e.Portfolio.DailyDrawdown, Is.EqualTo(expected).Within(1e-12));
    }

    [Test]
    public void ShouldBookAnExecutionOnceWhenItIsReportedTwice()
    {
        var rig = new StageRig();
        rig.Market(100, 100.25);
        rig.Signal(Side.Buy, 2);
        rig.Drain();
        var trade = rig.Drained.Single(static e => e.Payload.ExecutionReport.Kind == ExecutionReportKind.Trade);
        var again = rig.Report(trade.Payload.ExecutionReport);
        Assert.That(again.Portfolio.Position, Is.EqualTo(2));
        Assert.That(rig.Context.Executions.Duplicates, Is.EqualTo(1));
        Assert.That(rig.Routing.Orders.DuplicateReports, Is.EqualTo(1));
        Assert.That(rig.Risk.PendingQuantity(0), Is.Zero);
        Assert.That(rig.Routing.Fills, Is.EqualTo(1));
    }

    [Test]
    public void ShouldWriteTheSnapshotWhenTheEventIsATimer()
    {
        var rig = new StageRig(garbage: 0xA5);
        rig.Market(100, 100.5);
        var e = rig.NewEvent(EventKind.Timer, 0);
        rig.Context.OnEvent(ref e);
        Assert.That(e.Portfolio.MarkPriceE9, Is.EqualTo(Price(100.25)));
        Assert.That(e.Portfolio.EquityE6, Is.EqualTo(1_000_000_000_000));
        Assert.That(e.Portfolio.WeeklyDrawdown, Is.Zero);
    }

    private static void Check(in PipelineEvent e, int feature, double expected) =>
        Assert.That(e.Features[feature], Is.EqualTo((float)expected).Within(Tolerance), $"feature {feature}");
}
