using ExecutionPipeline.Execution.Orders;
using ExecutionPipeline.Execution.Venues;
using ExecutionPipeline.Messages.Events;
using static ExecutionPipeline.Execution.Tests.Orders.OrderStoreTests;

namespace ExecutionPipeline.Execution.Tests.Orders;

/// <summary>Replacements, and what crosses them on the way.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public class OrderReplaceTests
{
    private readonly OrderStore _store = new(1, 4);

    [Test]
    public void ShouldTakeTheNewTermsWhenTheVenueHasReplacedIt()
    {
        var slot = Asked(OrderStatus.New, 6);
        Apply(_store, Of(slot, ExecutionReportKind.Replaced) with { OrderQuantity = 6, LeavesQuantity = 6 });
        Assert.That((_store[slot].Status, _store[slot].Quantity), Is.EqualTo((OrderStatus.New, 6)));
        Assert.That(_store[slot].LimitPriceE9, Is.EqualTo(99));
    }

    [Test]
    public void ShouldStandAsItWasWhenTheReplacementIsRefused()
    {
        var slot = Asked(OrderStatus.New, 6);
        var before = _store[slot].Quantity;
        Apply(_store, Of(slot, ExecutionReportKind.ReplaceRejected));
        Assert.That((_store[slot].Status, _store[slot].Quantity), Is.EqualTo((OrderStatus.New, before)));
    }

    [TestCase(6, false, 6)]
    [TestCase(6, true, 6)]
    [TestCase(1, false, 2)]
    public void ShouldSetAsideWhatAReplacementMayMakeOfItWhenItsAnswerHasNotCome(
        int asked, bool isCancelled, int expected)
    {
        var slot = Asked(OrderStatus.New, asked);
        var quantity = _store[slot].Quantity;
        if (isCancelled)
            Assert.That(_store.TryRequestCancel(slot, 0), Is.True);
        _store.Doubt(slot, 0);
        _store.SetAside(slot, isAside: true);
        Assert.That(_store[slot].AsideQuantity, Is.EqualTo(Math.Max(expected, quantity)));
    }

    /// <summary>The order is what it is, also while its end is asked for.</summary>
    [TestCase(ExecutionReportKind.ReplaceRejected, (byte)0, false)]
    [TestCase(ExecutionReportKind.ReplaceRejected, (byte)0, true)]
    [TestCase(ExecutionReportKind.ReplaceRejected, ExecutionReport.OwnVenue, false)]
    [TestCase(ExecutionReportKind.Status, (byte)0, false)]
    public void ShouldNotCountWhatAReplacementAskedForWhenItHasItsAnswerAndACancelIsAskedFor(
        ExecutionReportKind answer, byte speaker, bool isCancelledBefore)
    {
        var slot = Asked(OrderStatus.New, 60);
        var quantity = _store[slot].Quantity;
        _store.NoteInquiry(slot, 0);
        if (isCancelledBefore)
            Assert.That(_store.TryRequestCancel(slot, 0), Is.True);
        Assert.That(_store.MostLeaves(slot), Is.EqualTo(60));
        Apply(_store, Of(slot, answer) with
        {
            Venue = speaker,
            Status = OrderStatus.New,
            OrderQuantity = quantity,
            LeavesQuantity = quantity,
        });
        Assert.That(_store.TryRequestCancel(slot, 0), Is.EqualTo(!isCancelledBefore));
        Assert.That(
            (_store[slot].Status, _store.MostLeaves(slot)), Is.EqualTo((OrderStatus.PendingCancel, quantity)));
    }

    [Test]
    public void ShouldNotCountWhatAReplacementAskedForWhenTheVenueHasReducedTheOrderSince()
    {
        var slot = Asked(OrderStatus.New, 60);
        Apply(_store, Of(slot, ExecutionReportKind.Replaced) with { OrderQuantity = 60, LeavesQuantity = 60 });
        Apply(_store, Of(slot, ExecutionReportKind.Restated) with { OrderQuantity = 20, LeavesQuantity = 20 });
        Assert.That(_store.TryRequestCancel(slot, 0), Is.True);
        Assert.That((_store[slot].Quantity, _store.MostLeaves(slot)), Is.EqualTo((20, 20)));
    }

    /// <summary>The refusal of an earlier replacement comes again: that of now still waits for its answer.</summary>
    [Test]
    public void ShouldCountWhatAReplacementAsksForWhenOnlyAnEarlierOneIsAnsweredAgain()
    {
        var slot = Asked(OrderStatus.New, 60);
        var refusal = Of(slot, ExecutionReportKind.ReplaceRejected) with { VenueTimeNs = 10, ExecutionId = 5 };
        Apply(_store, refusal);
        Assert.That(_store.TryRequestReplace(slot, new OrderTerms(70, 99, 0), 0), Is.True);
        Apply(_store, refusal);
        Assert.That((_store[slot].Status, _store.MostLeaves(slot)), Is.EqualTo((OrderStatus.PendingReplace, 70)));
    }

    /// <summary>A venue need not say what the order is now: then it is what was asked for, or what it was.</summary>
    [Test]
    public void ShouldKeepItsTermsWhenAReplacementIsToldThatHasItsAnswer()
    {
        var slot = Asked(OrderStatus.New, 60);
        Apply(_store, Of(slot, ExecutionReportKind.Replaced) with { OrderQuantity = 0 });
        Assert.That((_store[slot].Quantity, _store[slot].LimitPriceE9), Is.EqualTo((60, 99L)));
        Assert.That(_store.TryRequestCancel(slot, 0), Is.True);
        Apply(_store, Of(slot, ExecutionReportKind.Replaced) with { OrderQuantity = 0 });
        Assert.That((_store[slot].Quantity, _store[slot].LimitPriceE9), Is.EqualTo((60, 99L)));
    }

    [Test]
    public void ShouldBookTheFillWhenItCrossesTheReplacement()
    {
        var slot = Asked(OrderStatus.New, 60);
        var quantity = _store[slot].Quantity;
        Apply(_store, Of(slot, ExecutionReportKind.Trade) with
        {
            ExecutionId = 1,
            LastQuantity = quantity,
            LastPriceE9 = 100,
            CumulativeQuantity = quantity,
            LeavesQuantity = 60 - quantity,
        });
        Assert.That(_store[slot].Status, Is.EqualTo(OrderStatus.PendingReplace), "the venue holds more of it");
        var replaced = Of(slot, ExecutionReportKind.Replaced);
        Apply(_store, replaced with { OrderQuantity = 60, CumulativeQuantity = quantity });
        Assert.That((_store[slot].Status, _store[slot].LeavesQuantity),
            Is.EqualTo((OrderStatus.PartiallyFilled, 60 - quantity)));
    }

    // The replacement took place and was executed at once; the word of it comes later, or never.
    [TestCase(OrderStatus.PendingReplace)]
    [TestCase(OrderStatus.PendingCancel)]
    public void ShouldEndFilledWhenItsNewQuantityIsExecutedBeforeItIsTold(OrderStatus status)
    {
        var slot = Asked(OrderStatus.New, 2);
        if (status == OrderStatus.PendingCancel)
            Assert.That(_store.TryRequestCancel(slot, 0), Is.True);
        Apply(_store, Of(slot, ExecutionReportKind.Trade) with
        {
            ExecutionId = 1,
            LastQuantity = 2,
            LastPriceE9 = 100,
            CumulativeQuantity = 2,
            OrderQuantity = 2,
        });
        Assert.That((_store[slot].Status, _store[slot].Quantity), Is.EqualTo((OrderStatus.Filled, 2)));
        Assert.That((_store.WorkingOrders, _store.WorkingBuyQuantity(0)), Is.EqualTo((0, 0)));
    }

    [Test]
    public void ShouldEndFilledWhenItIsReplacedByNoMoreThanIsExecuted()
    {
        var slot = Asked(OrderStatus.PartiallyFilled, 1);
        var executed = _store[slot].CumulativeQuantity;
        Apply(_store, Of(slot, ExecutionReportKind.Replaced) with
        {
            OrderQuantity = executed,
            CumulativeQuantity = executed,
        });
        Assert.That((_store[slot].Status, _store[slot].LeavesQuantity), Is.EqualTo((OrderStatus.Filled, 0)));
        Assert.That((_store.WorkingOrders, _store.WorkingBuyQuantity(0)), Is.EqualTo((0, 0)));
    }

    [Test]
    public void ShouldAskForNoReplacementWhenAnAnswerIsAwaited()
    {
        var slot = Asked(OrderStatus.New, 6);
        Assert.That(_store.TryRequestReplace(slot, new OrderTerms(7, 99, 0), 0), Is.False);
        Assert.That(_store.TryRequestCancel(slot, 0), Is.True, "but its end");
        Apply(_store, Of(slot, ExecutionReportKind.Replaced) with { OrderQuantity = 6 });
        Assert.That(_store[slot].Status, Is.EqualTo(OrderStatus.PendingCancel), "which is still awaited");
        Apply(_store, Of(slot, ExecutionReportKind.Cancelled));
        Assert.That(_store[slot].Status, Is.EqualTo(OrderStatus.Cancelled));
    }

    [Test]
    public void ShouldEndFilledWhenItsLastExecutionWasInferredAndTheReplacementWasNeverTold()
    {
        var slot = Asked(OrderStatus.PartiallyFilled, 1);
        var executed = _store[slot].CumulativeQuantity;
        var trade = Of(slot, ExecutionReportKind.Trade) with
        {
            ExecutionId = 77,
            LastQuantity = executed,
            LastPriceE9 = 100,
            CumulativeQuantity = executed,
            OrderQuantity = executed,
        };
        var known = new ExecutionResolution { Disposition = ReportDisposition.Duplicate };
        Assert.That(_store.Apply(trade, known, 0, out _, out _), Is.EqualTo(ReportDisposition.Applied));
        Assert.That((_store[slot].Status, _store[slot].CumulativeQuantity), Is.EqualTo((OrderStatus.Filled, executed)));
        Assert.That(_store.Apply(trade, known, 0, out _, out _), Is.EqualTo(ReportDisposition.Duplicate), "once");
    }

    [TestCase(ExecutionReportKind.Replaced)]
    [TestCase(ExecutionReportKind.Restated)]
    public void ShouldKeepTheNewerTermsWhenAnOlderWordComesBehindThem(ExecutionReportKind kind)
    {
        var slot = Asked(OrderStatus.New, 4);
        var first = Of(slot, kind) with { OrderQuantity = 4, VenueTimeNs = 10 };
        Apply(_store, Of(slot, ExecutionReportKind.Replaced) with { OrderQuantity = 4, VenueTimeNs = 10 });
        Assert.That(_store.TryRequestReplace(slot, new OrderTerms(6, 98, 0), 0), Is.True);
        Apply(_store, Of(slot, ExecutionReportKind.Replaced) with { OrderQuantity = 6, VenueTimeNs = 20 });
        Assert.That(_store.TryRequestReplace(slot, new OrderTerms(7, 97, 0), 0), Is.True);

        Assert.That(Apply(_store, first), Is.EqualTo(ReportDisposition.Duplicate));

        Assert.That((_store[slot].Status, _store[slot].Quantity), Is.EqualTo((OrderStatus.PendingReplace, 6)));
        Assert.That(_store.WorkingBuyQuantity(0) + _store.WorkingSellQuantity(0), Is.EqualTo(6));
        Assert.That(_store[slot].LimitPriceE9, Is.EqualTo(98));
    }

    [TestCase(ExecutionReportKind.CancelRejected, OrderStatus.PendingCancel)]
    [TestCase(ExecutionReportKind.ReplaceRejected, OrderStatus.PendingReplace)]
    public void ShouldAnswerNoLaterRequestWhenARefusalIsRepeated(ExecutionReportKind kind, OrderStatus asked)
    {
        _store.TryFind(Reach(_store, OrderStatus.New), out var slot);
        var first = Of(slot, kind) with { ExecutionId = 5, VenueTimeNs = 10 };
        // The venue may refuse twice within one reading of its clock.
        foreach (var refusal in (ExecutionReport[])[
            first, first with { ExecutionId = 6 }, first with { ExecutionId = 7, VenueTimeNs = 20 }])
        {
            Ask(slot, kind);
            Assert.That(Apply(_store, refusal), Is.EqualTo(ReportDisposition.Applied));
            Ask(slot, kind);
            Assert.That(Apply(_store, refusal), Is.EqualTo(ReportDisposition.Duplicate), "the same again");
            Assert.That(_store[slot].Status, Is.EqualTo(asked));
            Apply(_store, Of(slot, kind) with { ExecutionId = 99 });
        }

        Ask(slot, kind);
        var overtaking = first with { CumulativeQuantity = 1, LeavesQuantity = 9 };
        Assert.That(Apply(_store, first), Is.EqualTo(ReportDisposition.Duplicate), "the first of all");
        Assert.That(Apply(_store, overtaking), Is.EqualTo(ReportDisposition.Inferred), "an execution is told by it");
        Assert.That((_store[slot].Status, _store[slot].CumulativeQuantity), Is.EqualTo((asked, 1)));
    }

    [TestCase(10, 5UL)]
    [TestCase(0, 5UL)]
    [TestCase(10, 0UL)]
    public void ShouldAnswerNoLaterRequestWhenTheWordOfAReplacementIsRepeated(long venueTimeNs, ulong executionId)
    {
        var slot = Asked(OrderStatus.New, 4);
        var first = Of(slot, ExecutionReportKind.Replaced) with
        {
            OrderQuantity = 4,
            VenueTimeNs = venueTimeNs,
            ExecutionId = executionId,
        };
        Assert.That(Apply(_store, first), Is.EqualTo(ReportDisposition.Applied));
        Assert.That(_store.TryRequestReplace(slot, new OrderTerms(6, 98, 0), 0), Is.True);
        Assert.That(Apply(_store, first), Is.EqualTo(ReportDisposition.Duplicate));
        Assert.That((_store[slot].Status, _store[slot].Quantity), Is.EqualTo((OrderStatus.PendingReplace, 4)));

        // Two replacements within one reading of the venue's clock are two.
        if (executionId == 0)
            return;

        var second = first with { OrderQuantity = 6, ExecutionId = executionId + 1 };
        Assert.That(Apply(_store, second), Is.EqualTo(ReportDisposition.Applied));
        Assert.That((_store[slot].Status, _store[slot].Quantity), Is.EqualTo((OrderStatus.New, 6)));
    }

    [Test]
    public void ShouldAnswerNoLaterRequestWhenARefusalIsOlderThanTheTerms()
    {
        var slot = Asked(OrderStatus.New, 4);
        Apply(_store, Of(slot, ExecutionReportKind.Replaced) with { OrderQuantity = 4, VenueTimeNs = 20 });
        Ask(slot, ExecutionReportKind.CancelRejected);
        var late = Of(slot, ExecutionReportKind.CancelRejected) with { VenueTimeNs = 10 };
        Assert.That(Apply(_store, late), Is.EqualTo(ReportDisposition.Duplicate));
        Assert.That(_store[slot].Status, Is.EqualTo(OrderStatus.PendingCancel));
    }

    [TestCase(ExecutionReportKind.Replaced)]
    [TestCase(ExecutionReportKind.ReplaceRejected)]
    public void ShouldRefuseAnAnswerWhenNobodyHasAsked(ExecutionReportKind kind)
    {
        _store.TryFind(Reach(_store, OrderStatus.New), out var slot);
        Assert.That(Apply(_store, Of(slot, kind)), Is.EqualTo(ReportDisposition.Illegal));
        Assert.That(_store.IllegalReports, Is.EqualTo(1));
    }

    [TestCase(OrderStatus.New, OrderStatus.New)]
    [TestCase(OrderStatus.PendingReplace, OrderStatus.PendingReplace)]
    public void ShouldTakeTheQuantityThatIsRestatedAndAnswerNoRequest(OrderStatus from, OrderStatus to)
    {
        _store.TryFind(Reach(_store, OrderStatus.New), out var slot);
        if (from == OrderStatus.PendingReplace)
            Assert.That(_store.TryRequestReplace(slot, new OrderTerms(7, 99, 0), 0), Is.True);
        var disposition = Apply(_store, Of(slot, ExecutionReportKind.Restated) with { OrderQuantity = 4 });
        Assert.That(disposition, Is.EqualTo(ReportDisposition.Applied));
        Assert.That((_store[slot].Status, _store[slot].Quantity), Is.EqualTo((to, 4)));
        Assert.That(_store.WorkingBuyQuantity(0) + _store.WorkingSellQuantity(0), Is.EqualTo(4));
    }

    [Test]
    public void ShouldStandAndNotBeExecutableWhenItIsSuspended()
    {
        _store.TryFind(Reach(_store, OrderStatus.New), out var slot);
        Apply(_store, Of(slot, ExecutionReportKind.Suspended));
        Assert.That((_store[slot].Status, _store[slot].IsWorking), Is.EqualTo((OrderStatus.Suspended, true)));
        Apply(_store, Of(slot, ExecutionReportKind.Restated));
        Assert.That(_store[slot].Status, Is.EqualTo(OrderStatus.New));
    }

    private void Ask(int slot, ExecutionReportKind refusal) => Assert.That(
        refusal == ExecutionReportKind.CancelRejected
            ? _store.TryRequestCancel(slot, 0)
            : _store.TryRequestReplace(slot, new OrderTerms(20, 99, 0), 0),
        Is.True);

    private int Asked(OrderStatus from, int quantity)
    {
        _store.TryFind(Reach(_store, from), out var slot);
        Assert.That(_store.TryRequestReplace(slot, new OrderTerms(quantity, 99, 0), 0), Is.True);
        Assert.That(_store[slot].Status, Is.EqualTo(OrderStatus.PendingReplace));
        return slot;
    }

    private ExecutionReport Of(int slot, ExecutionReportKind kind) => Report(_store[slot].OrderId, kind);
}
