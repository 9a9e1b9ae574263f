using ExecutionPipeline.Execution.Brackets;
using ExecutionPipeline.Execution.Trades;
using ExecutionPipeline.Messages.Events;
using static ExecutionPipeline.Execution.Tests.Samples;

namespace ExecutionPipeline.Execution.Tests.Brackets;

/// <summary>What users of comparable systems reported of brackets, and what the same situations come to here.</summary>
[TestFixture]
public class BracketScenarioTests
{
    private const ulong Parent = 9;

    private static readonly long StopE9 = Price(95);
    private static readonly long TargetE9 = Price(110);

    /// <summary>Scenario 1: bracket buy 100, the entry fills 40.</summary>
    [Test]
    public void ShouldSendNoExitWhenAPartOfTheEntryIsFilledAndTheWholeIsAwaited()
    {
        var desk = new ExitDesk(new BracketOptions { Activation = BracketActivation.WholeEntry });
        Buy(desk, 40);
        Assert.That(desk.TakeRequests(), Is.Empty);
        Buy(desk, 60);
        Assert.That(desk.TakeRequests().Select(static r => r.Quantity), Is.EqualTo((int[])[100, 100]));
    }

    [Test]
    public void ShouldSendExitsWhenTheEntryEndsWithAPartAndTheWholeWasAwaited()
    {
        var desk = new ExitDesk(new BracketOptions { Activation = BracketActivation.WholeEntry });
        Buy(desk, 40);
        desk.EndEntry(Parent);
        Assert.That(desk.TakeRequests().Select(static r => r.Quantity), Is.EqualTo((int[])[40, 40]));
    }

    /// <summary>Scenario 1, the other setting: children 40, then 100.</summary>
    [Test]
    public void ShouldGrowTheExitsWhenTheEntryIsFilledInParts()
    {
        var desk = new ExitDesk();
        Buy(desk, 40);
        var sent = desk.TakeRequests();
        Assert.That(sent.Select(static r => (r.Action, r.Quantity, r.PriceE9)), Is.EqualTo(
            new[] { (LegAction.Submit, 40, StopE9), (LegAction.Submit, 40, TargetE9) }));

        Buy(desk, 60);
        Assert.That(desk.TakeRequests(), Is.Empty, "an unanswered order waits for its answer");
        Acknowledge(desk, sent);
        Assert.That(desk.TakeRequests().Select(static r => (r.Action, r.Quantity)), Is.EqualTo(
            new[] { (LegAction.Replace, 100), (LegAction.Replace, 100) }));
    }

    /// <summary>Scenario 3: bracket 100, entry 30 filled, the stop fills 30.</summary>
    [Test]
    public void ShouldCancelTheRestOfTheEntryWhenTheStopHasClosedWhatWasFilled()
    {
        var desk = new ExitDesk();
        Buy(desk, 30);
        var sent = desk.TakeRequests();
        Acknowledge(desk, sent);
        desk.Answer(Fill(sent[0].OrderId, 30, 0, 95));

        Assert.That(desk.Book.Position(0), Is.Zero);
        Assert.That(desk.CancelledEntries, Does.Contain(Parent));
        Assert.That(desk.TakeRequests().Single().Action, Is.EqualTo(LegAction.Cancel), "of the target");
        Assert.That(desk.Book.ClosedTrades, Is.EqualTo(1));
    }

    /// <summary>A fill of the entry that the cancel came too late for is protected again.</summary>
    [Test]
    public void ShouldProtectALateFillOfTheEntryWhenItsTradeHasClosed()
    {
        var desk = new ExitDesk();
        Buy(desk, 30);
        var sent = desk.TakeRequests();
        Acknowledge(desk, sent);
        desk.Answer(Fill(sent[0].OrderId, 30, 0, 95));
        desk.TakeRequests();
        Buy(desk, 5);
        Assert.That(desk.TakeRequests().Select(static r => (r.Action, r.Quantity)), Is.EqualTo(
            new[] { (LegAction.Submit, 5), (LegAction.Submit, 5) }));
    }

