using ExecutionPipeline.Execution.Algorithms;
using ExecutionPipeline.Execution.Brackets;
using ExecutionPipeline.Execution.Instruments;
using ExecutionPipeline.Execution.Limits;
using ExecutionPipeline.Execution.Orders;
using ExecutionPipeline.Execution.State;
using ExecutionPipeline.Execution.Trades;
using ExecutionPipeline.Execution.Venues;
using ExecutionPipeline.Execution.Venues.Routing;
using ExecutionPipeline.Messages.Events;

namespace ExecutionPipeline.Stages.Routing;

/// <summary>
/// Owns orders and trades. An approved decision becomes a parent order that its strategy's algorithm works by child
/// orders; what they execute becomes a trade with exit orders of its own. Reports change them, timers and quotes let
/// the algorithms go on, commands end them. The event's own order (sent for a decision, or spoken of by a report) is
/// written into the event, everything else into the action log. The block is left as it was for market updates and
/// timers, but for the range of actions.
/// </summary>
public sealed class RoutingStage : IStateful
{
    private const int None = ParentStore.None;

    private readonly InstrumentTable _instruments;
    private readonly OrderStore _orders;
    private readonly VenueTable _venues;
    private readonly ParentStore _parents;
    private readonly MarketView[] _markets;
    private readonly OrderSender _sender;
    private readonly ChildCheck _check;
    private readonly RoutingOutputs _outputs;
    private readonly ParentDesk _desk;
    private readonly ParentCommands _commands;
    private readonly ExitDesk _exits;
    private readonly DecisionDesk _decisions;
    private readonly CloseDesk _closes;
    private readonly InquiryDesk _inquiries;
    private readonly VenueDesk _venueDesk;
    private readonly long[] _outcomes = new long[Enum.GetValues<RoutingOutcome>().Length];

    /// <param name="instruments">Of the events' indices.</param>
    /// <param name="orders">From now on this stage's.</param>
    /// <param name="limits">What child orders are held against as they leave.</param>
    /// <param name="algorithms">Work the parent orders.</param>
    /// <param name="bracket">How trades are ended by orders of their own.</param>
    /// <param name="gateway">The way to the first venue.</param>
    /// <param name="ways">Where everything else goes.</param>
    public RoutingStage(
        InstrumentTable instruments,
        OrderStore orders,
        RiskLimits limits,
        AlgorithmSet algorithms,
        BracketOptions bracket,
        IVenueGateway gateway,
        RoutingWays ways)
    {
        _instruments = instruments;
        _orders = orders;
        Actions = ways.Actions;
        _parents = new ParentStore(instruments.Count, ways.Room.Parents);
        _markets = [.. instruments.All.ToArray().Select(static i => MarketView.Unknown(i))];
        _venues = new VenueTable(ways.Options.Venues);
        IVenueGateway[] gateways = [gateway, .. ways.OtherVenues];
        if (gateways.Length != _venues.Count)
            throw new ArgumentException($"routing has {_venues.Count} venues and {gateways.Length} ways to them.");

        _sender = new OrderSender(orders, _venues, gateways, ways.Room.OrderPlaces);
        _check = new ChildCheck(limits);
        _outputs = new RoutingOutputs(ways.Actions, ways.Reports, ways.Timers);
        var children = new ChildDesk(_parents, orders, _sender, _check, _outputs, _venues);
        _desk = new ParentDesk(
            _parents, orders, _sender, children, algorithms, _outputs, _markets, ways.Options);
        _commands = new ParentCommands(_parents, orders, _sender, _desk, _outputs);
        var exits = new BracketExits(bracket);
        var trades = new TradeBook(instruments, ways.Room.Trades);
        _exits = new ExitDesk(
            instruments, trades, exits, orders, _sender, _outputs, _desk, _venues);
        _desk.Exits = _exits;
        _decisions = new DecisionDesk(instruments, _parents, algorithms, _desk, _outputs, _markets);
        _closes = new CloseDesk(instruments.Count, _parents, _desk, _exits, _decisions, _outputs);
        _inquiries = new InquiryDesk(orders, _sender, _venues, _outputs, ways.Options);
        _venueDesk = new VenueDesk(
            _venues, orders, _sender, _desk, children, _outputs, instruments.Count);
    }

