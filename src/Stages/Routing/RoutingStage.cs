using ExecutionPipeline.Execution.Brackets;
using ExecutionPipeline.Execution.Instruments;
using ExecutionPipeline.Execution.Orders;
using ExecutionPipeline.Execution.Venues;
using ExecutionPipeline.Messages.Events;

namespace ExecutionPipeline.Stages.Routing;

/// <summary>
/// Owns the orders: an approved decision becomes one, reports change them, commands end them. The routing block is
/// written for signals, reports and commands, and left as it was for market updates and timers, for nobody reads it.
/// An order that could not be sent is answered by a rejection of the stage's own, on the same way as a venue's, so
/// that every stage hears of it. IMMEDIATE goes at the market, the other strategies at the far touch, all immediate or
/// cancel; stop and target are planned at ATR multiples from the price of the decision.
/// </summary>
public sealed class RoutingStage
{
    private readonly InstrumentTable _instruments;
    private readonly OrderStore _orders;
    private readonly IVenueGateway _gateway;
    private readonly IReportSink _sink;
    private readonly long[] _outcomes = new long[Enum.GetValues<RoutingOutcome>().Length];

    /// <param name="instruments">Of the events' indices.</param>
    /// <param name="orders">From now on this stage's.</param>
    /// <param name="gateway">The way to the venue.</param>
    /// <param name="sink">The way back: the same queue that the gateway reports to.</param>
    public RoutingStage(
        InstrumentTable instruments,
        OrderStore orders,
        IVenueGateway gateway,
        IReportSink sink)
    {
        _instruments = instruments;
        _orders = orders;
        _gateway = gateway;
        _sink = sink;
    }

    /// <summary>The orders, to be read by the stage's own thread or at rest.</summary>
    public OrderStore Orders => _orders;

    /// <summary>Orders that left for the venue, operators' included.</summary>
    public long OrdersSent { get; private set; }

    /// <summary>Cancel requests that left for the venue.</summary>
    public long CancelsSent { get; private set; }

    /// <summary>Reports that something was executed, duplicates not counted.</summary>
    public long Fills { get; private set; }

    /// <summary>Contracts executed.</summary>
    public long FilledQuantity { get; private set; }

    /// <summary>Orders that ended as rejected.</summary>
    public long Rejected { get; private set; }

    /// <summary>Signals and commands that ended so.</summary>
    public long CountOf(RoutingOutcome outcome) => _outcomes[(int)outcome];

    public void OnEvent(ref PipelineEvent e)
    {
        var cancelsBefore = CancelsSent;
        switch (e.Header.Kind)
        {
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
                Conclude(ref e, OnCommand(ref e));
                break;
        }

        if ((e.Verdict.Changes & RiskChanges.Tripped) != 0)
            CancelEverything(e.Header.TimeNs);
        if (e.Header.Kind == EventKind.Command)
            e.Routing.CancelsSent = (int)(CancelsSent - cancelsBefore);
    }

    private void Conclude(ref PipelineEvent e, RoutingOutcome outcome)
    {
        e.Routing.Outcome = outcome;
        e.Routing.WorkingOrders = _orders.WorkingOrders;
        _outcomes[(int)outcome]++;
    }

    /// <summary>Keeps the order and sends it. False when there is no room for it: a rejection is on its way.</summary>
    private bool TrySend(in Order order)
    {
        if (!_orders.TryAdd(order, out var slot))
        {
            Refuse(order);
            return false;
        }

        OrdersSent++;
        _gateway.Submit(_orders[slot], order.SubmitTimeNs);
        return true;
    }

    private void Refuse(in Order order)
    {
        var report = new ExecutionReport
        {
            OrderId = order.OrderId,
            Kind = ExecutionReportKind.Rejected,
            Side = order.Side,
            RejectReason = VenueRejectReason.TooManyOrders,
            InstrumentIndex = order.InstrumentIndex,
            ReleasedQuantity = order.Quantity,
            VenueTimeNs = order.SubmitTimeNs,
            OrderQuantity = order.Quantity,
        };
        _sink.OnReport(report);
    }

