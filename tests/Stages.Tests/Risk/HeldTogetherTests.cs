using ExecutionPipeline.Execution.Instruments;
using ExecutionPipeline.Execution.Limits;
using ExecutionPipeline.Messages.Events;
using ExecutionPipeline.Stages.Tests.Routing;
using static ExecutionPipeline.Stages.Tests.StageRig;

namespace ExecutionPipeline.Stages.Tests.Risk;

/// <summary>The limits on what is held beside each other: who counts as held, on which side, and until when.</summary>
[TestFixture]
public class HeldTogetherTests
{
    [TestCase(Side.Buy, Side.Sell)]
    [TestCase(Side.Sell, Side.Buy)]
    public void ShouldCountAPositionNoMoreWhenItIsClosed(Side open, Side close)
    {
        var rig = Quoted(new StageRig(Generous with { MaxOpenPositions = 1 }, instruments: 2));
        rig.Signal(open, 2);
        rig.Drain();
        var second = rig.Signal(Side.Buy, 1, instrument: 1).Verdict;
        Assert.That((second.Violations, second.OpenPositions), Is.EqualTo((RiskViolations.OpenPositions, (byte)2)));
        rig.Signal(close, 2);
        rig.Drain();
        Assert.That(rig.Portfolio.Position(0), Is.Zero);
        var third = rig.Signal(Side.Buy, 1, instrument: 1).Verdict;
        Assert.That((third.ApprovedQuantity, third.OpenPositions), Is.EqualTo((1, (byte)1)));
    }

    /// <summary>No update has told its price: the signal's is what it was approved at.</summary>
    [Test]
    public void ShouldKeepTheValueOfAnOrderInAnInstrumentWithoutAMarket()
    {
        var venue = new SilentVenue();
        var limits = Generous with { MaxNotional = 700_000m, MaxMarketAgeMs = 0 };
        var rig = new StageRig(limits, instruments: 2, gateway: venue);
        rig.Market(5_000, 5_000.25, instrument: 1);
        var signal = rig.NewSignal();
        signal.Payload.TradeQualified.PriceE9 = Price(5_000);
        rig.Run(ref signal, new Decision { Side = Side.Buy, Quantity = 2 });
        Assert.That(signal.Verdict.ApprovedQuantity, Is.EqualTo(2), signal.Verdict.Violations.ToString());
        rig.Report(new ExecutionReport
        {
            OrderId = venue.Orders.Single().OrderId,
            Kind = ExecutionReportKind.New,
            Side = Side.Buy,
            OrderQuantity = 2,
            LeavesQuantity = 2,
        });

        var other = rig.Signal(Side.Buy, 2, instrument: 1).Verdict;
        Assert.That(other.Violations, Is.EqualTo(RiskViolations.Notional));
    }

    [TestCase(Side.Buy)]
    [TestCase(Side.Sell)]
    public void ShouldCountWhatMayComeWhenAnOrderIsPending(Side side)
    {
        var rig = Quoted(new StageRig(
            Generous with { MaxOpenPositions = 1 }, instruments: 2, gateway: new SilentVenue()));
        var order = rig.Signal(side, 2).Routing.Order.OrderId;
        var refused = rig.Signal(Side.Buy, 1, instrument: 1).Verdict;
        Assert.That(refused.Violations, Is.EqualTo(RiskViolations.OpenPositions));
        rig.Report(new ExecutionReport
        {
            OrderId = order,
            Kind = ExecutionReportKind.Cancelled,
            Side = side,
            ReleasedQuantity = 2,
        });
        Assert.That(rig.Signal(Side.Buy, 1, instrument: 1).Verdict.ApprovedQuantity, Is.EqualTo(1));
    }

    // Three instruments: the second moves with the first by 0.5, the third against it by 0.75.
    [TestCase(Side.Buy, Side.Buy, Side.None, 0.5, RiskViolations.None, 0)]
    [TestCase(Side.Buy, Side.Buy, Side.None, 0.49, RiskViolations.Correlation, 0.5)]
    [TestCase(Side.Sell, Side.Sell, Side.None, 0.49, RiskViolations.Correlation, 0.5)]
    [TestCase(Side.Buy, Side.Sell, Side.None, 0.0, RiskViolations.None, 0)]
    [TestCase(Side.Sell, Side.Buy, Side.None, 0.0, RiskViolations.None, 0)]
    [TestCase(Side.Buy, Side.None, Side.Buy, 0.0, RiskViolations.None, 0)]
    [TestCase(Side.Buy, Side.None, Side.Sell, 0.75, RiskViolations.None, 0)]
    [TestCase(Side.Buy, Side.None, Side.Sell, 0.74, RiskViolations.Correlation, 0.75)]
    [TestCase(Side.Sell, Side.None, Side.Buy, 0.74, RiskViolations.Correlation, 0.75)]
    [TestCase(Side.Buy, Side.Buy, Side.Sell, 0.4, RiskViolations.Correlation, 0.75)]
    [TestCase(Side.Sell, Side.Sell, Side.Buy, 0.6, RiskViolations.Correlation, 0.75)]
    [TestCase(Side.Sell, Side.Sell, Side.Sell, 0.4, RiskViolations.Correlation, 0.5)]
    public void ShouldRefuseWhatMovesTogetherWhenItIsHeld(
        Side side, Side second, Side third, double limit, RiskViolations expected, double told)
    {
        var rig = Quoted(new StageRig(
            Generous with { MaxCorrelation = limit },
            instruments: 3,
            correlations:
            [
                new InstrumentCorrelation { First = 1, Second = 2, Correlation = 0.5 },
                new InstrumentCorrelation { First = 1, Second = 3, Correlation = -0.75 },
                new InstrumentCorrelation { First = 2, Second = 3, Correlation = 0 },
            ]));
        if (second != Side.None)
            rig.Signal(second, 1, instrument: 1);
        if (third != Side.None)
            rig.Signal(third, 1, instrument: 2);
        rig.Drain();
        var verdict = rig.Signal(side, 1).Verdict;
        Assert.That(verdict.Violations, Is.EqualTo(expected));
        Assert.That(verdict.Correlation, Is.EqualTo((float)told));
    }