    /// <summary>The orders, to be read by the stage's own thread or at rest.</summary>
    public OrderStore Orders => _orders;

    /// <summary>The trades, to be read by the stage's own thread or at rest.</summary>
    public TradeBook Trades => _exits.Trades;

    /// <summary>Exit orders sent for trades.</summary>
    public long ExitsSent => _exits.ExitsSent;

    /// <summary>Parent orders that have not ended.</summary>
    public int WorkingParents => _parents.Count;

    /// <summary>What events led to beside their own order.</summary>
    public ActionLog Actions { get; }

    /// <summary>Orders that left for the venue, operators' included.</summary>
    public long OrdersSent => _sender.OrdersSent;

    /// <summary>Cancel requests that left for the venue.</summary>
    public long CancelsSent => _sender.CancelsSent;

    /// <summary>Replace requests that left for the venue.</summary>
    public long ReplacesSent => _sender.ReplacesSent;

    /// <summary>How often a venue was asked for an order whose request it had not answered in time.</summary>
    public long Unanswered => _inquiries.Unanswered;

    /// <summary>Reports that something was executed, duplicates not counted.</summary>
    public long Fills { get; private set; }

    /// <summary>Contracts executed.</summary>
    public long FilledQuantity { get; private set; }

    /// <summary>Orders that ended as rejected.</summary>
    public long Rejected { get; private set; }

    /// <summary>Orders that a venue had and nobody here knew of.</summary>
    public long Adopted => _venueDesk.Adopted;

    /// <summary>How often, after a restart, venues have said what became of every order. Any thread may look.</summary>
    public long Reconciliations => _venueDesk.Reconciliations;

    /// <summary>Venues that are not connected: a bit each, by their numbers. Any thread may look.</summary>
    public long LostVenues => _venues.Lost;

    /// <summary>Signals and commands that ended so.</summary>
    public long CountOf(RoutingOutcome outcome) => _outcomes[(int)outcome];

    /// <summary>Child orders that were held back in the event in which they should have left.</summary>
    public long CountOf(ChildRefusal refusal) => _check.CountOf(refusal);

    public void OnEvent(ref PipelineEvent e)
    {
        Actions.Begin();
        switch (e.Header.Kind)
        {
            case EventKind.MarketUpdate:
                OnMarket(ref e);
                break;
            case EventKind.TradeQualified:
                Conclude(ref e, _decisions.OnDecision(ref e));
                break;
            case EventKind.ExecutionReport:
                OnReport(ref e);
                break;
            case EventKind.Command:
                OnCommand(ref e);
                break;
            case EventKind.Timer:
                OnTimer(ref e);
                break;
        }

        if ((e.Verdict.Changes & RiskChanges.Tripped) != 0 && e.Header.Kind != EventKind.Command)
            EndEverything(ref e);
        Actions.End(ref e);
    }

    public void Transfer(StateStream state)
    {
        state.Section("orders");
        _orders.Transfer(state);
        _parents.Transfer(state);
        _venues.Transfer(state);
        _sender.Transfer(state);
        _inquiries.Transfer(state);
        _venueDesk.Transfer(state);
        _check.Transfer(state);
        state.Section("trades");
        _exits.Transfer(state);
        state.Section("routing");
        foreach (ref var market in _markets.AsSpan())
            market.Transfer(state);
        _closes.Transfer(state);
        state.Array(_outcomes);
        Fills = state.Next(Fills);
        FilledQuantity = state.Next(FilledQuantity);
        Rejected = state.Next(Rejected);
    }

    private void Conclude(ref PipelineEvent e, RoutingOutcome outcome)
    {
        e.Routing.Outcome = outcome;
        e.Routing.WorkingOrders = _orders.WorkingOrders;
        _outcomes[(int)outcome]++;
    }

