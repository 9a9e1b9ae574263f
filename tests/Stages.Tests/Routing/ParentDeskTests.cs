using ExecutionPipeline.Execution.Algorithms;
using ExecutionPipeline.Execution.Brackets;
using ExecutionPipeline.Messages.Events;
using ExecutionPipeline.Stages.Routing;
using static ExecutionPipeline.Stages.Tests.StageRig;

namespace ExecutionPipeline.Stages.Tests.Routing;

/// <summary>How parents are worked: slice by slice, each gated in the event in which it leaves.</summary>
[TestFixture]
public class ParentDeskTests
{
    private const long ScheduleNs = 300 * E9;

    [Test]
    public void ShouldPlaceEveryContractWhenTheScheduleIsOver()
    {
        var rig = Started(out var parent);
        Assert.That(rig.Risk.PendingQuantity(0), Is.EqualTo(10), "the whole parent is reserved");
        rig.AdvanceTo(rig.TimeNs + ScheduleNs + E9);
        Assert.That(rig.Portfolio.Position(0), Is.EqualTo(10));
        Assert.That((rig.Risk.PendingQuantity(0), rig.Routing.WorkingParents), Is.EqualTo((0, 0)));
        Assert.That(rig.Routing.OrdersSent, Is.GreaterThanOrEqualTo(10), "slice by slice");
        Assert.That(rig.Routing.ReplacesSent, Is.Positive, "what rested crossed the spread when its time ran out");
        Assert.That(rig.Drained.All(e => OrderIds.IsOf(e.Payload.ExecutionReport.OrderId, parent)), Is.True);
    }

    [Test]
    public void ShouldSendNoSliceAnyMoreWhenTheKillSwitchIsTrippedBetweenTwo()
    {
        var rig = Started(out _);
        rig.AdvanceTo(rig.TimeNs + ScheduleNs / 2);
        var (sent, held) = (rig.Routing.OrdersSent, rig.Portfolio.Position(0));
        Assert.That(held, Is.InRange(1, 9));
        rig.Command(CommandKind.Kill);
        rig.Drain();
        rig.AdvanceTo(rig.TimeNs + 2 * ScheduleNs);
        Assert.That((rig.Routing.OrdersSent, rig.Portfolio.Position(0)), Is.EqualTo((sent, held)));
        Assert.That((rig.Risk.PendingQuantity(0), rig.Routing.WorkingParents), Is.EqualTo((0, 0)));
    }

    [Test]
    public void ShouldHoldTheNextSliceWhenTheMarketIsCrossedAndSendItWhenItIsNot()
    {
        var rig = Started(out _);
        rig.AdvanceTo(rig.TimeNs + ScheduleNs / 2);
        rig.Gateway.TryCancelAll(rig.TimeNs);
        rig.Market(5_001, 5_000.25);
        var sent = rig.Routing.OrdersSent;
        rig.Drain();
        rig.AdvanceTo(rig.TimeNs + 60 * E9);
        Assert.That(rig.Routing.OrdersSent, Is.EqualTo(sent), "two slices were due");
        Assert.That(rig.Routing.CountOf(ChildRefusal.Market), Is.Positive);
        rig.Market(5_000, 5_000.25);
        rig.Drain();
        rig.AdvanceTo(rig.TimeNs + ScheduleNs);
        Assert.That(rig.Portfolio.Position(0), Is.EqualTo(10));
    }

    /// <summary>Each would wait until the schedule's end, and the wheel has room for so many.</summary>
    [Test]
    public void ShouldKeepFewTimersWhenAChildIsHeldBackOverManyMarketUpdates()
    {
        var rig = Started(out _);
        rig.AdvanceTo(rig.TimeNs + ScheduleNs / 2);
        rig.Gateway.TryCancelAll(rig.TimeNs);
        for (var update = 0; update < 2_000; update++)
        {
            rig.AdvanceTo(rig.TimeNs + E9 / 20);
            rig.Market(5_001 + update % 3, 5_000.25);
            rig.Drain();
            Assert.That(rig.WaitingTimers, Is.LessThan(4), $"after {update} updates");
        }

        Assert.That(rig.Routing.CountOf(ChildRefusal.Market), Is.GreaterThan(100));
        rig.Market(5_000, 5_000.25);
        rig.Drain();
        rig.AdvanceTo(rig.TimeNs + ScheduleNs);
        Assert.That(rig.Portfolio.Position(0), Is.EqualTo(10), "it is asked again when it wants to be");
    }

