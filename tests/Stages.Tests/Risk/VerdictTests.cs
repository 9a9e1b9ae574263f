using ExecutionPipeline.Execution.Instruments;
using ExecutionPipeline.Execution.Limits;
using ExecutionPipeline.Messages.Events;
using ExecutionPipeline.Stages.Tests.Routing;
using static ExecutionPipeline.Stages.Tests.StageRig;

namespace ExecutionPipeline.Stages.Tests.Risk;

/// <summary>The verdict's figures, the smaller sizes that are approved, and how many orders can be out.</summary>
[TestFixture]
public class VerdictTests
{
    [Test]
    public void ShouldProjectWhatIsPendingOnTheOrdersSideWhenBothSidesArePending()
    {
        var rig = new StageRig(gateway: new SilentVenue());
        rig.Market(100, 100);
        rig.Signal(Side.Buy, 5);
        rig.Signal(Side.Sell, 3);
        Assert.That(Projected(rig.Signal(Side.Buy, 1)), Is.EqualTo((6, 30_000_000_000L)));
        Assert.That(Projected(rig.Signal(Side.Sell, 1)), Is.EqualTo((-4, 20_000_000_000L)));
        Assert.That(Projected(rig.Command(CommandKind.CancelAll)), Is.EqualTo((2, 10_000_000_000L)), "all is filled");
        Assert.That(rig.Risk.PendingQuantity(0), Is.EqualTo(2));
        Assert.That((rig.Risk.Approved, rig.Risk.TradesToday), Is.EqualTo((4L, 4)));
    }

    [Test]
    public void ShouldTellTheShareAsBoundlessWhenThereIsNoEquity()
    {
        foreach (var (equityE6, expected) in new[]
        {
            (1L, 5_000_000_000f), (0L, float.PositiveInfinity), (-1L, float.PositiveInfinity),
        })
        {
            var rig = new StageRig();
            rig.Market(100, 100);
            var signal = rig.NewSignal();
            rig.Context.OnEvent(ref signal);
            signal.Decision = new Decision { Side = Side.Buy, Quantity = 1 };
            signal.Portfolio.EquityE6 = equityE6;
            rig.Risk.OnEvent(ref signal);
            Assert.That(signal.Verdict.SectorShare, Is.EqualTo(expected));
        }
    }

    [Test]
    public void ShouldTellNoShareWhenNothingIsHeldWithoutEquity()
    {
        var rig = new StageRig();
        rig.Market(100, 100);
        var signal = rig.NewSignal();
        rig.Context.OnEvent(ref signal);
        signal.Portfolio.EquityE6 = 0;
        rig.Risk.OnEvent(ref signal);
        Assert.That(signal.Verdict.SectorShare, Is.Zero);
    }

    // Held, what is asked for, and the largest size that keeps a position of 5 and an order of 9.
    [TestCase(0, Side.Buy, 7, 5)]
    [TestCase(0, Side.Sell, 7, 5)]
    [TestCase(0, Side.Buy, 5, 5)]
    [TestCase(0, Side.Buy, 6, 5)]
    [TestCase(3, Side.Buy, 3, 2)]
    [TestCase(3, Side.Sell, 9, 8)]
    [TestCase(3, Side.Sell, 12, 8)]
    [TestCase(-3, Side.Buy, 9, 8)]
    [TestCase(5, Side.Buy, 1, 0)]
    [TestCase(5, Side.Sell, 11, 9)]
    [TestCase(-5, Side.Sell, 2, 0)]
    public void ShouldCutToTheLargestSizeWhenAnOrderIsTooLarge(int held, Side side, int asked, int expected)
    {
        var rig = new StageRig(Generous with { MaxPosition = 5, MaxOrderSize = 9, CutToAdmissibleSize = true });
        rig.Market(100, 100.25);
        if (held != 0)
            rig.Report(Executed(1, held > 0 ? Side.Buy : Side.Sell, Math.Abs(held)));
        var e = rig.Signal(side, asked);
        var isCut = expected > 0 && expected < asked;
        Assert.That(e.Verdict.ApprovedQuantity, Is.EqualTo(expected));
        Assert.That(e.Verdict.ProjectedPosition, Is.EqualTo(held + (side == Side.Buy ? asked : -asked)));
        Assert.That(e.Verdict.Violations == RiskViolations.None, Is.EqualTo(expected == asked));
        Assert.That(
            (rig.Risk.Approved, rig.Risk.Cut, rig.Risk.Refused),
            Is.EqualTo((expected > 0 ? 1L : 0L, isCut ? 1L : 0L, expected > 0 ? 0L : 1L)));
    }

