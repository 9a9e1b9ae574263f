using ExecutionPipeline.Execution.Orders;
using ExecutionPipeline.Execution.Venues;
using ExecutionPipeline.Messages.Events;
using static ExecutionPipeline.Execution.Tests.Samples;

namespace ExecutionPipeline.Execution.Tests.Orders;

/// <summary>What is awaited of a venue, and what its answers make of an order.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class OrderAnswerTests
{
    private const int Quantity = 10;
    private readonly OrderStore _store = new(1, 8);

    [TestCase(TimeInForce.GoodTillCancel, false)]
    [TestCase(TimeInForce.Day, false)]
    [TestCase(TimeInForce.ImmediateOrCancel, true)]
    [TestCase(TimeInForce.FillOrKill, true)]
    public void ShouldAwaitMoreOfAnImmediateOrderWhenItIsAcknowledged(TimeInForce time, bool isMoreAwaited)
    {
        var slot = Sent(time);
        Assert.That((_store.AwaitedOrders, _store[slot].IsAwaited), Is.EqualTo((1, true)));
        Tell(slot, ExecutionReportKind.New);
        Assert.That((_store.AwaitedOrders, _store[slot].IsAwaited), Is.EqualTo((isMoreAwaited ? 1 : 0, isMoreAwaited)));
        Tell(slot, ExecutionReportKind.Cancelled);
        Assert.That((_store.AwaitedOrders, _store[slot].IsAwaited), Is.EqualTo((0, false)));
    }

    [TestCase(false, ExecutionReportKind.CancelRejected)]
    [TestCase(false, ExecutionReportKind.Cancelled)]
    [TestCase(true, ExecutionReportKind.Replaced)]
    [TestCase(true, ExecutionReportKind.ReplaceRejected)]
    public void ShouldAwaitAnAnswerWhenSomethingIsAskedFor(bool isReplacement, ExecutionReportKind answer)
    {
        var slot = Working();
        var isAsked = isReplacement
            ? _store.TryRequestReplace(slot, new OrderTerms(12, Price(99), 0), StartNs + 5)
            : _store.TryRequestCancel(slot, StartNs + 5);
        Assert.That(isAsked);
        Assert.That((_store.AwaitedOrders, _store[slot].AskedNs), Is.EqualTo((1, StartNs + 5)));
        Tell(slot, answer);
        Assert.That(_store.AwaitedOrders, Is.Zero);
    }

    [Test]
    public void ShouldAwaitTheEndOfAnOrderWhenItIsUnwanted()
    {
        var slot = Working();
        _store.Unwant(slot);
        Assert.That((_store.AwaitedOrders, _store[slot].IsUnwanted), Is.EqualTo((1, true)));
        Assert.That(_store[slot].IsPending, Is.False);
        Assert.That(_store.TryRequestCancel(slot, StartNs + 5));
        Tell(slot, ExecutionReportKind.CancelRejected);
        Assert.That((_store.AwaitedOrders, _store[slot].IsAwaited), Is.EqualTo((1, true)), "it is asked for again");
        Assert.That(_store.TryRequestCancel(slot, StartNs + 6));
        Tell(slot, ExecutionReportKind.Cancelled);
        Assert.That(_store.AwaitedOrders, Is.Zero);
    }

    [Test]
    public void ShouldAwaitAWordWhenTheVenueWasLostAndNoMoreWhenItHasTold()
    {
        var slot = Working();
        _store.Doubt(slot, StartNs + 5);
        Assert.That(_store.AwaitedOrders, Is.EqualTo(1));
        Assert.That((_store[slot].IsDoubted, _store[slot].IsAwaited), Is.EqualTo((true, true)));
        _store.NoteInquiry(slot, StartNs + 6);
        _store.NoteInquiry(slot, StartNs + 7);
        Assert.That((_store[slot].Inquiries, _store[slot].AskedNs), Is.EqualTo((2, StartNs + 7)));

        Apply(Told(slot, ExecutionReportKind.Status) with { Status = OrderStatus.New, LeavesQuantity = Quantity });

        Assert.That((_store.AwaitedOrders, _store[slot].IsDoubted, _store[slot].Inquiries), Is.EqualTo((0, false, 0)));
    }

    [TestCase(VenueRejectReason.UnknownOrder, true)]
    [TestCase(VenueRejectReason.None, false)]
    public void ShouldDoubtAnOrderWhenTheVenueDoesNotKnowWhatItIsToCancel(VenueRejectReason reason, bool isDoubted)
    {
        var slot = Working();
        _store.TryRequestCancel(slot, StartNs);
        Apply(Told(slot, ExecutionReportKind.CancelRejected) with { RejectReason = reason });
        Assert.That((_store[slot].IsDoubted, _store.AwaitedOrders), Is.EqualTo((isDoubted, isDoubted ? 1 : 0)));

        // What was doubted before stays so when the next refusal has another reason.
        _store.TryRequestCancel(slot, StartNs);
        Apply(Told(slot, ExecutionReportKind.CancelRejected));
        Assert.That(_store[slot].IsDoubted, Is.EqualTo(isDoubted));
    }

    [TestCase(OrderStatus.PendingNew, 0, OrderStatus.New, OrderStatus.New)]
    [TestCase(OrderStatus.New, 0, OrderStatus.New, OrderStatus.New)]
    [TestCase(OrderStatus.New, 0, OrderStatus.Suspended, OrderStatus.Suspended)]
    [TestCase(OrderStatus.PartiallyFilled, 0, OrderStatus.New, OrderStatus.PartiallyFilled)]
    [TestCase(OrderStatus.PendingCancel, 0, OrderStatus.New, OrderStatus.PendingCancel)]
    [TestCase(OrderStatus.PendingCancel, 1, OrderStatus.New, OrderStatus.New)]
    public void ShouldWorkAsTheVenueSaysWhenItStillHasTheOrder(
        OrderStatus before, int inquiries, OrderStatus told, OrderStatus expected)
    {
        var slot = In(before);
        for (var i = 0; i < inquiries; i++)
            _store.NoteInquiry(slot, StartNs);
        var executed = _store[slot].CumulativeQuantity;
        Apply(Told(slot, ExecutionReportKind.Status) with
        {
            Status = told,
            OrderQuantity = Quantity,
            CumulativeQuantity = executed,
            LeavesQuantity = Quantity - executed,
        });
        Assert.That(_store[slot].Status, Is.EqualTo(expected));
    }

    [TestCase(OrderStatus.New, OrderStatus.Expired, OrderStatus.Expired)]
    [TestCase(OrderStatus.New, OrderStatus.Rejected, OrderStatus.Rejected)]
    [TestCase(OrderStatus.New, OrderStatus.Cancelled, OrderStatus.Cancelled)]
    [TestCase(OrderStatus.New, OrderStatus.None, OrderStatus.Rejected)]
    [TestCase(OrderStatus.PartiallyFilled, OrderStatus.None, OrderStatus.Cancelled)]
    public void ShouldEndWhenTheVenueHasNothingLeftOfTheOrder(
        OrderStatus before, OrderStatus told, OrderStatus expected)
    {
        var slot = In(before);
        Apply(Told(slot, ExecutionReportKind.Status) with
        {
            Status = told,
            CumulativeQuantity = _store[slot].CumulativeQuantity,
        });
        Assert.That((_store[slot].Status, _store.WorkingOrders), Is.EqualTo((expected, 0)));
    }

    [TestCase(OrderStatus.New, 7, 7)]
    [TestCase(OrderStatus.New, 0, Quantity)]
    [TestCase(OrderStatus.None, 7, Quantity)]
    public void ShouldTakeTheTermsThatAStatusTells(OrderStatus told, int quantity, int expected)
    {
        var slot = Working();
        Apply(Told(slot, ExecutionReportKind.Status) with
        {
            Status = told,
            OrderQuantity = quantity,
            LeavesQuantity = 1,
            LimitPriceE9 = Price(98),
            TriggerPriceE9 = Price(97),
        });
        var isTaken = expected == quantity;
        Assert.That(
            (_store[slot].Quantity, _store[slot].LimitPriceE9, _store[slot].TriggerPriceE9),
            Is.EqualTo((expected, Price(isTaken ? 98 : 100), isTaken ? Price(97) : 0)));
    }

    [TestCase(0, 0, 12, 99)]
    [TestCase(11, 0, 11, 99)]
    [TestCase(0, 98, 12, 98)]
    public void ShouldTakeTheVenuesTermsBeforeThoseThatWereAskedForWhenItIsReplaced(
        int told, double limit, int expected, double expectedLimit)
    {
        var slot = Working();
        _store.TryRequestReplace(slot, new OrderTerms(12, Price(99), 0), StartNs);
        Apply(Told(slot, ExecutionReportKind.Replaced) with { OrderQuantity = told, LimitPriceE9 = Price(limit) });
        Assert.That(
            (_store[slot].Quantity, _store[slot].LimitPriceE9), Is.EqualTo((expected, Price(expectedLimit))));
    }

    [TestCase(OrderStatus.New, 12, 12)]
    [TestCase(OrderStatus.New, 8, Quantity)]
    [TestCase(OrderStatus.PartiallyFilled, 12, 9)]
    [TestCase(OrderStatus.PartiallyFilled, 8, 7)]
    public void ShouldReserveWhatAReplacementMayMakeOfItUntilItsAnswerHasCome(
        OrderStatus before, int asked, int expected)
    {
        var slot = In(before);
        var leaves = _store[slot].LeavesQuantity;
        Assert.That(_store.MostLeaves(slot), Is.EqualTo(leaves), "nothing is asked for");
        _store.TryRequestReplace(slot, new OrderTerms(asked, Price(99), 0), StartNs);
        Assert.That(_store.MostLeaves(slot), Is.EqualTo(expected));
        _store.SetAside(slot, isAside: true);
        Assert.That((_store[slot].IsAside, _store[slot].AsideQuantity), Is.EqualTo((true, expected)));
        _store.SetAside(slot, isAside: false);
        Assert.That((_store[slot].IsAside, _store[slot].AsideQuantity), Is.EqualTo((false, 0)));
        Tell(slot, ExecutionReportKind.ReplaceRejected);
        Assert.That(_store.MostLeaves(slot), Is.EqualTo(leaves), "it stands as it was");
    }

    [TestCase(0, Quantity)]
    [TestCase(7, 7)]
    public void ShouldHaveTheQuantityThatIsToldWhenItIsRestated(int told, int expected)
    {
        var slot = Working();
        Apply(Told(slot, ExecutionReportKind.Restated) with { OrderQuantity = told });
        Assert.That(_store[slot].Quantity, Is.EqualTo(expected));
    }

    /// <summary>The word of a replacement by eight may come later, or never.</summary>
    [TestCase(2, 6, 8, 8)]
    [TestCase(2, 5, 8, Quantity)]
    [TestCase(2, -2, 0, Quantity)]
    public void ShouldHaveTheQuantityThatAnExecutionTellsWhenItAddsUp(int done, int leaves, int told, int expected)
    {
        var slot = Working();
        Apply(Told(slot, ExecutionReportKind.Trade) with
        {
            ExecutionId = 1,
            LastQuantity = done,
            LastPriceE9 = Price(100),
            CumulativeQuantity = done,
            LeavesQuantity = leaves,
            OrderQuantity = told,
        });
        Assert.That((_store[slot].Quantity, _store[slot].CumulativeQuantity), Is.EqualTo((expected, done)));
    }

    /// <summary>What did not leave is refused here, by a clock that may be before or behind the venue's.</summary>
    [TestCase(-5)]
    [TestCase(0)]
    [TestCase(5)]
    public void ShouldTakeOwnRefusalsAndTheVenuesAsAnswersWhateverTheirClocksSay(long aheadNs)
    {
        var slot = Working();
        Refuse(StartNs, executionId: 3);
        Refuse(StartNs + aheadNs, ExecutionReport.OwnVenue);
        Refuse(StartNs + aheadNs, ExecutionReport.OwnVenue);
        Refuse(StartNs + 1, executionId: 4);

        void Refuse(long timeNs, byte venue = 0, ulong executionId = 0)
        {
            Assert.That(_store.TryRequestReplace(slot, new OrderTerms(12, Price(99), 0), StartNs));
            Apply(Told(slot, ExecutionReportKind.ReplaceRejected) with
            {
                Venue = venue,
                VenueTimeNs = timeNs,
                ExecutionId = executionId,
            });
            Assert.That(_store[slot].Status, Is.EqualTo(OrderStatus.New));
        }
    }

    /// <summary>What could not be sent is refused by the link, which tells no time: the venue's is another.</summary>
    [Test]
    public void ShouldTakeTheLinksRefusalAsAnAnswerWhenTheVenuesClockIsAhead()
    {
        const long aheadNs = 5_000_000_000;
        var slot = Working();
        Ask();
        Apply(Told(slot, ExecutionReportKind.Replaced) with { VenueTimeNs = StartNs + aheadNs, ExecutionId = 2 });
        Ask();
        var refusal = Told(slot, ExecutionReportKind.ReplaceRejected) with
        {
            VenueTimeNs = StartNs + aheadNs + 1,
            ExecutionId = 3,
        };
        Apply(refusal);
        Assert.That(_store[slot].Status, Is.EqualTo(OrderStatus.New));
        Ask();
        Apply(Told(slot, ExecutionReportKind.ReplaceRejected) with { RejectReason = VenueRejectReason.Disconnected });
        Assert.That(_store[slot].Status, Is.EqualTo(OrderStatus.New), "it can be asked for again");
        Ask();
        Apply(refusal);
        Assert.That(_store[slot].Status, Is.EqualTo(OrderStatus.PendingReplace), "the venue said that before");

        void Ask() => Assert.That(_store.TryRequestReplace(slot, new OrderTerms(12, Price(99), 0), StartNs));
    }

    [TestCase(ExecutionReportKind.Rejected, VenueRejectReason.UnknownOrder, true)]
    [TestCase(ExecutionReportKind.Rejected, VenueRejectReason.Disconnected, true)]
    [TestCase(ExecutionReportKind.Rejected, VenueRejectReason.None, false)]
    [TestCase(ExecutionReportKind.Cancelled, VenueRejectReason.Disconnected, false)]
    public void ShouldSayThatItNeverArrivedWhenTheVenueDidNotRefuseIt(
        ExecutionReportKind end, VenueRejectReason reason, bool expected)
    {
        var slot = Sent(TimeInForce.GoodTillCancel);
        Apply(Told(slot, end) with { RejectReason = reason });
        Assert.That(_store[slot].HasNotArrived, Is.EqualTo(expected));
    }

    [Test]
    public void ShouldSayOfAParentWhatIsFreeReservedAndLeftToClose()
    {
        var parent = new ParentOrder
        {
            Quantity = 10,
            Executed = 4,
            Aside = 1,
            TakenOff = 2,
            ToClose = 7,
            ExecutedSumE9 = 4 * (Int128)Price(101),
            Status = ParentStatus.Working,
        };
        Assert.That((parent.Remaining, parent.Free, parent.Reserved), Is.EqualTo((6, 5, 8)));
        Assert.That((parent.LeftToClose, parent.AveragePriceE9), Is.EqualTo((3, Price(101))));
        var over = parent with { Executed = 13 };
        Assert.That((over.Remaining, over.Free, over.Reserved, over.LeftToClose), Is.EqualTo((0, 0, 0, 0)));
        Assert.That(default(ParentOrder).AveragePriceE9, Is.Zero);

        parent.EndFor(ParentEndReason.Refused);
        parent.EndFor(ParentEndReason.Withdrawn);
        Assert.That(
            (parent.Status, parent.EndReason), Is.EqualTo((ParentStatus.Ending, ParentEndReason.Refused)));
        parent.Status = ParentStatus.Ended;
        parent.EndFor(ParentEndReason.Withdrawn);
        Assert.That(parent.Status, Is.EqualTo(ParentStatus.Ended));
    }

    private int Sent(TimeInForce time)
    {
        var order = new Order
        {
            OrderId = _store.NextOrderId(),
            Side = Side.Buy,
            Type = OrderType.Limit,
            TimeInForce = time,
            Quantity = Quantity,
            LimitPriceE9 = Price(100),
        };
        Assert.That(_store.TryAdd(order, out var slot));
        return slot;
    }

    private int Working() => In(OrderStatus.New);

    private int In(OrderStatus status)
    {
        var slot = Sent(TimeInForce.GoodTillCancel);
        if (status == OrderStatus.PendingNew)
            return slot;

        Tell(slot, ExecutionReportKind.New);
        if (status == OrderStatus.PendingCancel)
            _store.TryRequestCancel(slot, StartNs);
        if (status == OrderStatus.PartiallyFilled)
        {
            Apply(Told(slot, ExecutionReportKind.Trade) with
            {
                ExecutionId = 99,
                LastQuantity = 3,
                LastPriceE9 = Price(100),
                CumulativeQuantity = 3,
                LeavesQuantity = Quantity - 3,
            });
        }

        Assert.That(_store[slot].Status, Is.EqualTo(status));
        return slot;
    }

    private void Tell(int slot, ExecutionReportKind kind) => Apply(Told(slot, kind));

    private void Apply(in ExecutionReport report) => _store.Apply(report, out _, out _);

    private ExecutionReport Told(int slot, ExecutionReportKind kind) => new()
    {
        OrderId = _store[slot].OrderId,
        Kind = kind,
        Side = Side.Buy,
    };
}
