using ExecutionPipeline.Execution.Algorithms;
using ExecutionPipeline.Execution.Brackets;
using ExecutionPipeline.Execution.Instruments;
using ExecutionPipeline.Execution.Limits;
using ExecutionPipeline.Execution.Orders;
using ExecutionPipeline.Execution.Venues;
using ExecutionPipeline.Messages.Events;

namespace ExecutionPipeline.Stages.Routing;

/// <summary>
/// Owns the orders. An approved decision becomes a parent order that its strategy's algorithm works by child orders;
/// reports change them, timers and quotes let the algorithms go on, commands end them. The event's own order (sent for
/// a decision, or spoken of by a report) is written into the event, everything else into the action log. The block is
/// left as it was for market updates and timers, but for the range of actions.
/// </summary>
public sealed class RoutingStage
{
    private const int None = ParentStore.None;

    private readonly InstrumentTable _instruments;
    private readonly OrderStore _orders;
    private readonly ParentStore _parents;
    private readonly MarketView[] _markets;
    private readonly OrderSender _sender;
    private readonly ChildCheck _check;
    private readonly RoutingOutputs _outputs;
    private readonly ParentDesk _desk;

    /// <summary>The parent of each instrument's close, while one is under way.</summary>
    private readonly int[] _closing;
    private readonly long[] _outcomes = new long[Enum.GetValues<RoutingOutcome>().Length];

    /// <param name="instruments">Of the events' indices.</param>
    /// <param name="orders">From now on this stage's.</param>
    /// <param name="limits">What child orders are held against as they leave.</param>
    /// <param name="algorithms">Work the parent orders.</param>
    /// <param name="gateway">The way to the venue.</param>
    /// <param name="ways">Where everything else goes.</param>
    public RoutingStage(
        InstrumentTable instruments,
        OrderStore orders,
        RiskLimits limits,
        AlgorithmSet algorithms,
        IVenueGateway gateway,
        RoutingWays ways)
    {
        _instruments = instruments;
        _orders = orders;
        Actions = ways.Actions;
        _parents = new ParentStore(instruments.Count);
        _markets = [.. instruments.All.ToArray().Select(static i => MarketView.Unknown(i))];
        _closing = new int[instruments.Count];
        Array.Fill(_closing, None);
        _sender = new OrderSender(orders, gateway);
        _check = new ChildCheck(limits);
        _outputs = new RoutingOutputs(ways.Actions, ways.Reports, ways.Timers);
        _desk = new ParentDesk(_parents, orders, _sender, algorithms, _check, _outputs, _markets);
    }

    /// <summary>The orders, to be read by the stage's own thread or at rest.</summary>
    public OrderStore Orders => _orders;

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

    /// <summary>Reports that something was executed, duplicates not counted.</summary>
    public long Fills { get; private set; }

    /// <summary>Contracts executed.</summary>
    public long FilledQuantity { get; private set; }