    [Test]
    public void ShouldNotCutWhenWhatIsBrokenDoesNotDependOnTheSize()
    {
        var rig = new StageRig(Generous with { MaxPosition = 5, MaxMarketAgeMs = 1_000, CutToAdmissibleSize = true });
        rig.Market(100, 100.25);
        rig.TimeNs += 2 * E9;
        var verdict = rig.Signal(Side.Buy, 7).Verdict;
        Assert.That(verdict.Violations, Is.EqualTo(RiskViolations.StaleMarket | RiskViolations.Position));
        Assert.That((verdict.ApprovedQuantity, rig.Risk.Refused), Is.EqualTo((0, 1L)));
    }

    [Test]
    public void ShouldLetAnOrderReduceOnlyAsFarAsTheOthersOnItsSideLeave()
    {
        var rig = new StageRig(gateway: new SilentVenue());
        rig.Market(100, 100.25);
        rig.Report(Executed(1, Side.Sell, 5));
        Assert.That(rig.Signal(Side.Sell, 1).Verdict.Reducing, Is.Zero, "it adds");
        Assert.That(rig.Signal(Side.Buy, 3).Verdict.Reducing, Is.EqualTo(1));
        Assert.That(rig.Signal(Side.Buy, 2).Verdict.Reducing, Is.EqualTo(1), "to flat");
        Assert.That(rig.Signal(Side.Buy, 1).Verdict.Reducing, Is.Zero, "through it");
    }

    [Test]
    public void ShouldProjectThePositionWhenAReportHasSettledSomething()
    {
        var rig = new StageRig(gateway: new SilentVenue());
        rig.Market(100, 100);
        var order = rig.Signal(Side.Buy, 5).Routing.Order.OrderId;
        var e = rig.Report(new ExecutionReport { OrderId = order, Kind = ExecutionReportKind.New, Side = Side.Buy });
        Assert.That(Projected(e), Is.EqualTo((5, 25_000_000_000L)));
        Assert.That(e.Verdict.OpenPositions, Is.EqualTo(1));
    }

    [TestCase(Side.Buy)]
    [TestCase(Side.Sell)]
    public void ShouldTellWhatACloseLeadsToWhenItIsSent(Side side)
    {
        var rig = new StageRig(instruments: 2, gateway: new SilentVenue());
        rig.Market(100, 100);
        rig.Market(100, 100, instrument: 1);
        var flat = rig.Command(CommandKind.CloseAll);
        Assert.That((flat.Verdict.ParentId, flat.Verdict.Reducing), Is.EqualTo((0ul, (byte)0)));
        rig.Report(Executed(1, side, 4));
        var e = rig.Command(CommandKind.CloseAll);
        Assert.That(e.Verdict.ParentId, Is.Not.Zero);
        Assert.That((e.Verdict.ApprovedQuantity, e.Verdict.Reducing), Is.EqualTo((4, (byte)1)));
        Assert.That(Projected(e), Is.EqualTo((0, 0L)));
        Assert.That(e.Verdict.OpenPositions, Is.Zero);
        Assert.That(rig.Risk.PendingQuantity(0), Is.Zero, "what only takes risk off reserves nothing");
    }

    [Test]
    public void ShouldTellThatAnOrderReducesWhenItIsRefusedAllTheSame()
    {
        var rig = new StageRig(Generous with { MaxMarketAgeMs = 1_000 });
        rig.Market(100, 100.25);
        rig.Report(Executed(1, Side.Buy, 3));
        rig.TimeNs += 2 * E9;
        var verdict = rig.Signal(Side.Sell, 3).Verdict;
        Assert.That((verdict.Violations, verdict.Reducing), Is.EqualTo((RiskViolations.StaleMarket, (byte)1)));
        Assert.That((verdict.ApprovedQuantity, verdict.OpenPositions), Is.EqualTo((0, (byte)0)));
    }