    private static void WriteOrder(ref RoutingResult result, in Order order)
    {
        result.OrderId = order.OrderId;
        result.SignalId = order.SignalId;
        result.Status = order.Status;
        result.Side = order.Side;
        result.Type = order.Type;
        result.TimeInForce = order.TimeInForce;
        result.Strategy = order.Strategy;
        result.Quantity = order.Quantity;
        result.CumulativeQuantity = order.CumulativeQuantity;
        result.LeavesQuantity = order.LeavesQuantity;
        result.LimitPriceE9 = order.LimitPriceE9;
        result.AveragePriceE9 = order.AveragePriceE9;
        result.StopPriceE9 = order.StopPriceE9;
        result.TargetPriceE9 = order.TargetPriceE9;
        result.ArrivalPriceE9 = order.ArrivalPriceE9;
    }

    /// <summary>Sends an order and writes it into the event.</summary>
    private RoutingOutcome Send(ref PipelineEvent e, ref Order order)
    {
        order.Status = OrderStatus.PendingNew;
        var isSent = TrySend(order);
        WriteOrder(ref e.Routing, order);
        if (isSent)
            return RoutingOutcome.OrderSent;

        e.Routing.Status = OrderStatus.Rejected;
        e.Routing.RejectReason = VenueRejectReason.TooManyOrders;
        e.Routing.LeavesQuantity = 0;
        return RoutingOutcome.NoCapacity;
    }

    private RoutingOutcome OnDecision(ref PipelineEvent e)
    {
        e.Routing.SignalId = e.Payload.TradeQualified.SignalId;
        e.Routing.Side = e.Decision.Side;
        e.Routing.Strategy = e.Decision.Strategy;
        e.Routing.ArrivalPriceE9 = e.Portfolio.MarkPriceE9;
        if (e.Payload.TradeQualified.Action == TradeAction.Hold)
            return RoutingOutcome.Hold;
        if (e.Decision.Lateness != DecisionLateness.None && e.Decision.Source == DecisionSource.None)
            return RoutingOutcome.Late;
        if (e.Decision.Quantity <= 0 || e.Decision.Side == Side.None)
            return RoutingOutcome.ZeroSize;
        if (e.Verdict.ApprovedQuantity <= 0)
            return RoutingOutcome.RiskRefused;

        CreateOrder(ref e, out var order);
        return Send(ref e, ref order);
    }

    private void CreateOrder(ref PipelineEvent e, out Order order)
    {
        var instrument = _instruments[e.Header.InstrumentIndex];
        var isMarket = e.Decision.Strategy == ExecutionStrategy.Immediate;
        order = default;
        order.OrderId = e.Verdict.OrderId;
        order.SignalId = e.Payload.TradeQualified.SignalId;
        order.InstrumentIndex = e.Header.InstrumentIndex;
        order.Side = e.Decision.Side;
        order.Type = isMarket ? OrderType.Market : OrderType.Limit;
        order.TimeInForce = TimeInForce.ImmediateOrCancel;
        order.Strategy = e.Decision.Strategy;
        order.Quantity = e.Verdict.ApprovedQuantity;
        order.LimitPriceE9 = isMarket ? 0 : FarTouchE9(instrument, e.Portfolio, order.Side);
        order.ArrivalPriceE9 = e.Portfolio.MarkPriceE9;
        order.SubmitTimeNs = e.Header.TimeNs;

        order.StopPriceE9 = BracketLevels.StopE9(instrument, e.Portfolio, e.Decision);
        order.TargetPriceE9 = BracketLevels.TargetE9(instrument, e.Portfolio, e.Decision);
    }

