using ExecutionPipeline.Execution.Limits;
using ExecutionPipeline.Messages.Events;
using static ExecutionPipeline.Stages.Tests.StageRig;

namespace ExecutionPipeline.Stages.Tests.Risk;

[TestFixture]
public class RiskStageTests
{
    private const long DayNs = 86_400 * E9;

    [Test]
    public void ShouldApproveWhenNothingIsBroken()
    {
        var rig = new StageRig(garbage: 0xA5);
        rig.Market(4_999.75, 5_000.25);
        var e = rig.Signal(Side.Buy, 3);
        Assert.That(e.Verdict.ApprovedQuantity, Is.EqualTo(3));
        Assert.That(e.Verdict.Violations, Is.EqualTo(RiskViolations.None));
        Assert.That(e.Verdict.ProjectedPosition, Is.EqualTo(3));
        Assert.That(e.Verdict.ProjectedNotionalE6, Is.EqualTo(750_000_000_000));
        Assert.That(e.Verdict.ProjectedVar, Is.EqualTo(750_000 * 0.015 * 2.3263478740408408).Within(1e-6));
        Assert.That(e.Verdict.TradesToday, Is.EqualTo(1));
        Assert.That((e.Verdict.KillSwitch, e.Verdict.Reducing), Is.EqualTo(((byte)0, (byte)0)));
        Assert.That(rig.Risk.PendingQuantity(0), Is.EqualTo(3));
        rig.Drain();
        Assert.That(rig.Risk.PendingQuantity(0), Is.Zero);
    }

    [Test]
    public void ShouldCallTheMarketStaleWhenItsBookStaysEmpty()
    {
        var rig = new StageRig(Generous with { MaxMarketAgeMs = 10_000 });
        rig.Market(4_999.75, 5_000.25);
        rig.TimeNs += 10 * E9;
        rig.Market(4_999.75, 5_000.25, quantity: 0);
        Assert.That(rig.Signal(Side.Buy, 1).Verdict.Violations, Is.EqualTo(RiskViolations.None), "at the bound");
        rig.TimeNs++;
        rig.Market(4_999.75, 5_000.25, quantity: 0);
        Assert.That(rig.Signal(Side.Buy, 1).Verdict.Violations, Is.EqualTo(RiskViolations.StaleMarket));
        rig.Market(4_999.75, 5_000.25, quantity: 0, traded: 1);
        Assert.That(rig.Signal(Side.Buy, 1).Verdict.Violations, Is.EqualTo(RiskViolations.None));
    }

    [Test]
    public void ShouldListEveryViolationWhenThereAreSeveral()
    {
        var rig = new StageRig(new RiskLimits
        {
            MaxDailyTrades = 1,
            MaxPositionShare = 1,
            SignalIdsRemembered = 1,
        });
        rig.Market(4_999.75, 5_000.25, instrument: 0);
        rig.Market(4_799.75, 4_800.25);
        var first = rig.NewSignal();
        first.Payload.TradeQualified.PriceE9 = Price(4_800);
        Assert.That(rig.Run(ref first, new Decision { Side = Side.Buy }).Verdict.ApprovedQuantity, Is.Zero);
        rig.Command(CommandKind.Kill);
        rig.TimeNs += 11 * E9;
        rig.Market(5_200, 5_199);
        rig.TimeNs += 11 * E9;
        var signal = rig.NewSignal();
        var other = rig.NewSignal();
        rig.Run(ref other);
        signal.Payload.TradeQualified.SignalTimeNs -= 30 * E9;
        signal.Payload.TradeQualified.Drawdown = 0.5;
        var e = rig.Run(ref signal, new Decision { Side = Side.Buy, Quantity = 50 });
        Assert.That(e.Verdict.Violations, Is.EqualTo(
            RiskViolations.KillSwitch | RiskViolations.OrderSize | RiskViolations.OrderValue | RiskViolations.Position
            | RiskViolations.Notional | RiskViolations.DailyVar | RiskViolations.WeeklyVar
            | RiskViolations.ParametricShortfall | RiskViolations.DailyDrawdown | RiskViolations.PositionShare
            | RiskViolations.SectorShare | RiskViolations.PriceCollar | RiskViolations.StaleSignal
            | RiskViolations.ForgottenSignal | RiskViolations.StaleMarket | RiskViolations.CrossedMarket));
        Assert.That(e.Verdict.ApprovedQuantity, Is.Zero);
        Assert.That(e.Verdict.ProjectedPosition, Is.EqualTo(50));
        Assert.That(e.Verdict.KillSwitch, Is.EqualTo(1));
        Assert.That(e.Routing.Outcome, Is.EqualTo(RoutingOutcome.RiskRefused));
    }

