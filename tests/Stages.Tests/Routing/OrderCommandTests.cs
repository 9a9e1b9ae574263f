using ExecutionPipeline.Execution.Algorithms;
using ExecutionPipeline.Execution.Orders;
using ExecutionPipeline.Messages.Events;
using static ExecutionPipeline.Stages.Tests.StageRig;

namespace ExecutionPipeline.Stages.Tests.Routing;

/// <summary>What an operator's commands do to one parent order.</summary>
[TestFixture]
public class OrderCommandTests
{
    private const int Ordered = 20;
    private const long ScheduleNs = 300 * E9;
    private const long GraceNs = 30 * E9;

    [Test]
    public void ShouldSendNothingWhenAnOrderIsPausedUntilItIsResumed()
    {
        var rig = Begun(out var parentId);
        rig.AdvanceTo(StartNs + 40 * E9);
        var executed = rig.Portfolio.Position(0);
        var sent = rig.Routing.OrdersSent;
        Assert.That(executed, Is.GreaterThan(0).And.LessThan(Ordered), "some slices were executed");

        Assert.That(Command(rig, CommandKind.PauseOrder, parentId), Is.EqualTo(RoutingOutcome.OrderChanged));
        rig.Drain();
        Assert.That(rig.Routing.Orders.WorkingOrders, Is.Zero, "its child was cancelled");
        rig.AdvanceTo(StartNs + 200 * E9);
        rig.Market(5_000.25, 5_000.5);
        rig.Drain();
        Assert.That((rig.Routing.OrdersSent, rig.Portfolio.Position(0)), Is.EqualTo((sent, executed)));
        Assert.That(rig.Risk.PendingQuantity(0), Is.EqualTo(Ordered - executed), "all of the rest stays reserved");

        Assert.That(Command(rig, CommandKind.ResumeOrder, parentId), Is.EqualTo(RoutingOutcome.OrderChanged));
        Assert.That(rig.Routing.OrdersSent, Is.EqualTo(sent + 1), "what is due is sent with the command");
        rig.AdvanceTo(StartNs + ScheduleNs + GraceNs);
        AssertEnded(rig, Ordered);
    }

    /// <summary>Asked for ever sooner, a parent has no more timers than the next and the last.</summary>
    [Test]
    public void ShouldLeaveNoTimerBehindWhenAnOrderThatWasPausedAndRefusedIsCancelled()
    {
        var venue = new SilentVenue();
        var rig = Begun(out var parentId, venue);
        Answer(rig, venue.Orders[^1], ExecutionReportKind.New);
        Command(rig, CommandKind.PauseOrder, parentId);
        Answer(rig, venue.Orders[^1], ExecutionReportKind.Cancelled);
        rig.AdvanceTo(StartNs + 100 * E9);
        Assert.That(rig.WaitingTimers, Is.EqualTo(1), "it is given up when its schedule is over");
        Command(rig, CommandKind.ResumeOrder, parentId);
        Assert.That(rig.WaitingTimers, Is.EqualTo(2), "and asked for its next slice before");
        rig.Report(new ExecutionReport
        {
            OrderId = venue.Orders[^1].OrderId,
            Kind = ExecutionReportKind.Rejected,
            Side = Side.Buy,
            RejectReason = VenueRejectReason.Disconnected,
        });
        Assert.That(rig.WaitingTimers, Is.EqualTo(2), "the refused child is tried again before that");
        Command(rig, CommandKind.CancelOrder, parentId);
        rig.Drain();
        Assert.That((rig.Routing.WorkingParents, rig.WaitingTimers), Is.EqualTo((0, 0)));
    }