    /// <summary>The wheel has room for so many, and a schedule lasts for minutes.</summary>
    [TestCase(ExecutionStrategy.Iceberg)]
    [TestCase(ExecutionStrategy.Twap5Min)]
    public void ShouldLeaveNoTimerBehindWhenParentsEndBeforeTheirSchedules(ExecutionStrategy strategy)
    {
        const int parents = 50;
        var rig = new StageRig();
        for (var i = 1; i <= parents; i++)
        {
            rig.Market(5_000, 5_000.25);
            rig.Signal(Side.Buy, 1, strategy: strategy);
            rig.Drain();
            Assert.That((rig.Routing.WorkingParents, rig.WaitingTimers), Is.EqualTo((1, 1)), "it waits for its end");
            rig.Market(4_999.5, 4_999.75);
            rig.Drain();
            Assert.That((rig.Routing.WorkingParents, rig.WaitingTimers), Is.EqualTo((0, 0)), $"after {i} parents");
            rig.AdvanceTo(rig.TimeNs + E9 / 10);
        }

        Assert.That(rig.Portfolio.Position(0), Is.EqualTo(parents));
    }

    [Test]
    public void ShouldGiveUpWhatIsLeftWhenNothingTradesAfterTheSchedule()
    {
        var rig = new StageRig(gateway: new SilentVenue());
        rig.Market(5_000, 5_000.25);
        rig.Signal(Side.Buy, 10, strategy: ExecutionStrategy.Twap5Min);
        rig.AdvanceTo(rig.TimeNs + 2 * ScheduleNs);
        Assert.That(rig.Routing.CancelsSent, Is.EqualTo(1), "the child is asked back");
        Assert.That(rig.Risk.PendingQuantity(0), Is.EqualTo(10), "which is not answered, so that it may still trade");
    }

    [TestCase(VenueRejectReason.MarketClosed)]
    [TestCase(VenueRejectReason.MarketHalted)]
    [TestCase(VenueRejectReason.AuctionCall)]
    public void ShouldGoOnWithinTheScheduleWhenAHaltHasRefusedSeveralChildren(VenueRejectReason reason)
    {
        var venue = new SilentVenue();
        var rig = new StageRig(gateway: venue);
        rig.Market(5_000, 5_000.25);
        rig.Signal(Side.Buy, 10, strategy: ExecutionStrategy.Twap5Min);
        for (var refused = 1; refused <= 5; refused++)
        {
            var child = venue.Orders[^1];
            rig.Report(new ExecutionReport
            {
                OrderId = child.OrderId,
                Kind = ExecutionReportKind.Rejected,
                Side = child.Side,
                OrderQuantity = child.Quantity,
                ReleasedQuantity = child.Quantity,
                RejectReason = reason,
            });
            Assert.That(venue.Orders, Has.Count.EqualTo(refused), "not at once");
            rig.AdvanceTo(rig.TimeNs + E9 / 10);
            Assert.That(venue.Orders, Has.Count.EqualTo(refused + 1));
        }

        Assert.That((rig.Routing.WorkingParents, rig.Risk.PendingQuantity(0)), Is.EqualTo((1, 10)));
    }

    [Test]
    public void ShouldFollowTheTouchWhenTheMarketMovesAway()
    {
        var rig = Started(out _);
        var before = rig.Routing.ReplacesSent;
        rig.Market(5_010, 5_010.25);
        rig.Drain();
        Assert.That(rig.Routing.ReplacesSent, Is.EqualTo(before + 1));
        Assert.That(rig.Routing.Orders[rig.Routing.Orders.FirstWorking(0)].LimitPriceE9, Is.EqualTo(Price(5_010)));
    }