    [Test]
    public void ShouldNeverSendMoreThanWasAskedWhenMoreWouldHedge()
    {
        // Ten contracts are held. Each of the other sold takes the risk of one off: from three on the limit is kept.
        var limit = 7.5 * 5_000 * 0.015 * 2.3263478740408408;
        var rig = new StageRig(
            Generous with { MaxDailyVar = limit, CutToAdmissibleSize = true },
            options: [Fifty(1), Fifty(2)],
            correlations: [new InstrumentCorrelation { First = 1, Second = 2, Correlation = 1 }]);
        rig.Market(100, 100);
        rig.Market(100, 100, instrument: 1);
        rig.Report(Executed(1, Side.Buy, 10));
        var two = rig.Signal(Side.Sell, 2, instrument: 1).Verdict;
        Assert.That((two.ApprovedQuantity, two.Violations), Is.EqualTo((0, RiskViolations.DailyVar)));
        var three = rig.Signal(Side.Sell, 3, instrument: 1).Verdict;
        Assert.That((three.ApprovedQuantity, three.Violations), Is.EqualTo((3, RiskViolations.None)));
    }

    [Test]
    public void ShouldRefuseToStartWhenALimitIsOutOfRange()
    {
        Assert.That(
            static () => new StageRig(Generous with { MaxOrderSize = 0, MinOrderSize = 0 }).Risk,
            Throws.ArgumentException.With.Message.Contains("MaxOrderSize"));
    }

    [Test]
    public void ShouldRefuseOneMoreWhenAsManyOrdersAreOutAsThereArePlaces()
    {
        const int places = 32_768;
        var rig = Wide();
        var first = 0ul;
        for (var i = 0; i < places; i++)
        {
            var e = rig.Signal(i / 64 % 2 == 0 ? Side.Buy : Side.Sell, 1, instrument: i % 64);
            Assert.That(e.Verdict.ApprovedQuantity, Is.EqualTo(1), $"order {i}");
            first = i == 0 ? e.Routing.Order.OrderId : first;
        }

        Assert.That(rig.Signal(Side.Buy, 1).Verdict.Violations, Is.EqualTo(RiskViolations.VenueFailing));

        // It ends, and is executed all the same, twice: one place is free, not three.
        rig.Report(new ExecutionReport
        {
            OrderId = first,
            Kind = ExecutionReportKind.Cancelled,
            Side = Side.Buy,
            ReleasedQuantity = 1,
            ExecutionId = 1,
        });
        rig.Drain();
        rig.Report(Executed(first, Side.Buy, 1) with { ExecutionId = 2 });
        rig.Report(Executed(first, Side.Buy, 1) with { ExecutionId = 3, CumulativeQuantity = 2 });
        Assert.That(rig.Signal(Side.Buy, 1).Verdict.ApprovedQuantity, Is.EqualTo(1));
        Assert.That(rig.Signal(Side.Buy, 1).Verdict.Violations, Is.EqualTo(RiskViolations.VenueFailing));
    }

    private static InstrumentOptions Fifty(uint id) => new() { Id = id, Symbol = $"I{id}", Multiplier = 50 };

    /// <summary>The most instruments, at margins of a cent, so that nothing but the places is short.</summary>
    private static StageRig Wide()
    {
        var rig = new StageRig(
            Generous with { SignalIdsRemembered = 65_536 },
            orders: 40_000,
            gateway: new SilentVenue(),
            options: [.. Enumerable.Range(1, 64).Select(static i => new InstrumentOptions
            {
                Id = (uint)i,
                Symbol = $"I{i}",
                MarginPerContract = 0.01m,
            })]);
        for (var i = 0; i < 64; i++)
            rig.Market(100, 100.25, instrument: i);
        return rig;
    }

    private static (int Position, long NotionalE6) Projected(in PipelineEvent e) =>
        (e.Verdict.ProjectedPosition, e.Verdict.ProjectedNotionalE6);

    private static ExecutionReport Executed(ulong order, Side side, int quantity) => new()
    {
        OrderId = order,
        ExecutionId = 900,
        Kind = ExecutionReportKind.Trade,
        Side = side,
        LastQuantity = quantity,
        CumulativeQuantity = quantity,
        LastPriceE9 = Price(100),
    };
}
