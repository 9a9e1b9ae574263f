using ExecutionPipeline.Execution.Brackets;
using ExecutionPipeline.Execution.Instruments;
using ExecutionPipeline.Execution.Orders;
using ExecutionPipeline.Execution.Venues;
using ExecutionPipeline.Messages.Events;
using ExecutionPipeline.Pipeline.Hosting;
using ExecutionPipeline.Pipeline.Ingress;
using ExecutionPipeline.Pipeline.Journal;
using ExecutionPipeline.Pipeline.Options;
using ExecutionPipeline.Pipeline.Tests.Support;

namespace ExecutionPipeline.Pipeline.Tests.Recovery;

/// <summary>The shared scenarios 43 and 44: killed with orders open, and again after a torn record was cut.</summary>
[TestFixture]
public sealed class ScenarioTests
{
    private const int Signals = 7;
    private const int Working = 14;

    private readonly CrashedFolder _folders = new();

    [OneTimeTearDown]
    public void RemoveFolders() => _folders.Dispose();

    [Test]
    public void ShouldHaveFourteenOrdersWorkingWhenItIsRestartedTwice()
    {
        var venue = new SurvivingVenue();
        var folder = TradeAndBeKilled(venue);
        for (var restart = 0; restart < 2; restart++)
        {
            using var pipeline = Start(folder, venue);
            Reconcile(pipeline);
            Assert.That(pipeline.Host.Chain.Routing.Orders.WorkingOrders, Is.EqualTo(Working));
            Assert.That(venue.Submitted, Is.EqualTo(Signals + Working), "nothing is sent again");
            folder = _folders.Copy(folder);
        }
    }

    [Test]
    public void ShouldBookMissedExecutionsUnderTheSameIdsWhenItIsRestartedTwice()
    {
        var venue = new SurvivingVenue();
        var folder = TradeAndBeKilled(venue);
        venue.ReachTargets();
        var other = _folders.Copy(folder);
        var (first, second) = (MissedIn(folder, venue), MissedIn(other, venue));

        Assert.That(first.Executions, Has.Count.EqualTo(Signals).And.Not.Contains(0UL));
        Assert.That(second.Executions, Is.EqualTo(first.Executions));
        Assert.That(second.Position, Is.EqualTo(first.Position).And.Zero);
        Assert.That(venue.Position, Is.Zero);
    }

    [Test]
    public void ShouldAdoptAnOrderWhenTheVenueAloneKnowsIt()
    {
        var venue = new SurvivingVenue();
        var folder = TradeAndBeKilled(venue);
        venue.RestForeignOrder(number: 999_999, quantity: 2);
        using var pipeline = Start(folder, venue);
        var pending = pipeline.Host.Chain.Risk.PendingQuantity(0);
        Reconcile(pipeline);

        var orders = pipeline.Host.Chain.Routing.Orders;
        Assert.That(pipeline.Host.Chain.Routing.Adopted, Is.EqualTo(1));
        Assert.That(orders.WorkingOrders, Is.EqualTo(Working + 1));
        pipeline.Await(() => pipeline.Host.IsDrained);
        Assert.That(pipeline.Host.Chain.Risk.PendingQuantity(0), Is.EqualTo(pending + 2));
        pipeline.SendCommand(CommandKind.CancelAll);
        pipeline.Await(() => !orders.TryFind(OrderIds.Of(0, 999_999), out var slot) || !orders[slot].IsWorking);
        pipeline.Await(() => pipeline.Host.IsDrained && pipeline.Host.Chain.Risk.PendingQuantity(0) == pending);
    }

    [Test]
    public void ShouldGoOnFromACleanRecordWhenATornOneWasCutAndItIsKilledAgain()
    {
        var venue = new SurvivingVenue();
        var folder = TradeAndBeKilled(venue);
        CrashedFolder.Tear(folder);
        string again;
        using (var second = Start(folder, venue))
        {
            Assert.That(second.Host.Recovered!.End, Is.EqualTo(JournalEnd.Torn));
            Assert.That(second.Host.Recovered.Notes, Has.One.StartsWith("cut: "));
            Reconcile(second);
            second.SendSignal(500);
            second.Await(() => second.SignalsSeen == 1);
            second.Await(() => second.Host.IsDrained);
            again = _folders.Copy(folder);
        }

        Assert.That(JournalSurvey.Of(again, CancellationToken.None).Problem, Is.Null);
        using var third = Start(again, venue);
        Assert.That(third.Host.Recovered!.End, Is.EqualTo(JournalEnd.CutOff));
        Reconcile(third);
    }

    [Test]
    public void ShouldNotTradeASignalAgainWhenItComesAgainAfterARestart()
    {
        var venue = new SurvivingVenue();
        using var pipeline = Start(TradeAndBeKilled(venue), venue);
        Reconcile(pipeline);
        var submitted = venue.Submitted;
        pipeline.SendSignal(1);
        pipeline.Await(() => pipeline.SignalsSeen == 1);
        pipeline.Await(() => pipeline.Host.IsDrained);
        Assert.That(venue.Submitted, Is.EqualTo(submitted));
        Assert.That(pipeline.Host.Chain.Routing.CountOf(RoutingOutcome.Repeated), Is.EqualTo(1));
    }

    [Test]
    public void ShouldTakeNoNewRiskWhenAVenueDoesNotAnswer()
    {
        var venue = new SurvivingVenue();
        var folder = TradeAndBeKilled(venue);
        venue.IsDeaf = true;
        using var pipeline = Start(folder, venue);
        pipeline.SendQuote();
        pipeline.Host.Start();
        pipeline.Await(() => pipeline.Host.Ingress.MarketUpdatesAdmitted == 1);
        pipeline.SendSignal(900);
        pipeline.Await(() => pipeline.SignalsSeen == 1);
        Assert.That(pipeline.Host.Chain.Routing.CountOf(RoutingOutcome.RiskRefused), Is.EqualTo(1));
        Assert.That(pipeline.Host.Restart!.IsAnswered, Is.False);
    }