    /// <summary>Orders that ended as rejected.</summary>
    public long Rejected { get; private set; }

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
                e.Routing = default;
                Conclude(ref e, OnDecision(ref e));
                break;
            case EventKind.ExecutionReport:
                e.Routing = default;
                OnReport(ref e);
                e.Routing.WorkingOrders = _orders.WorkingOrders;
                break;
            case EventKind.Command:
                e.Routing = default;
                OnCommand(ref e);
                break;
            case EventKind.Timer when e.Payload.Timer.Owner == TimerOwner.Parent:
                _desk.OnTimer(e.Payload.Timer.Subject, ref e);
                break;
        }

        if ((e.Verdict.Changes & RiskChanges.Tripped) != 0 && e.Header.Kind != EventKind.Command)
            EndEverything(ref e);
        Actions.End(ref e);
    }

    private void Conclude(ref PipelineEvent e, RoutingOutcome outcome)
    {
        e.Routing.Outcome = outcome;
        e.Routing.WorkingOrders = _orders.WorkingOrders;
        _outcomes[(int)outcome]++;
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
        See(ref market, e);
        if (isTouchNew && _parents.First(instrument) != None)
            _desk.OnTouch(instrument, ref e);
    }

    private static void See(ref MarketView market, in PipelineEvent e)
    {
        market.BidPriceE9 = e.Portfolio.BidPriceE9;
        market.AskPriceE9 = e.Portfolio.AskPriceE9;
        market.MarkPriceE9 = e.Portfolio.MarkPriceE9;
        market.AtrE9 = e.Portfolio.AtrE9;
        market.Volatility = e.Portfolio.Volatility;
    }

    private RoutingOutcome OnDecision(ref PipelineEvent e)
    {
        ref var order = ref e.Routing.Order;
        order.SignalId = e.Payload.TradeQualified.SignalId;
        order.InstrumentIndex = e.Header.InstrumentIndex;
        order.Side = e.Decision.Side;
        order.Strategy = e.Decision.Strategy;
        order.ArrivalPriceE9 = e.Portfolio.MarkPriceE9;
        if (e.Payload.TradeQualified.Action == TradeAction.Hold)
            return RoutingOutcome.Hold;
        if (e.Decision.Lateness != DecisionLateness.None && e.Decision.Source == DecisionSource.None)
            return RoutingOutcome.Late;
        if (e.Decision.Quantity <= 0 || e.Decision.Side == Side.None)
            return RoutingOutcome.ZeroSize;
        if (e.Verdict.ApprovedQuantity <= 0)
            return RoutingOutcome.RiskRefused;

        return Open(ref e);
    }

    private RoutingOutcome Open(ref PipelineEvent e)
    {
        var instrument = e.Header.InstrumentIndex;
        var place = _parents.Add(e.Verdict.ParentId, instrument);
        if (place == None)
            return RefuseParent(ref e);

        ref var market = ref _markets[instrument];
        See(ref market, e);
        market.Regime = e.Verdict.Regime;
        market.VolatilityRegime = e.Verdict.Volatility;
        ref var parent = ref _parents[place];
        WriteParent(ref parent, e);
        _outputs.IsOwnOrderNext = true;
        var refusal = _desk.Begin(place, ref e);
        var isSent = !_outputs.IsOwnOrderNext;
        _outputs.IsOwnOrderNext = false;
        if (isSent)
            return RoutingOutcome.OrderSent;

        e.Routing.Order.StopPriceE9 = parent.StopPriceE9;
        e.Routing.Order.TargetPriceE9 = parent.TargetPriceE9;
        e.Routing.Order.Quantity = parent.Quantity;
        if (parent.Status != ParentStatus.Ended)
            return RoutingOutcome.Scheduled;

        e.Routing.Order.Status = OrderStatus.Rejected;
        if (refusal != ChildRefusal.Capacity)
            return RoutingOutcome.NothingToDo;

        return NoCapacity(ref e);
    }

    private void WriteParent(ref ParentOrder parent, in PipelineEvent e)
    {
        var instrument = _instruments[e.Header.InstrumentIndex];
        parent.SignalId = e.Payload.TradeQualified.SignalId;
        parent.Side = e.Decision.Side;
        parent.Strategy = e.Decision.Strategy;
        parent.Quantity = e.Verdict.ApprovedQuantity;
        parent.IsReducing = e.Verdict.Reducing != 0;
        parent.ArrivalPriceE9 = e.Portfolio.MarkPriceE9;
        parent.StartNs = e.Header.TimeNs;
        parent.Urgency = (float)e.Payload.TradeQualified.Urgency;
        parent.MarketVolumeAtStart = _markets[e.Header.InstrumentIndex].TradedVolume;
        parent.StopPriceE9 = BracketLevels.StopE9(instrument, e.Portfolio, e.Decision);
        parent.TargetPriceE9 = BracketLevels.TargetE9(instrument, e.Portfolio, e.Decision);
    }

    /// <summary>There is no place for the parent: what risk has reserved is given back by a report.</summary>
    private RoutingOutcome RefuseParent(ref PipelineEvent e)
    {
        ParentOrder refused = default;
        refused.ParentId = e.Verdict.ParentId;
        refused.InstrumentIndex = e.Header.InstrumentIndex;
        WriteParent(ref refused, e);
        _outputs.Report(refused, ExecutionReportKind.Rejected, e.Header.TimeNs);
        e.Routing.Order.Quantity = refused.Quantity;
        return NoCapacity(ref e);
    }

    private static RoutingOutcome NoCapacity(ref PipelineEvent e)
    {
        e.Routing.Order.OrderId = OrderIds.Of(e.Verdict.ParentId, 0);
        e.Routing.Order.Status = OrderStatus.Rejected;
        e.Routing.Order.RejectReason = VenueRejectReason.TooManyOrders;
        return RoutingOutcome.NoCapacity;
    }

    private void OnReport(ref PipelineEvent e)
    {
        ref readonly var report = ref e.Payload.ExecutionReport;
        ref readonly var resolution = ref e.Resolution;
        if (report.IsOfParent)
        {
            WriteUnknown(ref e.Routing.Order, report);
            e.Routing.Order.RejectReason = report.RejectReason;
            e.Routing.Disposition = resolution.Disposition;
            Count(report.Kind, resolution);
            return;
        }

        var disposition = _orders.Apply(report, resolution, out var slot, out var previous);
        if (slot < 0)
            WriteUnknown(ref e.Routing.Order, report);
        else
            RoutingOutputs.Write(ref e.Routing.Order, _orders[slot]);

        e.Routing.Order.PreviousStatus = previous;
        e.Routing.Order.RejectReason = report.RejectReason;
        e.Routing.Disposition = disposition;
        Count(report.Kind, resolution);
        if (slot >= 0 && disposition is not (ReportDisposition.Illegal or ReportDisposition.Duplicate))
            _desk.OnChild(_orders[slot], slot, resolution, ref e);

        GoOnClosing(e.Header.InstrumentIndex, isForced: false, ref e);
    }

    private void Count(ExecutionReportKind kind, in ExecutionResolution resolution)
    {
        if (resolution.Booked > 0)
        {
            Fills++;
            FilledQuantity += resolution.Booked;
        }

        if (kind == ExecutionReportKind.Rejected && !resolution.IsRefused)
            Rejected++;
    }

    private void OnCommand(ref PipelineEvent e)
    {
        var cancelsBefore = CancelsSent;
        Conclude(ref e, Obey(ref e));
        if ((e.Verdict.Changes & RiskChanges.Tripped) != 0)
            EndEverything(ref e);
        e.Routing.CancelsSent = (ushort)Math.Min(ushort.MaxValue, CancelsSent - cancelsBefore);
    }

    private RoutingOutcome Obey(ref PipelineEvent e)
    {
        var instrument = e.Header.InstrumentIndex;
        var kind = e.Payload.Command.Kind;
        if (kind is CommandKind.Resume or CommandKind.Query)
            return RoutingOutcome.None;

        var cancelsBefore = CancelsSent;
        _desk.EndAll(instrument, isReducingToo: kind != CommandKind.Kill, ref e);
        if (kind == CommandKind.CloseAll && Close(ref e))
            return RoutingOutcome.OrderSent;
        if (CancelsSent > cancelsBefore)
            return RoutingOutcome.CancelSent;

        return kind == CommandKind.Kill || _closing[instrument] != None
            ? RoutingOutcome.None
            : RoutingOutcome.NothingToDo;
    }

    /// <summary>
    /// Closes what is held as soon as nothing works in the instrument any more; commanded again, at once. Whether an
    /// order left with this event.
    /// </summary>
    private bool Close(ref PipelineEvent e)
    {
        var instrument = e.Header.InstrumentIndex;
        var isForced = _closing[instrument] != None;
        if (!isForced && e.Verdict.ParentId != 0)
        {
            var place = _parents.Add(e.Verdict.ParentId, instrument);
            if (place == None)
                return false;

            ref var parent = ref _parents[place];
            parent.Purpose = OrderPurpose.Close;
            parent.IsReducing = true;
            parent.IsPaused = true;
            parent.Quantity = e.Verdict.ApprovedQuantity;
            parent.Side = e.Portfolio.Position > 0 ? Side.Sell : Side.Buy;
            parent.ArrivalPriceE9 = e.Portfolio.MarkPriceE9;
            parent.StartNs = e.Header.TimeNs;
            _closing[instrument] = place;
        }

        _outputs.IsOwnOrderNext = true;
        GoOnClosing(instrument, isForced, ref e);
        var isSent = !_outputs.IsOwnOrderNext;
        _outputs.IsOwnOrderNext = false;
        return isSent;
    }

    private void GoOnClosing(int instrument, bool isForced, ref PipelineEvent e)
    {
        var place = _closing[instrument];
        if (place == None || _parents[place].ChildSlot != None)
            return;

        ref var parent = ref _parents[place];
        if (parent.Children > 0)
        {
            // Its order has ended: what the market did not take stays.
            EndClose(instrument, place, e.Header.TimeNs);
            return;
        }

        if (_orders.IsWorking(instrument) && !isForced)
            return;

        var position = e.Portfolio.Position;
        parent.Quantity = Math.Abs(position);
        parent.Side = position > 0 ? Side.Sell : Side.Buy;
        if (position == 0 || !_desk.TrySendMarket(place, parent.Quantity, ref e))
            EndClose(instrument, place, e.Header.TimeNs);
    }

    private void EndClose(int instrument, int place, long timeNs)
    {
        _closing[instrument] = None;
        _desk.End(place, timeNs, ExecutionReportKind.Expired);
    }

    /// <summary>
    /// The kill switch was tripped: what adds risk and works is ended with the same event, whatever that was.
    /// </summary>
    private void EndEverything(ref PipelineEvent e)
    {
        for (var instrument = 0; instrument < _instruments.Count; instrument++)
            _desk.EndAll(instrument, isReducingToo: false, ref e);
    }

    private static void WriteUnknown(ref OrderState state, in ExecutionReport report)
    {
        state.OrderId = report.OrderId;
        state.Side = report.Side;
        state.InstrumentIndex = report.InstrumentIndex;
        state.CumulativeQuantity = report.CumulativeQuantity;
        state.LeavesQuantity = report.LeavesQuantity;
        state.Status = report.Kind switch
        {
            ExecutionReportKind.New => OrderStatus.New,
            ExecutionReportKind.Trade when report.LeavesQuantity == 0 => OrderStatus.Filled,
            ExecutionReportKind.Trade => OrderStatus.PartiallyFilled,
            ExecutionReportKind.Cancelled => OrderStatus.Cancelled,
            ExecutionReportKind.Rejected => OrderStatus.Rejected,
            ExecutionReportKind.Expired => OrderStatus.Expired,
            _ => OrderStatus.None,
        };
    }
}

/// <summary>Where routing's outputs go beside the venue.</summary>
/// <param name="Actions">What events led to beside their own order.</param>
/// <param name="Reports">Routing's own reports, on their way to ingress.</param>
/// <param name="Timers">Timers that come back as events.</param>
public sealed record RoutingWays(ActionLog Actions, IReportSink Reports, ITimerSink Timers);