    [Test]
    public void ShouldListTheOrdersOfTheInstrumentWhenAQueryAsksForThem()
    {
        var rig = Begun(out var parentId, instruments: 2);
        rig.AdvanceTo(StartNs + 40 * E9);
        var second = rig.Signal(Side.Sell, 5, strategy: ExecutionStrategy.Iceberg).Verdict.ParentId;
        Command(rig, CommandKind.PauseOrder, parentId);
        rig.Drain();

        var listed = rig.ActionsOf(rig.Command(CommandKind.Query));
        Assert.That(listed.Select(static a => a.Kind), Is.All.EqualTo(RoutingActionKind.ParentListed));
        Assert.That(
            listed.Select(static a => (a.Parent.ParentId, a.Parent.Quantity, a.Parent.State)),
            Is.EqualTo(new[]
            {
                (second, 5, ParentOrderState.Working), (parentId, Ordered, ParentOrderState.Paused),
            }));
        Assert.That(listed[1].Parent.Executed, Is.EqualTo(rig.Portfolio.Position(0)).And.Positive);
        Assert.That(rig.ActionsOf(rig.Command(CommandKind.Query, instrument: 1)), Is.Empty);
    }

    [Test]
    public void ShouldGiveUpAPausedOrderWhenItsScheduleIsOver()
    {
        var rig = Begun(out var parentId);
        Command(rig, CommandKind.PauseOrder, parentId);
        rig.AdvanceTo(StartNs + ScheduleNs + GraceNs);
        Assert.That((rig.Routing.WorkingParents, rig.Risk.PendingQuantity(0)), Is.EqualTo((1, Ordered)));
        rig.AdvanceTo(StartNs + ScheduleNs + GraceNs + E9);
        AssertEnded(rig, 0);
        Assert.That(Command(rig, CommandKind.ResumeOrder, parentId), Is.EqualTo(RoutingOutcome.NothingToDo));
    }

    [Test]
    public void ShouldGiveUpAPausedOrderInASilentMarketWhenItsCancelWasRefusedOnce()
    {
        var venue = new SilentVenue();
        var rig = Begun(out var parentId, venue);
        Answer(rig, venue.Orders[0], ExecutionReportKind.New);
        Command(rig, CommandKind.PauseOrder, parentId);
        Answer(rig, venue.Orders[0], ExecutionReportKind.CancelRejected);
        rig.AdvanceTo(rig.TimeNs + E9);
        Assert.That(rig.Routing.CancelsSent, Is.EqualTo(2));
        Answer(rig, venue.Orders[0], ExecutionReportKind.Cancelled);
        Assert.That(rig.Routing.WorkingParents, Is.EqualTo(1), "it may be resumed");
        rig.AdvanceTo(StartNs + ScheduleNs + GraceNs + E9);
        AssertEnded(rig, 0);
    }

    /// <summary>An order without a schedule has come to its end at its beginning.</summary>
    [Test]
    public void ShouldGiveUpAPausedImmediateOrderWhenItsChildHasLeftARest()
    {
        var venue = new SilentVenue();
        var rig = Begun(out var parentId, venue, ExecutionStrategy.Immediate);
        Assert.That(Command(rig, CommandKind.PauseOrder, parentId), Is.EqualTo(RoutingOutcome.OrderChanged));
        Answer(rig, venue.Orders[0], ExecutionReportKind.Cancelled);
        Assert.That((rig.Routing.WorkingParents, rig.Risk.PendingQuantity(0)), Is.EqualTo((1, Ordered)));
        rig.AdvanceTo(StartNs + GraceNs + E9);
        AssertEnded(rig, 0);
    }

    [Test]
    public void ShouldCancelTheChildWhenAnOrderIsPausedWhileItIsReplaced()
    {
        var venue = new SilentVenue();
        var rig = Begun(out var parentId, venue);
        Answer(rig, venue.Orders[0], ExecutionReportKind.New);
        rig.Market(5_000.25, 5_000.5);
        Assert.That(rig.Routing.ReplacesSent, Is.EqualTo(1));
        Command(rig, CommandKind.PauseOrder, parentId);
        Answer(rig, venue.Orders[0], ExecutionReportKind.Cancelled);
        Assert.That((rig.Routing.CancelsSent, rig.Routing.OrdersSent), Is.EqualTo((1L, 1L)));
        Assert.That(rig.Routing.WorkingParents, Is.EqualTo(1), "it waits to be resumed");
        Command(rig, CommandKind.ResumeOrder, parentId);
        Assert.That(rig.Routing.OrdersSent, Is.EqualTo(2));
    }