    [Test]
    public void ShouldCountWhatIsPendingWhenNothingHasBeenReportedYet()
    {
        var rig = new StageRig(WithLimits(maxPosition: 5));
        rig.Market(100, 100.25);
        Assert.That(rig.Signal(Side.Buy, 3).Verdict.ApprovedQuantity, Is.EqualTo(3));
        Assert.That(rig.Signal(Side.Buy, 3).Verdict.Violations, Is.EqualTo(RiskViolations.Position));
        Assert.That(rig.Signal(Side.Sell, 5).Verdict.ApprovedQuantity, Is.EqualTo(5), "the buy may come to nothing");
        Assert.That(rig.Signal(Side.Sell, 1).Verdict.Violations, Is.EqualTo(RiskViolations.Position));
        rig.Drain();
        Assert.That(rig.Portfolio.Position(0), Is.EqualTo(-2));
    }

    [Test]
    public void ShouldReleaseWhatIsPendingWhenAnOrderEndsWithoutExecution()
    {
        var rig = new StageRig(WithLimits(maxPosition: 5));
        rig.Market(100, 100.25, quantity: 0);
        var signal = rig.NewSignal();
        var decision = new Decision { Side = Side.Buy, Quantity = 5 };
        Assert.That(rig.Run(ref signal, decision).Verdict.ApprovedQuantity, Is.EqualTo(5));
        rig.Drain();
        Assert.That(rig.Drained[^1].Payload.ExecutionReport.RejectReason, Is.EqualTo(VenueRejectReason.NoMarket));
        Assert.That(rig.Risk.PendingQuantity(0), Is.Zero);
    }

    [Test]
    public void ShouldLetReducingOrdersPassWhenLimitsAreExceeded()
    {
        var rig = new StageRig(WithLimits(maxTrades: 1, maxDrawdown: 0.01));
        rig.Market(5_000, 5_000.25);
        rig.Signal(Side.Buy, 5);
        rig.Drain();
        rig.Market(4_800, 4_800.25);
        var refused = rig.Signal(Side.Buy, 1).Verdict;
        Assert.That(
            refused.Violations, Is.EqualTo(RiskViolations.DailyDrawdown | RiskViolations.DailyTradeCount));

        var reducing = rig.Signal(Side.Sell, 2).Verdict;
        Assert.That((reducing.ApprovedQuantity, reducing.Reducing), Is.EqualTo((2, (byte)1)));
        var closing = rig.Signal(Side.Sell, 3).Verdict;
        Assert.That((closing.ApprovedQuantity, closing.Reducing), Is.EqualTo((3, (byte)1)), "with what is pending");
        var flipping = rig.Signal(Side.Sell, 1).Verdict;
        Assert.That((flipping.ApprovedQuantity, flipping.Reducing), Is.EqualTo((0, (byte)0)));
    }

    [Test]
    public void ShouldLetReducingOrdersPassWhenTheKillSwitchIsLatched()
    {
        var rig = new StageRig();
        rig.Market(100, 100.25);
        rig.Signal(Side.Buy, 5);
        rig.Drain();
        Assert.That(rig.Command(CommandKind.Kill).Verdict.KillSwitch, Is.EqualTo(1));
        Assert.That(rig.Signal(Side.Sell, 2).Verdict.ApprovedQuantity, Is.EqualTo(2));
        Assert.That(rig.Signal(Side.Sell, 4).Verdict.Violations, Is.EqualTo(RiskViolations.KillSwitch), "it flips");
        Assert.That(rig.Signal(Side.Buy, 1).Verdict.Violations, Is.EqualTo(RiskViolations.KillSwitch));
        Assert.That(rig.Command(CommandKind.Resume).Verdict.KillSwitch, Is.Zero);
        Assert.That(rig.Signal(Side.Buy, 1).Verdict.ApprovedQuantity, Is.EqualTo(1));
    }