    /// <summary>Scenario 4: 6 of a child's 10 filled, and the same report comes again.</summary>
    [Test]
    public void ShouldLeaveTheSiblingAloneWhenAReportOfAFillComesTwice()
    {
        var desk = new ExitDesk();
        Buy(desk, 10, planned: 10);
        var sent = desk.TakeRequests();
        Acknowledge(desk, sent);
        desk.Answer(Fill(sent[1].OrderId, 6, 4, 110));
        var shrunk = desk.TakeRequests().Single();
        Assert.That((shrunk.Action, shrunk.Leg, shrunk.Quantity), Is.EqualTo((LegAction.Replace, ExitLeg.StopLoss, 4)));

        desk.Answer(Fill(sent[1].OrderId, 6, 4, 110));
        Assert.That(desk.TakeRequests(), Is.Empty);
        desk.Answer(new ExitAnswer(shrunk.OrderId, ExecutionReportKind.Replaced, 0, 4, shrunk.Number));
        desk.Answer(Fill(sent[1].OrderId, 6, 4, 110));
        Assert.That(desk.TakeRequests(), Is.Empty);
        Assert.That(desk.Book.Position(0), Is.EqualTo(4));
    }

    /// <summary>Scenario 9, in thousandths: long 134, a resting exit of 134; another exit sells 67.</summary>
    [Test]
    public void ShouldCutTheRestingExitWhenAnotherOneSellsAPart()
    {
        var desk = new ExitDesk();
        Buy(desk, 134, planned: 134);
        var sent = desk.TakeRequests();
        Acknowledge(desk, sent);
        desk.Enter(Side.Sell, 67, parent: 10, planned: 67, 0, 0, Price(101));

        var cut = desk.TakeRequests();
        Assert.That(cut.Select(static r => (r.Action, r.Quantity)), Is.EqualTo(
            new[] { (LegAction.Replace, 67), (LegAction.Replace, 67) }));
        foreach (var request in cut)
            desk.Answer(new ExitAnswer(request.OrderId, ExecutionReportKind.Replaced, 0, 67, request.Number));
        desk.Answer(Fill(sent[0].OrderId, 67, 0, 95));
        Assert.That(desk.Book.Position(0), Is.Zero);
        Assert.That(desk.TakeRequests().Single().Action, Is.EqualTo(LegAction.Cancel));
    }

    [Test]
    public void ShouldTakeBackTheExcessWhenBothExitsWereFilledInARace()
    {
        var desk = new ExitDesk();
        Buy(desk, 10, planned: 10);
        var sent = desk.TakeRequests();
        Acknowledge(desk, sent);
        desk.Answer(Fill(sent[1].OrderId, 10, 0, 110));
        desk.TakeRequests();
        desk.Answer(Fill(sent[0].OrderId, 10, 0, 95));

        Assert.That(desk.Book.Position(0), Is.EqualTo(-10));
        var repair = desk.TakeRequests().Single();
        Assert.That((repair.Action, repair.Leg, repair.Side, repair.Quantity),
            Is.EqualTo((LegAction.Submit, ExitLeg.Close, Side.Buy, 10)));
        desk.Answer(Fill(repair.OrderId, 10, 0, 96));
        Assert.That(desk.Book.Position(0), Is.Zero);
        Assert.That(desk.Book.OpenTrades, Is.Zero);
        Assert.That(desk.Book[desk.Book.Touched[0]].ExitReason, Is.EqualTo(ExitReason.Repair));
    }

    [Test]
    public void ShouldCloseAtTheMarketWhenTheStopIsRejected()
    {
        var desk = new ExitDesk();
        Buy(desk, 10);
        var sent = desk.TakeRequests();
        desk.Answer(new ExitAnswer(sent[0].OrderId, ExecutionReportKind.Rejected, Request: sent[0].Number));
        Assert.That(desk.CancelledEntries, Does.Contain(Parent));
        Assert.That(desk.TakeRequests(), Is.Empty, "the target is not answered yet");

        desk.Answer(new ExitAnswer(sent[1].OrderId, ExecutionReportKind.New, 0, 10, sent[1].Number));
        Assert.That(desk.TakeRequests().Single().Action, Is.EqualTo(LegAction.Cancel));
        desk.Answer(new ExitAnswer(sent[1].OrderId, ExecutionReportKind.Cancelled));
        var close = desk.TakeRequests().Single();
        Assert.That((close.Leg, close.Quantity, close.PriceE9), Is.EqualTo((ExitLeg.Close, 10, 0L)));
    }

