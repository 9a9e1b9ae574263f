using ExecutionPipeline.Execution.Limits;
using ExecutionPipeline.Messages.Events;
using ExecutionPipeline.Stages.Tests.Routing;
using static ExecutionPipeline.Stages.Tests.StageRig;

namespace ExecutionPipeline.Stages.Tests.Risk;

/// <summary>What each breaker counts, to the last outcome and nanosecond, and what it forgets.</summary>
[TestFixture]
public class BreakerDetailTests
{
    private ulong _lastForeignOrder = 5_000_000;

    [Test]
    public void ShouldForgetTheOldOutcomesWhenABreakerHasClosed()
    {
        var rig = Quoted(new BreakerOptions
        {
            WindowLength = 20,
            MinimumSamples = 10,
            Probes = 2,
            ExecutionFailure = new() { Threshold = 0.5, RecoveryS = 180 },
            VenueUnavailability = new() { Threshold = 2, RecoveryS = 1 },
        });
        Answer(rig, 9, isGood: false);
        Assert.That(rig.Risk.Responses, Is.EqualTo(BreakerResponses.None), "too few for a share");
        Answer(rig, 1, isGood: false);
        Assert.That(rig.Risk.Responses, Is.EqualTo(BreakerResponses.BackupVenue));

        rig.TimeNs += 180 * E9;
        Answer(rig, 1, isGood: true);
        Assert.That(StateOf(rig, BreakerKind.ExecutionFailure), Is.EqualTo(BreakerState.HalfOpen));
        Answer(rig, 1, isGood: true);
        Assert.That(StateOf(rig, BreakerKind.ExecutionFailure), Is.EqualTo(BreakerState.Closed));

        Answer(rig, 5, isGood: true);
        Answer(rig, 4, isGood: false);
        Assert.That(StateOf(rig, BreakerKind.ExecutionFailure), Is.EqualTo(BreakerState.Closed), "nine since then");
        Answer(rig, 1, isGood: false);
        Assert.That(StateOf(rig, BreakerKind.ExecutionFailure), Is.EqualTo(BreakerState.Open), "five of ten");
    }

    [Test]
    public void ShouldNotCountAcknowledgementsWhenOrdersFail()
    {
        var rig = Quoted(new BreakerOptions
        {
            WindowLength = 4,
            MinimumSamples = 1,
            ExecutionFailure = new() { Threshold = 0.5, RecoveryS = 180 },
        });
        foreach (var kind in new[] { ExecutionReportKind.New, ExecutionReportKind.CancelRejected })
            Foreign(rig, kind, VenueRejectReason.None, leaves: 0);
        rig.Report(Executed(1) with { LeavesQuantity = 3 });
        Foreign(rig, ExecutionReportKind.Cancelled, VenueRejectReason.None, leaves: 0);
        Foreign(rig, ExecutionReportKind.Rejected, VenueRejectReason.InvalidPrice, leaves: 0);
        Assert.That(rig.Risk.Responses, Is.EqualTo(BreakerResponses.BackupVenue), "one of the two that ended");
    }

    /// <summary>It is no failure of the venue, and no success either.</summary>
    [TestCase(VenueRejectReason.MarketClosed)]
    [TestCase(VenueRejectReason.MarketHalted)]
    [TestCase(VenueRejectReason.AuctionCall)]
    public void ShouldNotCountAnOrderThatItsClosedMarketDidNotTake(VenueRejectReason reason)
    {
        var rig = Quoted(new BreakerOptions
        {
            WindowLength = 4,
            MinimumSamples = 2,
            ExecutionFailure = new() { Threshold = 0.75, RecoveryS = 180 },
        });
        for (var order = 0; order < 10; order++)
            Foreign(rig, ExecutionReportKind.Rejected, reason, leaves: 0);
        Foreign(rig, ExecutionReportKind.Rejected, VenueRejectReason.InvalidPrice, leaves: 0);
        Assert.That(rig.Risk.Responses, Is.EqualTo(BreakerResponses.None), "one of one that counts");
        Foreign(rig, ExecutionReportKind.Rejected, VenueRejectReason.InvalidPrice, leaves: 0);
        Assert.That(rig.Risk.Responses, Is.EqualTo(BreakerResponses.BackupVenue), "two of two");
    }

    // A signal is late when it has waited longer than the limit, not when as long.
    [TestCase(10_000_000, BreakerResponses.None)]
    [TestCase(10_000_001, BreakerResponses.Throttle)]
    public void ShouldCallASignalLateOnlyWhenItWaitedLonger(long waitedNs, BreakerResponses expected)
    {
        var rig = Quoted(new BreakerOptions { WindowLength = 1, MinimumSamples = 1 });
        var signal = rig.NewSignal();
        signal.Payload.TradeQualified.SendTimeNs = rig.TimeNs - waitedNs;
        rig.Run(ref signal);
        Assert.That(rig.Risk.Responses, Is.EqualTo(expected));
    }