    /// <summary>The price that trades at once; the decision's own price while the far side is not quoted.</summary>
    private static long FarTouchE9(Instrument instrument, in PortfolioSnapshot market, Side side)
    {
        var farE9 = side == Side.Buy ? market.AskPriceE9 : market.BidPriceE9;
        var priceE9 = farE9 == MarketUpdate.NoPrice ? market.MarkPriceE9 : farE9;
        return Math.Max(instrument.TickSizeE9, instrument.RoundToTickE9(priceE9));
    }

    private void OnReport(ref PipelineEvent e)
    {
        ref readonly var report = ref e.Payload.ExecutionReport;
        ref readonly var resolution = ref e.Resolution;
        var disposition = _orders.Apply(report, resolution, out var slot, out var previous);
        if (disposition == ReportDisposition.Unknown)
            WriteUnknown(ref e.Routing, report);
        else
            WriteOrder(ref e.Routing, _orders[slot]);

        e.Routing.PreviousStatus = previous;
        e.Routing.RejectReason = report.RejectReason;
        e.Routing.Disposition = disposition;
        Count(report.Kind, resolution);

        // A close that had waited for this report: its own reports will tell of it.
        if (e.Verdict.ApprovedQuantity > 0)
        {
            CreateClose(ref e, out var order);
            TrySend(order);
        }
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

    private RoutingOutcome OnCommand(ref PipelineEvent e)
    {
        var kind = e.Payload.Command.Kind;
        if (kind is CommandKind.Resume or CommandKind.Query)
            return RoutingOutcome.None;

        var cancels = CancelResting(e.Header.InstrumentIndex, e.Header.TimeNs);
        if (e.Verdict.ApprovedQuantity > 0)
        {
            CreateClose(ref e, out var order);
            return Send(ref e, ref order);
        }

        if (cancels > 0)
            return RoutingOutcome.CancelSent;

        var isWaiting = kind == CommandKind.CloseAll && _orders.IsWorking(e.Header.InstrumentIndex);
        return kind == CommandKind.Kill || isWaiting ? RoutingOutcome.None : RoutingOutcome.NothingToDo;
    }

    /// <summary>Orders that the venue ends at once by itself are left alone: their answers are on the way.</summary>
    private int CancelResting(int instrument, long timeNs)
    {
        var sent = 0;
        for (var slot = _orders.FirstWorking(instrument); slot >= 0; slot = _orders.NextWorking(slot))
        {
            if (_orders[slot].IsImmediate || !_orders.TryRequestCancel(slot))
                continue;

            _gateway.Cancel(_orders[slot], timeNs);
            sent++;
        }

        CancelsSent += sent;
        return sent;
    }

    /// <summary>The kill switch was tripped: what rests is cancelled with the same event, whatever that was.</summary>
    private void CancelEverything(long timeNs)
    {
        for (var instrument = 0; instrument < _instruments.Count; instrument++)
            CancelResting(instrument, timeNs);
    }

    private void CreateClose(ref PipelineEvent e, out Order order)
    {
        order = default;
        order.OrderId = e.Verdict.OrderId;
        order.InstrumentIndex = e.Header.InstrumentIndex;
        order.Side = e.Portfolio.Position > 0 ? Side.Sell : Side.Buy;
        order.Type = OrderType.Market;
        order.TimeInForce = TimeInForce.ImmediateOrCancel;
        order.Strategy = ExecutionStrategy.Immediate;
        order.Status = OrderStatus.PendingNew;
        order.Quantity = e.Verdict.ApprovedQuantity;
        order.ArrivalPriceE9 = e.Portfolio.MarkPriceE9;
        order.SubmitTimeNs = e.Header.TimeNs;
    }

    private static void WriteUnknown(ref RoutingResult result, in ExecutionReport report)
    {
        result.OrderId = report.OrderId;
        result.Side = report.Side;
        result.CumulativeQuantity = report.CumulativeQuantity;
        result.LeavesQuantity = report.LeavesQuantity;
        result.Status = report.Kind switch
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