    [Test]
    public void ShouldSendTheStopAgainWhenTheVenueEndsItAndGiveUpAfterSome()
    {
        var desk = new ExitDesk(new BracketOptions { MaxAttempts = 2 });
        Buy(desk, 10, planned: 10);
        var sent = desk.TakeRequests();
        Acknowledge(desk, sent);
        desk.Answer(new ExitAnswer(sent[0].OrderId, ExecutionReportKind.Cancelled));
        var again = desk.TakeRequests().Single();
        Assert.That((again.Action, again.Leg, again.Quantity), Is.EqualTo((LegAction.Submit, ExitLeg.StopLoss, 10)));

        desk.Answer(new ExitAnswer(again.OrderId, ExecutionReportKind.Cancelled));
        Assert.That(desk.TakeRequests().Single().Action, Is.EqualTo(LegAction.Cancel), "of the target, to close");
    }

    [Test]
    public void ShouldKeepTheStopAloneWhenTheTargetIsRejected()
    {
        var desk = new ExitDesk();
        Buy(desk, 10, planned: 10);
        var sent = desk.TakeRequests();
        desk.Answer(new ExitAnswer(sent[0].OrderId, ExecutionReportKind.New, 0, 10, sent[0].Number));
        desk.Answer(new ExitAnswer(sent[1].OrderId, ExecutionReportKind.Rejected));
        Assert.That(desk.TakeRequests(), Is.Empty);
        Assert.That(desk.Book.OpenTrades, Is.EqualTo(1));
    }

    [Test]
    public void ShouldCancelBothAndThenCloseWhenATradeWasHeldForADay()
    {
        var desk = new ExitDesk();
        Buy(desk, 10, planned: 10);
        var sent = desk.TakeRequests();
        Acknowledge(desk, sent);
        desk.Advance(86_400 * E9 - 1);
        Assert.That(desk.TakeRequests(), Is.Empty);
        desk.Advance(1);
        var cancels = desk.TakeRequests();
        Assert.That(
            cancels.Select(static r => r.Action), Is.EqualTo((LegAction[])[LegAction.Cancel, LegAction.Cancel]));

        desk.Answer(new ExitAnswer(sent[0].OrderId, ExecutionReportKind.Cancelled, Request: cancels[0].Number));
        Assert.That(desk.TakeRequests(), Is.Empty, "the other one may still be executed");
        desk.Answer(new ExitAnswer(sent[1].OrderId, ExecutionReportKind.Cancelled, 4, 0, cancels[1].Number, TargetE9));
        var close = desk.TakeRequests().Single();
        Assert.That((close.Leg, close.Quantity), Is.EqualTo((ExitLeg.Close, 6)), "what the target left");
        desk.Answer(Fill(close.OrderId, 6, 0, 101));
        Assert.That(desk.Book[desk.Book.Touched[0]].ExitReason, Is.EqualTo(ExitReason.TimeOut));
        Assert.That(desk.Book.Position(0), Is.Zero);
    }

    [Test]
    public void ShouldSendTheRestAgainLaterWhenTheMarketDidNotTakeAllOfAClose()
    {
        var desk = new ExitDesk();
        desk.Enter(Side.Sell, 10, Parent, 10, 0, 0, Price(100));
        desk.Close(1, ExitReason.Manual);
        var close = desk.TakeRequests().Single();
        desk.Answer(new ExitAnswer(close.OrderId, ExecutionReportKind.Cancelled, 7, 0, 0, Price(100)));
        Assert.That(desk.TakeRequests(), Is.Empty);
        desk.Advance(desk.Exits.RetryNs);
        var rest = desk.TakeRequests().Single();
        Assert.That((rest.Leg, rest.Side, rest.Quantity), Is.EqualTo((ExitLeg.Close, Side.Buy, 3)));
    }

    [Test]
    public void ShouldMoveTheExitsWhenTheirLevelsAreAmended()
    {
        var desk = new ExitDesk();
        Buy(desk, 10, planned: 10);
        var sent = desk.TakeRequests();
        Acknowledge(desk, sent);
        desk.SetLevels(1, Price(97), TargetE9);
        var moved = desk.TakeRequests().Single();
        Assert.That((moved.Action, moved.Leg, moved.Quantity, moved.PriceE9),
            Is.EqualTo((LegAction.Replace, ExitLeg.StopLoss, 10, Price(97))));
        desk.Answer(new ExitAnswer(moved.OrderId, ExecutionReportKind.Replaced, 0, 10, moved.Number));
        desk.SetLevels(1, Price(97), 0);
        Assert.That(desk.TakeRequests().Single().Action, Is.EqualTo(LegAction.Cancel), "no target any more");
    }