    [Test]
    public void ShouldBoundTheWholePortfolioWhenSeveralInstrumentsAreHeld()
    {
        var rig = new StageRig(WithLimits(maxNotional: 30_000m), instruments: 2);
        rig.Market(100, 100, instrument: 0);
        rig.Market(100, 100, instrument: 1);
        Assert.That(rig.Signal(Side.Buy, 3).Verdict.ProjectedNotionalE6, Is.EqualTo(15_000_000_000));
        var second = rig.Signal(Side.Sell, 2, instrument: 1).Verdict;
        Assert.That(second.ProjectedNotionalE6, Is.EqualTo(30_000_000_000), "the first order is still pending");
        Assert.That(rig.Signal(Side.Buy, 1).Verdict.Violations, Is.EqualTo(RiskViolations.Notional));
        rig.Drain();
        rig.Market(101, 101, instrument: 1);
        Assert.That(rig.Signal(Side.Sell, 1, instrument: 1).Verdict.Violations, Is.EqualTo(RiskViolations.Notional));
    }

    [Test]
    public void ShouldCountTradesAnewWhenTheDayRolls()
    {
        var rig = new StageRig(WithLimits(maxTrades: 1));
        rig.Market(100, 100.25);
        rig.Signal(Side.Buy, 1);
        Assert.That(rig.Signal(Side.Buy, 1).Verdict.Violations, Is.EqualTo(RiskViolations.DailyTradeCount));
        rig.Drain();
        rig.TimeNs += DayNs;
        Assert.That(rig.Signal(Side.Buy, 1).Verdict.TradesToday, Is.EqualTo(1));
    }

    [Test]
    public void ShouldSayThereIsNoMarketWhenNothingHasAPrice()
    {
        var rig = new StageRig();
        var signal = rig.NewSignal();
        rig.Context.OnEvent(ref signal);
        signal.Portfolio.MarkPriceE9 = 0;
        signal.Decision = new Decision { Side = Side.Buy, Quantity = 1 };
        rig.Risk.OnEvent(ref signal);
        Assert.That(signal.Verdict.Violations, Is.EqualTo(RiskViolations.NoMarket));
    }

    [Test]
    public void ShouldApproveNothingWhenNothingIsAsked()
    {
        var rig = new StageRig(garbage: 0xA5);
        rig.Market(100, 100.25);
        foreach (var e in new[] { rig.Signal(Side.None, 3), rig.Signal(Side.Buy, 0), rig.Signal(Side.Buy, -2) })
        {
            Assert.That((e.Verdict.ApprovedQuantity, e.Verdict.Violations), Is.EqualTo((0, RiskViolations.None)));
            Assert.That(e.Verdict.TradesToday, Is.Zero);
        }

        Assert.That((rig.Risk.Approved, rig.Risk.Refused), Is.EqualTo((0L, 0L)));
    }

    [Test]
    public void ShouldRefuseToStartWhenALimitIsBeyondTheBooks() => Assert.That(
        static () => new StageRig(new RiskLimits { MaxPosition = 1_001 }),
        Throws.ArgumentException.With.Message.Contains("MaxPosition 1001").And.Message.Contains("'I1'")
            .And.Message.EndsWith("MaxPosition 1000: lower the one or raise the other."));

    internal static RiskLimits WithLimits(
        int maxPosition = 1_000,
        decimal maxNotional = 1e9m,
        int maxTrades = 1_000,
        double maxDrawdown = 1) => Generous with
        {
            MaxPosition = maxPosition,
            MaxNotional = maxNotional,
            MaxDailyDrawdown = maxDrawdown,
            MaxDailyTrades = maxTrades,
        };
}