    [Test]
    public void ShouldReleaseTheReservationWhenAnOrderIsCancelled()
    {
        var rig = Begun(out var parentId);
        rig.AdvanceTo(StartNs + 40 * E9);
        var executed = rig.Portfolio.Position(0);
        Assert.That(rig.Risk.PendingQuantity(0), Is.EqualTo(Ordered - executed));

        Assert.That(Command(rig, CommandKind.CancelOrder, parentId), Is.EqualTo(RoutingOutcome.OrderChanged));
        rig.Drain();
        AssertEnded(rig, executed);
        Assert.That(Command(rig, CommandKind.CancelOrder, parentId), Is.EqualTo(RoutingOutcome.NothingToDo));
    }

    [Test]
    public void ShouldCancelAPausedOrderWhenItIsToldTo()
    {
        var rig = Begun(out var parentId);
        Command(rig, CommandKind.PauseOrder, parentId);
        rig.Drain();
        Command(rig, CommandKind.CancelOrder, parentId);
        rig.Drain();
        AssertEnded(rig, 0);
    }

    [TestCase(7, ExecutionStrategy.Twap5Min)]
    [TestCase(1, ExecutionStrategy.Twap5Min)]
    [TestCase(19, ExecutionStrategy.Twap5Min)]
    [TestCase(7, ExecutionStrategy.Iceberg)]
    [TestCase(7, ExecutionStrategy.ImplementationShortfall)]
    public void ShouldExecuteTheNewQuantityWhenAnOrderIsAmended(int quantity, ExecutionStrategy strategy)
    {
        var rig = Begun(out var parentId, strategy: strategy);
        Assert.That(Command(rig, CommandKind.AmendOrder, parentId, quantity), Is.EqualTo(RoutingOutcome.OrderChanged));
        rig.Drain();
        Assert.That(
            rig.Risk.PendingQuantity(0), Is.EqualTo(Ordered - rig.Portfolio.Position(0)), "reserved until it ends");
        for (var second = 1; second <= 331; second++)
        {
            rig.AdvanceTo(StartNs + second * E9);
            rig.Market(5_000, 5_000.25, traded: 1_000);
            rig.Drain();
        }

        AssertEnded(rig, quantity);
    }

    [Test]
    public void ShouldEndTheOrderWhenItIsAmendedToWhatWasExecuted()
    {
        var rig = Begun(out var parentId);
        rig.AdvanceTo(StartNs + 40 * E9);
        var executed = rig.Portfolio.Position(0);
        Assert.That(
            Command(rig, CommandKind.AmendOrder, parentId, executed - 1), Is.EqualTo(RoutingOutcome.AmendRefused));
        Assert.That(
            Command(rig, CommandKind.AmendOrder, parentId, executed), Is.EqualTo(RoutingOutcome.OrderChanged));
        rig.Drain();
        AssertEnded(rig, executed);
    }

    [TestCase(Ordered)]
    [TestCase(Ordered + 1)]
    public void ShouldRefuseTheAmendmentWhenTheOrderWouldNotShrink(int quantity)
    {
        var rig = Begun(out var parentId);
        Assert.That(
            Command(rig, CommandKind.AmendOrder, parentId, quantity), Is.EqualTo(RoutingOutcome.AmendRefused));
        Assert.That(rig.Risk.PendingQuantity(0), Is.EqualTo(Ordered));
        rig.AdvanceTo(StartNs + ScheduleNs + GraceNs);
        AssertEnded(rig, Ordered);
    }

    [Test]
    public void ShouldRefuseTheAmendmentWhenAnImmediateOrderIsOnItsWay()
    {
        var rig = Begun(out var parentId, new SilentVenue(), ExecutionStrategy.Immediate);
        Assert.That(
            Command(rig, CommandKind.AmendOrder, parentId, Ordered - 1), Is.EqualTo(RoutingOutcome.AmendRefused));
    }

    /// <summary>What the amendment took off may still be executed on its way: risk must have it reserved.</summary>
    [Test]
    public void ShouldReleaseWhatIsLeftWhenMoreIsExecutedThanWasAmendedTo()
    {
        var venue = new SilentVenue();
        var rig = Begun(out var parentId, venue, ExecutionStrategy.Iceberg);
        var child = venue.Orders[0];
        Answer(rig, child, ExecutionReportKind.New);
        Assert.That(child.Quantity, Is.GreaterThan(1));
        Command(rig, CommandKind.AmendOrder, parentId, 1);
        rig.Report(new ExecutionReport
        {
            OrderId = child.OrderId,
            ExecutionId = 1,
            Kind = ExecutionReportKind.Trade,
            Side = child.Side,
            LastQuantity = child.Quantity,
            CumulativeQuantity = child.Quantity,
            LastPriceE9 = Price(5_000),
        });
        rig.Drain();
        AssertEnded(rig, child.Quantity);
    }