    [Test]
    public void ShouldAskAgainLaterWhenAReplacementIsRefused()
    {
        var desk = new ExitDesk();
        Buy(desk, 4);
        Acknowledge(desk, desk.TakeRequests());
        Buy(desk, 6);
        var grown = desk.TakeRequests();
        desk.Answer(new ExitAnswer(
            grown[0].OrderId, ExecutionReportKind.ReplaceRejected, Request: grown[0].Number));
        Assert.That(desk.TakeRequests(), Is.Empty);
        desk.Advance(desk.Exits.RetryNs);
        Assert.That(desk.TakeRequests().Single().Quantity, Is.EqualTo(10));
    }

    [Test]
    public void ShouldSendNothingBesideACloseWhenTheStopIsGivenUpMeanwhile()
    {
        var desk = new ExitDesk();
        Buy(desk, 10, planned: 10);
        var sent = desk.TakeRequests();
        desk.Answer(new ExitAnswer(sent[0].OrderId, ExecutionReportKind.Rejected));
        desk.Answer(new ExitAnswer(sent[1].OrderId, ExecutionReportKind.Cancelled));
        Assert.That(desk.TakeRequests().Single().Leg, Is.EqualTo(ExitLeg.Close));
        desk.SetLevels(1, 0, TargetE9);
        Assert.That(desk.TakeRequests(), Is.Empty);
    }

    [Test]
    public void ShouldNotWakeForATimeOutWhenTheTradeHasClosed()
    {
        var exits = new BracketExits(new BracketOptions());
        var trade = new Trade { EntryQuantity = 2, ExitQuantity = 1, Side = Side.Buy, TimeOutNs = StartNs + 5 };
        exits.Reconcile(trade, default, default, default, StartNs, out var plan);
        Assert.That(plan.WakeNs, Is.EqualTo(StartNs + 5));
        trade.ExitQuantity = 2;
        exits.Reconcile(trade, default, default, default, StartNs, out plan);
        Assert.That(plan.WakeNs, Is.Zero);
    }

    [Test]
    public void ShouldAllocateNothingWhenAPlanIsMade()
    {
        var exits = new BracketExits(new BracketOptions());
        var asked = 0;
        Assert.That(AllocationMeter.FewestBytesOf(Round, warmUp: 2_000, measured: 2_000), Is.Zero);
        Assert.That(asked, Is.Positive);

        void Round(int i)
        {
            var trade = new Trade { EntryQuantity = 1 + i % 7, Side = Side.Buy, StopPriceE9 = StopE9 };
            var stop = new LegState((LegPhase)(i % 7), i % 5, StopE9);
            exits.Reconcile(trade, stop, default, default, StartNs + i, out var plan);
            asked += plan.IsEmpty ? 0 : 1;
        }
    }

    [TestCase(-1.0, 1_000, 3, "TimeOutHours")]
    [TestCase(double.NaN, 1_000, 3, "TimeOutHours")]
    [TestCase(8_761.0, 1_000, 3, "TimeOutHours")]
    [TestCase(24.0, 0, 3, "RetryMs")]
    [TestCase(24.0, 60_001, 3, "RetryMs")]
    [TestCase(24.0, 1_000, 0, "MaxAttempts")]
    [TestCase(24.0, 1_000, 101, "MaxAttempts")]
    public void ShouldNameTheOptionWhenItIsOutOfRange(double hours, int retryMs, int attempts, string named)
    {
        var options = new BracketOptions { TimeOutHours = hours, RetryMs = retryMs, MaxAttempts = attempts };
        Assert.That(() => new BracketExits(options), Throws.ArgumentException.With.Message.Contains(named));
    }

    private static void Buy(ExitDesk desk, int quantity, int planned = 100) =>
        desk.Enter(Side.Buy, quantity, Parent, planned, StopE9, TargetE9, Price(100));

    private static void Acknowledge(ExitDesk desk, IEnumerable<ExitRequest> requests)
    {
        foreach (var request in requests)
            desk.Answer(new ExitAnswer(request.OrderId, ExecutionReportKind.New, 0, request.Quantity, request.Number));
    }

    private static ExitAnswer Fill(ulong orderId, int cumulative, int leaves, double price) =>
        new(orderId, ExecutionReportKind.Trade, cumulative, leaves, 0, Price(price));
}