    private void OnTimer(ref PipelineEvent e)
    {
        ref readonly var timer = ref e.Payload.Timer;
        switch (timer.Owner)
        {
            case TimerOwner.Parent:
                _desk.OnTimer(timer.Subject, ref e);
                break;
            case TimerOwner.Trade:
                _exits.OnTimer(timer.Subject, ref e);
                break;
            case TimerOwner.Risk:
                _inquiries.OnSecond(e.Header.TimeNs);
                _venueDesk.OnSecond(e.Header.TimeNs);
                _exits.OnSecond(ref e);
                break;
        }
    }

    private void OnMarket(ref PipelineEvent e)
    {
        var instrument = e.Header.InstrumentIndex;
        ref var market = ref _markets[instrument];
        ref readonly var update = ref e.Payload.MarketUpdate;
        var isTouchNew = market.BidPriceE9 != update.BidPriceE9 || market.AskPriceE9 != update.AskPriceE9;
        market.BidQuantity = update.BidQuantity;
        market.AskQuantity = update.AskQuantity;
        market.TradedVolume += update.TradeQuantity;
        market.See(e.Portfolio);
        if (market.MarkPriceE9 > 0)
            _exits.Trades.OnPrice(instrument, market.MarkPriceE9);
        if (isTouchNew && _parents.First(instrument) != None)
            _desk.OnTouch(instrument, ref e);
    }

    private void OnReport(ref PipelineEvent e)
    {
        e.Routing = default;
        if (!e.Payload.ExecutionReport.IsOfOrder)
            RoutingOutputs.WriteOwnWord(ref e);
        if (e.Payload.ExecutionReport.IsOfVenue)
            _venueDesk.OnReport(ref e);
        else if (e.Payload.ExecutionReport.IsOfOrder)
            Apply(ref e);

        Count(e.Payload.ExecutionReport, e.Resolution);
        if (_exits.IsClosing(e.Header.InstrumentIndex))
            _closes.EndWhenFlat(e.Header.InstrumentIndex, ref e);
        e.Routing.WorkingOrders = _orders.WorkingOrders;
    }

    private void Apply(ref PipelineEvent e)
    {
        ref readonly var report = ref e.Payload.ExecutionReport;
        // A late word of an order that has ended, and that the store may have forgotten, is nothing that works.
        var isAdopted = report.IsWorkingStatus
            && !e.Resolution.IsRefused
            && e.Resolution.Disposition != ReportDisposition.Late
            && _venueDesk.TryAdopt(in report, e.Resolution, e.Header.TimeNs);
        var disposition = _orders.Apply(report, e.Resolution, e.Header.TimeNs, out var slot, out var previous);
        if (slot < 0)
            RoutingOutputs.WriteUnknown(ref e.Routing.Order, report);
        else
            RoutingOutputs.Write(ref e.Routing.Order, _orders[slot]);

        e.Routing.Order.PreviousStatus = previous;
        e.Routing.Order.RejectReason = report.RejectReason;
        e.Routing.Disposition = disposition;
        var isNews = slot < 0
            ? !e.Resolution.IsRefused
            : disposition is not (ReportDisposition.Duplicate or ReportDisposition.Illegal);
        if (isNews)
            Follow(slot, ref e);
        if (isAdopted && MayNotRest(in e))
            _commands.CancelOrphan(slot, e.Header.TimeNs);
        _venueDesk.OnOrder();
    }

    /// <summary>
    /// Whether an order that adds risk would have been cancelled, had it been known: the commands that cancel came
    /// before it.
    /// </summary>
    private bool MayNotRest(ref readonly PipelineEvent e) => e.Verdict.KillSwitch != 0
        || e.Verdict.EntriesStopped != 0
        || _exits.IsWithdrawn
        || _exits.IsClosing(e.Header.InstrumentIndex);