    [Test]
    public void ShouldChangeNothingWhenNoSuchOrderWorksInTheInstrument()
    {
        var rig = Begun(out var parentId, instruments: 2);
        for (var kind = CommandKind.PauseOrder; kind <= CommandKind.AmendOrder; kind++)
        {
            Assert.That(Command(rig, kind, parentId + 1, 5), Is.EqualTo(RoutingOutcome.NothingToDo), $"{kind}");
            Assert.That(Command(rig, kind, parentId, 5, instrument: 1), Is.EqualTo(RoutingOutcome.NothingToDo));
        }

        Assert.That(Command(rig, CommandKind.ResumeOrder, parentId), Is.EqualTo(RoutingOutcome.NothingToDo));
        Command(rig, CommandKind.PauseOrder, parentId);
        Assert.That(Command(rig, CommandKind.PauseOrder, parentId), Is.EqualTo(RoutingOutcome.NothingToDo));
        Assert.That(rig.Routing.CountOf(RoutingOutcome.OrderChanged), Is.EqualTo(1));
    }

    [Test]
    public void ShouldSayThatAnOrderWasWithdrawnWhenAnOperatorCancelsIt()
    {
        var rig = Begun(out var parentId);
        var ended = new List<(ulong, ParentEndReason)>();
        rig.Observer = e => ended.AddRange(rig.ActionsOf(e)
            .Where(static action => action.Kind == RoutingActionKind.ParentEnded)
            .Select(static action => (action.Parent.ParentId, action.Parent.EndReason)));
        Command(rig, CommandKind.CancelOrder, parentId);
        rig.Drain();

        Assert.That(ended, Is.EqualTo(new[] { (parentId, ParentEndReason.Withdrawn) }));
    }

    /// <summary>An order of 20 contracts, whose first child is at the venue.</summary>
    private static StageRig Begun(
        out ulong parentId,
        SilentVenue? venue = null,
        ExecutionStrategy strategy = ExecutionStrategy.Twap5Min,
        int instruments = 1)
    {
        var rig = new StageRig(
            instruments: instruments,
            gateway: venue,
            execution: new ExecutionOptions { OnTooDear = TooDearAction.Rest });
        for (var instrument = 0; instrument < instruments; instrument++)
            rig.Market(5_000, 5_000.25, instrument: instrument, traded: 10_000);
        parentId = rig.Signal(Side.Buy, Ordered, strategy: strategy).Verdict.ParentId;
        rig.Drain();
        Assert.That((rig.Routing.OrdersSent, rig.Portfolio.Position(0)), Is.EqualTo((1L, 0)));
        return rig;
    }

    private static RoutingOutcome Command(
        StageRig rig, CommandKind kind, ulong parentId, int quantity = 0, int instrument = 0)
    {
        var e = rig.NewEvent(EventKind.Command, instrument);
        e.Payload.Command = new Command { Kind = kind, Reason = 1, ParentId = parentId, Quantity = quantity };
        return rig.Run(ref e).Routing.Outcome;
    }

    private static void Answer(StageRig rig, in Order order, ExecutionReportKind kind) => rig.Report(
        new ExecutionReport
        {
            OrderId = order.OrderId,
            Kind = kind,
            Side = order.Side,
            ReleasedQuantity = kind == ExecutionReportKind.Cancelled ? order.Quantity : 0,
        });

    private static void AssertEnded(StageRig rig, int executed)
    {
        Assert.That(rig.Portfolio.Position(0), Is.EqualTo(executed));
        Assert.That(rig.Routing.WorkingParents, Is.Zero);
        Assert.That(rig.Routing.Orders.WorkingOrders, Is.Zero);
        Assert.That(rig.Risk.PendingQuantity(0), Is.Zero);
    }
}