    [Test]
    public void ShouldWaitForAnAnswerHalfASecondWhenThatIsSet()
    {
        var rig = Quoted(new BreakerOptions { UnansweredOrder = new() { Threshold = 0.5, RecoveryS = 1 } });
        rig.Signal(Side.Buy, 1);
        rig.TimeNs += E9 / 2 - 1;
        Tick(rig);
        Assert.That(rig.Risk.Responses, Is.EqualTo(BreakerResponses.None));
        rig.TimeNs++;
        Assert.That(Tick(rig).Verdict.Changes, Is.EqualTo(RiskChanges.Breaker));
        Assert.That(rig.Risk.Responses, Is.EqualTo(BreakerResponses.HoldOrders));
    }

    [Test]
    public void ShouldPauseOnlyTheStrategiesThatAreNamed()
    {
        var rig = Quoted(new BreakerOptions
        {
            PausedStrategies = [ExecutionStrategy.Iceberg, ExecutionStrategy.Iceberg],
        });
        var wild = rig.NewEvent(EventKind.MarketUpdate, 0);
        wild.Portfolio.Volatility = 0.05;
        wild.Portfolio.MarkPriceE9 = Price(100);
        rig.Risk.OnEvent(ref wild);
        foreach (var strategy in Enum.GetValues<ExecutionStrategy>())
        {
            var violations = rig.Signal(Side.Buy, 1, strategy: strategy).Verdict.Violations;
            Assert.That(
                violations,
                Is.EqualTo(strategy == ExecutionStrategy.Iceberg ? RiskViolations.PausedStrategy : RiskViolations.None),
                $"{strategy}");
        }
    }

    [Test]
    public void ShouldSayThatABreakerChangedWithTheEventThatChangedIt()
    {
        var rig = Quoted(new BreakerOptions { WindowLength = 1, MinimumSamples = 1, Probes = 1 });
        var opened = Foreign(rig, ExecutionReportKind.Rejected, VenueRejectReason.InvalidPrice, leaves: 0);
        Assert.That(opened.Verdict.Changes, Is.EqualTo(RiskChanges.Breaker), "the failures' share, not the venue's");
        Assert.That(opened.Verdict.BreakerStateOf(BreakerKind.ExecutionFailure), Is.EqualTo(BreakerState.Open));
        rig.TimeNs += 180 * E9 - 1;
        Assert.That(Tick(rig).Verdict.Changes, Is.EqualTo(RiskChanges.None));
        rig.TimeNs++;
        var tried = Tick(rig);
        Assert.That(tried.Verdict.Changes, Is.EqualTo(RiskChanges.Breaker));
        Assert.That(tried.Verdict.BreakerStateOf(BreakerKind.ExecutionFailure), Is.EqualTo(BreakerState.HalfOpen));
        Assert.That(Tick(rig).Verdict.Changes, Is.EqualTo(RiskChanges.None));
        var closed = Foreign(rig, ExecutionReportKind.Expired, VenueRejectReason.None, leaves: 0);
        Assert.That(closed.Verdict.Changes, Is.EqualTo(RiskChanges.Breaker));
        Assert.That(closed.Verdict.BreakerStateOf(BreakerKind.ExecutionFailure), Is.EqualTo(BreakerState.Closed));
    }

    [Test]
    public void ShouldRecoverWhenEveryBreakerIsOpen()
    {
        var rig = Quoted(new BreakerOptions { WindowLength = 1, MinimumSamples = 1 });
        rig.Signal(Side.Buy, 1);
        rig.LateSignal();
        Foreign(rig, ExecutionReportKind.Rejected, VenueRejectReason.TooManyOrders, leaves: 0);
        var wild = rig.NewEvent(EventKind.MarketUpdate, 0);
        wild.Portfolio.Volatility = 0.05;
        rig.Risk.OnEvent(ref wild);
        rig.TimeNs += 5 * E9;
        var open = Tick(rig);
        Assert.That(
            Enum.GetValues<BreakerKind>().Select(open.Verdict.BreakerStateOf), Is.All.EqualTo(BreakerState.Open));
        rig.TimeNs += 600 * E9;
        var half = Tick(rig);
        Assert.That(
            Enum.GetValues<BreakerKind>().Select(half.Verdict.BreakerStateOf), Is.All.EqualTo(BreakerState.HalfOpen));
    }

    [Test]
    public void ShouldSayThatSignalsOpenedABreakerWithTheLateOne()
    {
        var rig = Quoted(new BreakerOptions { WindowLength = 2, MinimumSamples = 2, Probes = 1 });
        Assert.That(rig.LateSignal().Verdict.Changes, Is.EqualTo(RiskChanges.None));
        var opened = rig.LateSignal();
        Assert.That(opened.Verdict.Changes, Is.EqualTo(RiskChanges.Breaker));
        Assert.That(opened.Verdict.Responses, Is.EqualTo(BreakerResponses.Throttle));
    }