    [Test]
    public void ShouldAddUpASectorWhenInstrumentsShareItsName()
    {
        var rig = new StageRig(
            Generous with { MaxSectorShare = 0.03 },
            options: [Instrument(1, "Index"), Instrument(2, "Energy"), Instrument(3, "index"), Instrument(4, ""),
                Instrument(5, "")]);
        for (var i = 0; i < 5; i++)
            rig.Market(100, 100, instrument: i);

        // Each contract is half a percent of the account.
        Assert.That(Share(rig, 0, 3), Is.EqualTo(0.015f));
        Assert.That(Share(rig, 1, 4), Is.EqualTo(0.02f), "another sector");
        Assert.That(Share(rig, 2, 3), Is.EqualTo(0.03f), "the first one's, at the limit");
        Assert.That(Share(rig, 3, 6), Is.EqualTo(0.03f), "of no sector: alone");
        Assert.That(Share(rig, 4, 6), Is.EqualTo(0.03f), "of no sector: alone");
        Assert.That(rig.Signal(Side.Buy, 1, instrument: 2).Verdict.Violations, Is.EqualTo(RiskViolations.SectorShare));
        Assert.That(rig.Signal(Side.Buy, 3, instrument: 1).Verdict.Violations, Is.EqualTo(RiskViolations.SectorShare));
        Assert.That(rig.Signal(Side.Buy, 2, instrument: 1).Verdict.Violations, Is.EqualTo(RiskViolations.None));
    }

    /// <summary>The other's orders count as filled: 4 bought, 1 sold, at 50 x 100 and a day of 1.5 %.</summary>
    [Test]
    public void ShouldCountTheOthersPendingOrdersWhenRiskIsAdded()
    {
        InstrumentReturns[] history =
        [
            new() { Instrument = 1, DailyReturns = [-0.5] },
            new() { Instrument = 2, DailyReturns = [-0.25] },
        ];
        var rig = new StageRig(
            Generous,
            gateway: new SilentVenue(),
            options: [Instrument(1, ""), Instrument(2, "")],
            correlations: [new InstrumentCorrelation { First = 1, Second = 2, Correlation = 1 }],
            history: history);
        rig.Market(100, 100);
        rig.Market(100, 100, instrument: 1);
        rig.Signal(Side.Buy, 4);
        rig.Signal(Side.Sell, 1);
        var verdict = rig.Signal(Side.Buy, 2, instrument: 1).Verdict;
        Assert.That(verdict.ProjectedVar, Is.EqualTo(25_000 * 0.015 * 2.3263478740408408).Within(1e-6));
        Assert.That(verdict.HistoricalShortfall, Is.EqualTo((15_000 * 0.5f + 10_000 * 0.25f) / 1e6f).Within(1e-7f));
        Assert.That(verdict.ProjectedNotionalE6, Is.EqualTo(30_000_000_000), "four bought, at the worst, and two");
    }

    private static float Share(StageRig rig, int instrument, int quantity)
    {
        var verdict = rig.Signal(Side.Buy, quantity, instrument).Verdict;
        Assert.That(verdict.ApprovedQuantity, Is.EqualTo(quantity));
        rig.Drain();
        rig.Market(100, 100, instrument: instrument);
        return verdict.SectorShare;
    }

    private static InstrumentOptions Instrument(uint id, string sector) => new()
    {
        Id = id,
        Symbol = $"I{id}",
        Multiplier = 50,
        Sector = sector,
        CommissionPerContract = 0,
        ExchangeFeePerContract = 0,
        RegulatorFeePerContract = 0,
    };

    private static StageRig Quoted(StageRig rig)
    {
        for (var i = 0; i < rig.Instruments.Count; i++)
            rig.Market(100, 100.25, instrument: i);
        return rig;
    }
}