    private (List<ulong> Executions, int Position) MissedIn(string folder, SurvivingVenue venue)
    {
        using var pipeline = Start(folder, venue);
        var next = pipeline.Host.Recovered!.Position.Sequence;
        Reconcile(pipeline);
        pipeline.Await(() => pipeline.Host.IsDrained);
        var executions = new List<ulong>();
        using var journal = new JournalReader(pipeline.Host.Journal!.Folder);
        var e = default(PipelineEvent);
        while (journal.TryRead(ref e))
        {
            if (journal.Sequence >= next && e.Header.Kind == EventKind.ExecutionReport
                && e.Payload.ExecutionReport.Kind == ExecutionReportKind.Trade)
                executions.Add(e.Payload.ExecutionReport.ExecutionId);
        }

        executions.Sort();
        var position = pipeline.Host.Chain.Context.Portfolio.Position(0);
        return ([.. executions.Where(venue.WasMissed).Distinct()], position);
    }

    private string TradeAndBeKilled(SurvivingVenue venue)
    {
        using var pipeline = Start(_folders.New(), venue);
        pipeline.SendQuote();
        pipeline.Host.Start();
        pipeline.Await(() => pipeline.Host.Ingress.MarketUpdatesAdmitted == 1);
        for (var id = 1UL; id <= Signals; id++)
            pipeline.SendSignal(id);
        pipeline.Await(() => pipeline.SignalsSeen == Signals && pipeline.Host.IsDrained);
        pipeline.Await(() => pipeline.Host.Chain.Routing.Orders.WorkingOrders == Working && pipeline.Host.IsDrained);
        var killed = _folders.Copy(pipeline.Host.Journal!.Folder);
        venue.Disconnect();
        return killed;
    }

    private static void Reconcile(MemoryPipeline pipeline)
    {
        pipeline.Host.Start();
        pipeline.Await(() => pipeline.Host.Restart!.IsAnswered);
    }

    private static MemoryPipeline Start(string folder, SurvivingVenue venue) => new(
        Topology.Inline,
        venue: venue.Connect,
        journal: folder,
        state: new StateOptions { OrdersAtEnd = OrdersAtEnd.Leave, ReconcileTimeoutMs = 0 },
        change: static options => options with { Bracket = new BracketOptions() });

    /// <summary>
    /// The simulated exchange as a process of its own: it outlives the pipelines, and what it says while none is
    /// connected is lost.
    /// </summary>
    private sealed class SurvivingVenue : IVenueGateway, IMarketListener, IReportSink
    {
        private readonly HashSet<ulong> _executions = [];
        private readonly HashSet<ulong> _missed = [];
        private SimulatedExchange? _exchange;
        private IReportSink? _reports;
        private long _timeNs;

        public int Submitted { get; private set; }

        public int Position { get; private set; }

        /// <summary>Whether it answers no questions.</summary>
        public bool IsDeaf { get; set; }

        public Venue Connect(InstrumentTable instruments, ReportInbox reports)
        {
            _exchange ??= new SimulatedExchange(instruments, this, new SimulatedExchangeOptions());
            _reports = reports.OpenQueue();
            return new Venue(this, this);
        }

        public void Disconnect() => _reports = null;

        public bool WasMissed(ulong execution) => _missed.Contains(execution);

        /// <summary>The market rises beyond every target while no pipeline is there.</summary>
        public void ReachTargets() => OnMarket(0, new MarketUpdate
        {
            BidPriceE9 = 5_200_000_000_000,
            AskPriceE9 = 5_200_250_000_000,
            BidQuantity = 500,
            AskQuantity = 500,
            BidOrders = 20,
            AskOrders = 20,
            ExchangeTimeNs = _timeNs,
        }, _timeNs);

        public void RestForeignOrder(ulong number, int quantity)
        {
            var order = new Order
            {
                OrderId = OrderIds.Of(0, number),
                Side = Side.Buy,
                Type = OrderType.Limit,
                TimeInForce = TimeInForce.GoodTillCancel,
                Quantity = quantity,
                LimitPriceE9 = 4_700_000_000_000,
            };
            _exchange!.Submit(order, _timeNs);
        }

        public void OnReport(in ExecutionReport report)
        {
            if (report.Kind == ExecutionReportKind.Trade && _executions.Add(report.ExecutionId))
            {
                Position += report.Side == Side.Buy ? report.LastQuantity : -report.LastQuantity;
                if (_reports is null)
                    _missed.Add(report.ExecutionId);
            }

            _reports?.OnReport(report);
        }

        public void OnMarket(int instrumentIndex, in MarketUpdate update, long timeNs)
        {
            _timeNs = Math.Max(_timeNs, timeNs);
            _exchange!.OnMarket(instrumentIndex, update, _timeNs);
        }

        public void Submit(in Order order, long timeNs)
        {
            Submitted++;
            _exchange!.Submit(order, timeNs);
        }

        public void Cancel(in Order order, long timeNs) => _exchange!.Cancel(order, timeNs);

        public void Replace(in Order order, in OrderTerms terms, long timeNs) =>
            _exchange!.Replace(order, terms, timeNs);

        public bool TryCancelAll(long timeNs) => _exchange!.TryCancelAll(timeNs);

        public void RequestStatus(in Order order, long timeNs)
        {
            if (!IsDeaf)
                _exchange!.RequestStatus(order, timeNs);
        }

        public void RequestOpenOrders(long timeNs)
        {
            if (!IsDeaf)
                _exchange!.RequestOpenOrders(timeNs);
        }
    }
}
