using ExecutionPipeline.Execution.Orders;
using ExecutionPipeline.Execution.Venues;
using ExecutionPipeline.Messages.Events;
using ExecutionPipeline.Pipeline.Ingress;
using ExecutionPipeline.Pipeline.Ring;

namespace ExecutionPipeline.Pipeline.Tests.Ingress;

/// <summary>Which orders leave between the moment of a kill and its event on the ring.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class KillGateTests
{
    private readonly TradingFault _fault = new();
    private readonly KillGate _gate;

    public KillGateTests() => _gate = new KillGate(_fault);

    [TestCase(OrderPurpose.Entry, false, true)]
    [TestCase(OrderPurpose.Entry, true, false, Description = "it takes risk off")]
    [TestCase(OrderPurpose.StopLoss, true, false)]
    [TestCase(OrderPurpose.Close, true, false)]
    public void ShouldStopWhatAddsRiskWhenAKillIsUnderWay(OrderPurpose purpose, bool isReducing, bool isStopped)
    {
        var order = OrderOf(1) with { Purpose = purpose, IsReducing = isReducing };
        Assert.That(_gate.Stops(order), Is.False, "nobody has asked for a kill");

        _gate.Request(CommandReason.Host);

        Assert.That(_gate.Stops(order), Is.EqualTo(isStopped));
    }

    [Test]
    public void ShouldStopEveryEntryWhenAStageHasFailed()
    {
        _fault.Latch("a stage", new InvalidOperationException("broken"));

        var entry = OrderOf(1) with { IsReducing = true };
        Assert.That(_gate.Stops(entry), Is.True, "what takes risk off is not known any more");
        Assert.That(_gate.Stops(entry with { Purpose = OrderPurpose.Close }), Is.False);
    }

    [Test]
    public void ShouldOpenWhenAsManyKillsAreRoutedAsWereAnnounced()
    {
        _gate.Request(CommandReason.Restart);
        Assert.That(_gate.TakeRequest(events: 2), Is.EqualTo(CommandReason.Restart));
        Assert.That((_gate.HasRequest, _gate.IsClosed), Is.EqualTo((false, true)));
        PipelineEvent[] others =
        [
            Event(EventKind.TradeQualified),
            Event(EventKind.Timer),
            Event(EventKind.Command, CommandKind.Resume),
            Event(EventKind.Command, CommandKind.CancelAll),
        ];

        Route(Event(EventKind.Command, CommandKind.Kill));
        foreach (var other in others)
            Route(other);
        Assert.That(_gate.IsClosed, Is.True, "one is still to come");
        Route(Event(EventKind.Command, CommandKind.Kill));

        Assert.That(_gate.IsClosed, Is.False);
    }

    [TestCase(true)]
    [TestCase(false)]
    public void ShouldAnswerForTheVenueWhenTheGateStopsAnOrder(bool isKilled)
    {
        var refused = new Reports();
        var sent = new Reports();
        var venue = new GatedVenue(new SendingVenue(sent), _gate, refused);
        if (isKilled)
            _gate.Request(CommandReason.Host);
        var order = OrderOf(7);

        venue.Submit(in order, timeNs: 42);

        Assert.That(sent.All, Has.Count.EqualTo(isKilled ? 0 : 1));
        Assert.That(refused.All, Has.Count.EqualTo(isKilled ? 1 : 0));
        if (!isKilled)
            return;

        var answer = refused.All[0];
        using (Assert.EnterMultipleScope())
        {
            Assert.That((answer.OrderId, answer.InstrumentIndex), Is.EqualTo((order.OrderId, order.InstrumentIndex)));
            Assert.That(answer.Kind, Is.EqualTo(ExecutionReportKind.Rejected));
            Assert.That(answer.RejectReason, Is.EqualTo(VenueRejectReason.KillSwitch));
            Assert.That((answer.Side, answer.ReleasedQuantity), Is.EqualTo((Side.Sell, 3)));
            Assert.That(answer.VenueTimeNs, Is.EqualTo(42));
        }
    }

    /// <summary>A sale of three at 100: four are more, and 99 is nearer to the market.</summary>
    [TestCase(4, 100, false, true)]
    [TestCase(3, 99, false, true)]
    [TestCase(2, 99, false, true)]
    [TestCase(3, 0, false, true, Description = "at any price")]
    [TestCase(2, 100, false, false)]
    [TestCase(2, 101, false, false)]
    [TestCase(4, 99, true, false, Description = "it takes risk off")]
    public void ShouldStopAReplacementThatAddsRiskWhenAKillIsUnderWay(
        int quantity, int limit, bool isReducing, bool isStopped)
    {
        var refused = new Reports();
        var sent = new Reports();
        var venue = new GatedVenue(new SendingVenue(sent), _gate, refused);
        var order = OrderOf(7) with { LimitPriceE9 = 100, CumulativeQuantity = 1, IsReducing = isReducing };
        order.Status = OrderStatus.PendingReplace;
        var terms = new OrderTerms(quantity, limit, 0);
        venue.Replace(in order, in terms, timeNs: 41);
        Assert.That((sent.All.Count, refused.All.Count), Is.EqualTo((1, 0)), "nobody has asked for a kill");

        _gate.Request(CommandReason.Host);
        venue.Replace(in order, in terms, timeNs: 42);

        Assert.That((sent.All.Count, refused.All.Count), Is.EqualTo(isStopped ? (1, 1) : (2, 0)));
        if (!isStopped)
            return;

        var answer = refused.All[0];
        using (Assert.EnterMultipleScope())
        {
            Assert.That((answer.OrderId, answer.InstrumentIndex), Is.EqualTo((order.OrderId, order.InstrumentIndex)));
            Assert.That(answer.Kind, Is.EqualTo(ExecutionReportKind.ReplaceRejected));
            Assert.That(answer.RejectReason, Is.EqualTo(VenueRejectReason.KillSwitch));
            Assert.That((answer.Side, answer.OrderQuantity), Is.EqualTo((Side.Sell, 3)));
            Assert.That((answer.CumulativeQuantity, answer.LeavesQuantity), Is.EqualTo((1, 2)));
            Assert.That((answer.ReleasedQuantity, answer.VenueTimeNs), Is.EqualTo((0, 42)));
        }
    }

    [TestCase(Side.Buy, 101, true)]
    [TestCase(Side.Buy, 99, false)]
    [TestCase(Side.Buy, 0, true, Description = "at any price")]
    public void ShouldStopAReplacementOfABuyWhenItGetsDearer(Side side, int limit, bool isStopped)
    {
        var order = OrderOf(7) with { Side = side, LimitPriceE9 = 100 };
        _gate.Request(CommandReason.Host);
        var sent = new Reports();
        var venue = new GatedVenue(new SendingVenue(sent), _gate, new Reports());
        venue.Replace(in order, new OrderTerms(3, limit, 0), timeNs: 42);
        Assert.That(sent.All, Has.Count.EqualTo(isStopped ? 0 : 1));
    }

    private void Route(PipelineEvent e) => _gate.OnRouted(in e);

    private static PipelineEvent Event(EventKind kind, CommandKind command = default)
    {
        var e = default(PipelineEvent);
        e.Header.Kind = kind;
        // What another kind of event leaves in the payload's place must not count.
        e.Payload.Command.Kind = kind == EventKind.Command ? command : CommandKind.Kill;
        return e;
    }

    private static Order OrderOf(ulong signal) => new()
    {
        OrderId = 11,
        SignalId = signal,
        InstrumentIndex = 1,
        Side = Side.Sell,
        Quantity = 3,
    };

    private sealed class Reports : IReportSink
    {
        public List<ExecutionReport> All { get; } = [];

        public void OnReport(in ExecutionReport report) => All.Add(report);
    }

    /// <summary>A venue that acknowledges each order in the call.</summary>
    private sealed class SendingVenue(IReportSink reports) : IVenueGateway
    {
        public void Submit(in Order order, long timeNs) =>
            reports.OnReport(new ExecutionReport { OrderId = order.OrderId });

        public void Cancel(in Order order, long timeNs) => Submit(in order, timeNs);

        public void Replace(in Order order, in OrderTerms terms, long timeNs) => Submit(in order, timeNs);

        public bool TryCancelAll(long timeNs)
        {
            reports.OnReport(default);
            return true;
        }

        public void RequestStatus(in Order order, long timeNs) => Submit(in order, timeNs);

        public void RequestOpenOrders(long timeNs) => reports.OnReport(default);
    }
}