    /// <summary>
    /// A sale that was approved because it takes risk off, and that limits and kill switch have let pass for that.
    /// </summary>
    [TestCase(false)]
    [TestCase(true)]
    public void ShouldNotTurnThePositionOverWhenAStopHasTakenWhatASaleWasToTake(bool isKilled)
    {
        var rig = Reducing(held: 4, sold: 4);
        if (isKilled)
            rig.Command(CommandKind.Kill);
        rig.Drain();
        rig.Market(4_900, 4_900.25);
        rig.Drain();
        rig.AdvanceTo(rig.TimeNs + 2 * ScheduleNs);
        Assert.That((rig.Portfolio.Position(0), rig.Routing.WorkingParents), Is.EqualTo((0, 0)));
        Assert.That((rig.Risk.PendingQuantity(0), rig.Routing.Orders.WorkingOrders), Is.EqualTo((0, 0)));
    }

    /// <summary>A sale of six while four are held was approved to end at two short, and not at six.</summary>
    [TestCase(0, -2)]
    [TestCase(2, 0)]
    public void ShouldTurnThePositionOverAsFarAsApprovedWhenAStopHasTakenWhatWasHeld(int amendedBy, int expected)
    {
        var rig = Reducing(held: 4, sold: 0);
        var sale = rig.Signal(Side.Sell, 6, strategy: ExecutionStrategy.Twap5Min).Verdict.ParentId;
        rig.Drain();
        var amend = rig.NewEvent(EventKind.Command, 0);
        amend.Payload.Command = new Command
        {
            Kind = CommandKind.AmendOrder,
            Reason = 1,
            ParentId = sale,
            Quantity = 6 - amendedBy,
        };
        if (amendedBy > 0)
            rig.Run(ref amend);
        rig.Drain();
        rig.Market(4_900, 4_900.25);
        rig.Drain();
        rig.AdvanceTo(rig.TimeNs + 2 * ScheduleNs);
        Assert.That((rig.Portfolio.Position(0), rig.Routing.WorkingParents), Is.EqualTo((expected, 0)));
        Assert.That(rig.Risk.PendingQuantity(0), Is.Zero);
    }

    [Test]
    public void ShouldSellAllThatWasApprovedWhenNoStopIsReached()
    {
        var rig = Reducing(held: 4, sold: 6);
        rig.Drain();
        rig.AdvanceTo(rig.TimeNs + 2 * ScheduleNs);
        Assert.That((rig.Portfolio.Position(0), rig.Routing.WorkingParents), Is.EqualTo((-2, 0)));
    }

    [Test]
    public void ShouldEndASaleWhenTheKillSwitchFindsThatAnotherHasSoldWhatItWasToTake()
    {
        var rig = Reducing(held: 4, sold: 4);
        rig.Signal(Side.Sell, 4);
        rig.Drain();
        Assert.That(rig.Portfolio.Position(0), Is.Zero);
        rig.Command(CommandKind.Kill);
        rig.Drain();
        rig.AdvanceTo(rig.TimeNs + 2 * ScheduleNs);
        Assert.That((rig.Portfolio.Position(0), rig.Routing.WorkingParents), Is.EqualTo((0, 0)));
    }

    [Test]
    public void ShouldSellOnlyWhatIsStillHeldWhenTheStopOfOneTradeIsExecuted()
    {
        var rig = Reducing(held: 4, sold: 0);
        rig.Market(5_100, 5_100.25);
        rig.Signal(Side.Buy, 3);
        rig.Drain();
        rig.Signal(Side.Sell, 6, strategy: ExecutionStrategy.Twap5Min);
        rig.Drain();
        rig.Market(5_020, 5_020.25);
        rig.Drain();
        Assert.That(rig.Portfolio.Position(0), Is.EqualTo(4), "the stop of the later trade was executed");
        rig.AdvanceTo(rig.TimeNs + 2 * ScheduleNs);
        Assert.That((rig.Portfolio.Position(0), rig.Routing.WorkingParents), Is.EqualTo((0, 0)));
        Assert.That((rig.Risk.PendingQuantity(0), rig.Routing.Orders.WorkingOrders), Is.EqualTo((0, 0)));
    }