    [Test]
    public void ShouldSayThatTheAnswerClosedABreakerWithIt()
    {
        var rig = Quoted(new BreakerOptions { UnansweredOrder = new() { Threshold = 1, RecoveryS = 1 }, Probes = 1 });
        rig.Signal(Side.Buy, 1);
        rig.TimeNs += E9;
        Tick(rig);
        rig.TimeNs += E9;
        Tick(rig);
        var order = rig.Signal(Side.Buy, 1).Routing.Order.OrderId;
        var answer = new ExecutionReport { OrderId = order, Kind = ExecutionReportKind.New, Side = Side.Buy };
        var answered = rig.Report(answer);
        Assert.That(answered.Verdict.Changes, Is.EqualTo(RiskChanges.Breaker));
        Assert.That(answered.Verdict.Responses, Is.EqualTo(BreakerResponses.None));
    }

    [Test]
    public void ShouldPauseNoStrategyWhenAnotherBreakerIsOpen()
    {
        var rig = Quoted(new BreakerOptions { WindowLength = 1, MinimumSamples = 1 });
        Foreign(rig, ExecutionReportKind.Rejected, VenueRejectReason.InvalidPrice, leaves: 0);
        Assert.That(rig.Signal(Side.Buy, 1).Verdict.Violations, Is.EqualTo(RiskViolations.VenueFailing));
    }

    [Test]
    public void ShouldCountNoTryWhenAnOrderOnlyTakesRiskOff()
    {
        var rig = Quoted(new BreakerOptions
        {
            WindowLength = 1,
            MinimumSamples = 1,
            Probes = 1,
            VenueUnavailability = new() { Threshold = 2, RecoveryS = 1 },
        });
        rig.Report(Executed(3));
        Foreign(rig, ExecutionReportKind.Rejected, VenueRejectReason.InvalidPrice, leaves: 0);
        rig.TimeNs += 180 * E9;
        Assert.That(rig.Signal(Side.Sell, 1).Verdict.Reducing, Is.EqualTo(1));
        var tried = rig.Signal(Side.Buy, 1).Verdict;
        Assert.That(tried.ApprovedQuantity, Is.EqualTo(1), "the try is still to be had");
        Assert.That(tried.Responses, Is.EqualTo(BreakerResponses.BackupVenue), "it was the only one");
        Assert.That(rig.Signal(Side.Buy, 1).Verdict.Violations, Is.EqualTo(RiskViolations.VenueFailing));
        Assert.That(rig.Signal(Side.Sell, 1).Verdict.ApprovedQuantity, Is.EqualTo(1));
    }

    [Test]
    public void ShouldKeepItsWordToItselfWhenAMarketUpdateChangesNothing()
    {
        var rig = new StageRig(garbage: 0xA5);
        var market = rig.Market(100, 100.25);
        Assert.That(market.Verdict.Changes, Is.EqualTo(RiskChanges.None).Or.EqualTo(RiskChanges.Regime));
        market = rig.Market(100, 100.25);
        Assert.That((market.Verdict.Changes, market.Verdict.KillSwitch), Is.EqualTo((RiskChanges.None, (byte)0xA5)));
        var timer = Tick(rig);
        Assert.That((timer.Verdict.Changes, timer.Verdict.KillSwitch), Is.EqualTo((RiskChanges.None, (byte)0xA5)));
        Assert.That(rig.Signal(Side.Buy, 1).Verdict.KillSwitch, Is.Zero);
        Assert.That(rig.Command(CommandKind.CancelAll).Verdict.KillSwitch, Is.Zero);
        Assert.That(rig.Report(Executed(1)).Verdict.KillSwitch, Is.Zero);
    }

    private StageRig Quoted(BreakerOptions options)
    {
        var rig = new StageRig(Generous with { Breakers = options }, gateway: new SilentVenue());
        rig.Market(100, 100.25);
        return rig;
    }

    private static PipelineEvent Tick(StageRig rig)
    {
        var e = rig.NewEvent(EventKind.Timer, 0);
        return rig.Run(ref e);
    }

    private static BreakerState StateOf(StageRig rig, BreakerKind kind)
    {
        var e = rig.Command(CommandKind.CancelAll);
        return e.Verdict.BreakerStateOf(kind);
    }

    private void Answer(StageRig rig, int orders, bool isGood)
    {
        for (var i = 0; i < orders; i++)
        {
            Foreign(
                rig,
                isGood ? ExecutionReportKind.Expired : ExecutionReportKind.Rejected,
                isGood ? VenueRejectReason.None : VenueRejectReason.InvalidPrice,
                leaves: 0);
        }
    }

    /// <summary>A report of an order that nobody waits for, so that nothing but the breakers sees it.</summary>
    private PipelineEvent Foreign(StageRig rig, ExecutionReportKind kind, VenueRejectReason reason, int leaves) =>
        rig.Report(new ExecutionReport
        {
            OrderId = ++_lastForeignOrder,
            Kind = kind,
            Side = Side.Buy,
            RejectReason = reason,
            LeavesQuantity = leaves,
        });

    private ExecutionReport Executed(int quantity) => new()
    {
        OrderId = ++_lastForeignOrder,
        ExecutionId = _lastForeignOrder,
        Kind = ExecutionReportKind.Trade,
        Side = Side.Buy,
        LastQuantity = quantity,
        CumulativeQuantity = quantity,
        LastPriceE9 = Price(100),
    };
}