    /// <summary>Books what was executed, and lets the order's owner go on: another may take its slot.</summary>
    private void Follow(int slot, ref PipelineEvent e)
    {
        Order order = slot < 0 ? default : _orders[slot];
        if (order.TradeId != 0)
        {
            _exits.OnExit(order, ref e);
            if (e.Resolution.Booked > 0)
                FitClosing(e.Header.InstrumentIndex, ref e);
            return;
        }

        var isWorked = _parents.TryFind(order.ParentId, out var place);
        var mayShift = isWorked && _parents[place].Status == ParentStatus.Working && !e.Verdict.StopsEntries;
        if (e.Resolution.Booked > 0)
        {
            var left = isWorked ? _parents[place].Remaining : e.Resolution.Booked + order.LeavesQuantity;
            var planned = isWorked ? left : order.Quantity;
            var lateToClose = order.IsReducing ? left : 0;
            var toClose = isWorked ? _parents[place].LeftToClose : lateToClose;
            _exits.OnEntry(order, planned, left, toClose, isWorked, ref e);
        }

        if (slot >= 0)
            _desk.OnChild(order, slot, e.Resolution, ref e);
        if (e.Resolution.Booked > 0 && !mayShift)
            FitClosing(e.Header.InstrumentIndex, ref e);
        else if (e.Resolution.Booked > 0)
            _commands.Shift(e.Header.InstrumentIndex, _exits.Trades.Position(e.Header.InstrumentIndex));
    }

    private void FitClosing(int instrument, ref PipelineEvent e) =>
        _commands.Fit(instrument, _exits.Trades.Position(instrument), ref e);

    private void Count(in ExecutionReport report, in ExecutionResolution resolution)
    {
        if (resolution.Booked > 0)
        {
            Fills++;
            FilledQuantity += resolution.Booked;
        }

        var isRejected = report.Kind == ExecutionReportKind.Rejected || report.IsUnknownOrder;
        if (isRejected && !resolution.IsRefused)
            Rejected++;
    }

    private void OnCommand(ref PipelineEvent e)
    {
        e.Routing = default;
        var cancelsBefore = CancelsSent;
        Conclude(ref e, Obey(ref e));
        if ((e.Verdict.Changes & RiskChanges.Tripped) != 0)
            EndEverything(ref e);
        e.Routing.CancelsSent = (ushort)Math.Min(ushort.MaxValue, CancelsSent - cancelsBefore);
    }

    private RoutingOutcome Obey(ref PipelineEvent e)
    {
        var instrument = e.Header.InstrumentIndex;
        ref readonly var command = ref e.Payload.Command;
        if (command.Kind == CommandKind.Query)
            _commands.List(instrument);
        else if (command.Kind == CommandKind.Restart)
            Restart(ref e);
        if (command.Kind is CommandKind.Resume or CommandKind.ResumeEntries or CommandKind.Query
            or (>= CommandKind.JournalDegraded and <= CommandKind.Reconciled))
            return RoutingOutcome.None;
        if (command.Kind == CommandKind.SetLimit)
            return _check.Obey(in command);
        if (command.IsOnOrder)
            return _commands.Obey(ref e);

        var cancelsBefore = CancelsSent;
        var isReducingToo = command.Kind is CommandKind.CancelAll or CommandKind.CloseAll;
        _commands.EndAll(instrument, isReducingToo, ref e);
        FitClosing(instrument, ref e);
        if (command is { Kind: CommandKind.CancelAll, Reason: CommandReason.Host })
            _exits.Withdraw(instrument, ref e);
        if (command.Kind == CommandKind.CloseAll && _closes.Close(ref e))
            return RoutingOutcome.OrderSent;
        if (CancelsSent > cancelsBefore)
            return RoutingOutcome.CancelSent;

        return command.Kind is CommandKind.Kill or CommandKind.StopEntries || _closes.IsClosing(instrument)
            ? RoutingOutcome.None
            : RoutingOutcome.NothingToDo;
    }

    private void Restart(ref PipelineEvent e)
    {
        _venueDesk.Restart(ref e);
        _exits.Restart(e.Header.TimeNs);
    }

    /// <summary>
    /// The kill switch was tripped: what adds risk and works is ended with the same event, whatever that was.
    /// </summary>
    private void EndEverything(ref PipelineEvent e)
    {
        for (var instrument = 0; instrument < _instruments.Count; instrument++)
        {
            _commands.EndAll(instrument, isReducingToo: false, ref e);
            FitClosing(instrument, ref e);
        }
    }
}