    [Test]
    public void ShouldAskForNoMoreAtTheVenueWhileTheGateIsClosed()
    {
        var rig = new StageRig(execution: new ExecutionOptions
        {
            PassiveShare = 1,
            Twap = new TwapOptions { MaxSlippageBps = 0, TargetParticipationRate = 0 },
        });
        rig.Market(5_000, 5_000.25);
        rig.Signal(Side.Buy, 10, strategy: ExecutionStrategy.Twap5Min);
        rig.Drain();
        Assert.That(rig.Routing.Orders.WorkingBuyQuantity(0), Is.EqualTo(1), "the first slice rests");
        rig.Command(CommandKind.JournalDegraded);
        rig.Drain();
        rig.AdvanceTo(rig.TimeNs + 100 * E9);
        Assert.That(rig.Routing.Orders.WorkingBuyQuantity(0), Is.EqualTo(1), "three more slices have become due");
        Assert.That(rig.Routing.CountOf(ChildRefusal.Gate), Is.Positive);
        rig.Market(5_002, 5_002.25);
        rig.Drain();
        Assert.That(
            rig.Routing.Orders[rig.Routing.Orders.FirstWorking(0)].LimitPriceE9, Is.EqualTo(Price(5_000)), "it stays");
        rig.Command(CommandKind.JournalRestored);
        rig.AdvanceTo(rig.TimeNs + E9);
        Assert.That(rig.Routing.Orders.WorkingBuyQuantity(0), Is.GreaterThan(1), "it goes on");
        rig.AdvanceTo(rig.TimeNs + ScheduleNs);
        Assert.That(rig.Portfolio.Position(0), Is.EqualTo(10));
    }

    /// <summary>Else risk would take it for one that its venue does not answer, and let nothing add risk.</summary>
    [Test]
    public void ShouldBeginWithAContractWhenTheVolumeIsExpectedLater()
    {
        var later = new double[1_440];
        Array.Fill(later, 1);
        for (var minute = 2; minute < 10; minute++)
            later[minute] = 50;
        var rig = new StageRig(
            execution: new ExecutionOptions { Vwap = new VwapOptions { MaxSlippageBps = 0 } },
            curves: [new VolumeCurve(later, StartNs % (86_400 * E9))]);
        rig.Market(5_000, 5_000.25);
        rig.Signal(Side.Buy, 4, strategy: ExecutionStrategy.VwapAggressive);
        rig.Drain();
        for (var second = 0; second < 10; second++)
        {
            rig.AdvanceTo(rig.TimeNs + E9);
            rig.Market(5_000, 5_000.25);
            rig.Second();
            rig.Drain();
        }

        Assert.That(rig.Risk.Responses, Is.EqualTo(BreakerResponses.None));
    }

    /// <summary>Something was bought and has a stop; a sale of it is worked over five minutes.</summary>
    private static StageRig Reducing(int held, int sold)
    {
        var rig = new StageRig(
            bracket: new BracketOptions(),
            execution: new ExecutionOptions
            {
                Immediate = new ImmediateOptions { MaxSlippageBps = 0 },
                Twap = new TwapOptions { MaxSlippageBps = 0, TargetParticipationRate = 0 },
            });
        rig.Market(5_000, 5_000.25);
        rig.Signal(Side.Buy, held);
        rig.Drain();
        if (sold > 0)
            rig.Signal(Side.Sell, sold, strategy: ExecutionStrategy.Twap5Min);
        rig.Drain();
        return rig;
    }

    private static StageRig Started(out ulong parent)
    {
        var rig = new StageRig(execution: new ExecutionOptions
        {
            Twap = new TwapOptions { MaxSlippageBps = 0, TargetParticipationRate = 0 },
        });
        rig.Market(5_000, 5_000.25);
        parent = rig.Signal(Side.Buy, 10, strategy: ExecutionStrategy.Twap5Min).Verdict.ParentId;
        rig.Drain();
        return rig;
    }
}
