using ExecutionPipeline.Execution.Brackets;
using ExecutionPipeline.Execution.Instruments;
using ExecutionPipeline.Execution.Orders;
using ExecutionPipeline.Execution.State;
using ExecutionPipeline.Execution.Trades;
using ExecutionPipeline.Execution.Venues.Routing;
using ExecutionPipeline.Messages.Events;

namespace ExecutionPipeline.Stages.Routing;

/// <summary>
/// Books every execution into the trades, and keeps the exit orders of each trade as <see cref="BracketExits"/> wants
/// them: after whatever changed the trade or one of its exits, the plan is made again and what is missing is asked for.
/// </summary>
internal sealed class ExitDesk : IStateful
{
    private readonly InstrumentTable _instruments;
    private readonly BracketExits _exits;
    private readonly OrderStore _orders;
    private readonly OrderSender _sender;
    private readonly RoutingOutputs _outputs;
    private readonly ParentDesk _parents;
    private readonly VenueTable _venues;

    /// <summary>What each instrument is being closed for; unknown: it is not.</summary>
    private readonly ExitReason[] _closingFor;
    private bool _isWithdrawn;

    public ExitDesk(
        InstrumentTable instruments,
        TradeBook trades,
        BracketExits exits,
        OrderStore orders,
        OrderSender sender,
        RoutingOutputs outputs,
        ParentDesk parents,
        VenueTable venues)
    {
        _venues = venues;
        _instruments = instruments;
        Trades = trades;
        _exits = exits;
        _orders = orders;
        _sender = sender;
        _outputs = outputs;
        _parents = parents;
        _closingFor = new ExitReason[instruments.Count];
    }

    public TradeBook Trades { get; }

    /// <summary>Exit orders sent.</summary>
    public long ExitsSent { get; private set; }

    /// <summary>Whether the pipeline ends, and nothing is to rest at a venue any more.</summary>
    public bool IsWithdrawn => _isWithdrawn;

    /// <summary>Whether an instrument is being closed, with or without a parent that stands for it.</summary>
    public bool IsClosing(int instrument) => _closingFor[instrument] != ExitReason.Unknown;

    /// <summary>Whether everything of an instrument is flat and nothing of it works.</summary>
    public bool IsFlat(int instrument) =>
        Trades.FirstOpen(instrument, Side.Buy) < 0
        && Trades.FirstOpen(instrument, Side.Sell) < 0
        && !_orders.IsWorking(instrument);

    /// <summary>An order of a parent was executed, or one that nobody knows.</summary>
    /// <param name="order">Empty where it is not known.</param>
    /// <param name="planned">Contracts that a trade which begins now is planned for.</param>
    /// <param name="left">Contracts that its parent was still to execute before this.</param>
    /// <param name="toClose">Of those: contracts that are to close what is held.</param>
    /// <param name="isWorked">Whether its parent has not ended.</param>
    /// <param name="e">A report that has booked something.</param>
    public void OnEntry(in Order order, int planned, int left, int toClose, bool isWorked, ref PipelineEvent e)
    {
        var origin = new TradeOrigin
        {
            SignalId = order.SignalId,
            ParentId = order.Purpose == OrderPurpose.Entry ? order.ParentId : 0,
            Strategy = order.Strategy,
            ExitReason = ReasonOfEntry(order, left, e),
            ToClose = toClose,
            PlannedQuantity = planned,
            StopPriceE9 = order.StopPriceE9,
            TargetPriceE9 = order.TargetPriceE9,
            ArrivalPriceE9 = order.ArrivalPriceE9,
            ArrivalNs = order.SubmitTimeNs,
            HoldingNs = order.ParentId == 0 ? 0 : _exits.HoldingNs,
        };
        Trades.BookEntry(ExecutionOf(e), origin);
        // Nobody tells again that a parent has ended.
        if (!isWorked)
            Trades.TryEndEntry(order.ParentId, out _);
        FollowTouched(ref e);
    }

    /// <summary>A report has changed an exit order.</summary>
    public void OnExit(in Order order, ref PipelineEvent e)
    {
        var leg = LegOf(order);
        if (e.Resolution.Booked > 0)
        {
            Trades.BookExit(ExecutionOf(e), order.TradeId, ReasonOf(order), isAtMarket: leg == ExitLeg.Close);
            FollowTouched(ref e);
        }

        // A late word of an order that another has followed says nothing of the one that stands now.
        if (!Trades.TryFind(order.TradeId, out var slot) || OrderOf(Trades[slot], leg) != order.OrderId)
            return;

        var isHeld = e.Payload.ExecutionReport.IsRefusedRequest;
        var retryNs = _exits.RetryNs;
        if (!order.IsWorking)
        {
            var isForPhase = order.HasNotArrived && e.Payload.ExecutionReport.IsForPhase;
            retryNs = _exits.RetryAfter(leg, Trades.CountPhaseRefusal(slot, leg, isForPhase));
            isHeld |= order.HasNotArrived || (leg == ExitLeg.Close && Trades[slot].OpenQuantity > 0);
            var wasAskedFor = e.Routing.Order.PreviousStatus == OrderStatus.PendingCancel;
            Trades.OnExitEnded(slot, leg, isOwnDoing: wasAskedFor || order.HasNotArrived);
        }

        if (isHeld)
            Trades.HoldExit(slot, leg, e.Header.TimeNs + retryNs);
        if (_isWithdrawn)
            WithdrawAgain(slot, order, e);
        else
            Reconcile(slot, ref e);
    }

    /// <summary>Nothing more of a parent will be executed.</summary>
    public void OnParentEnded(ulong parentId, ref PipelineEvent e)
    {
        if (Trades.TryEndEntry(parentId, out var slot))
            Reconcile(slot, ref e);
    }

    /// <summary>A request was put off until now.</summary>
    public void OnTimer(ulong tradeId, ref PipelineEvent e)
    {
        if (!Trades.TryFind(tradeId, out var slot))
            return;

        if (_isWithdrawn)
            WithdrawExits(Trades[slot], e.Header.TimeNs);
        else
            Reconcile(slot, ref e);
    }

    /// <summary>
    /// Time has passed: trades that may be held no longer are closed. All may be held equally long, so the oldest of an
    /// instrument and side is the first.
    /// </summary>
    public void OnSecond(ref PipelineEvent e)
    {
        for (var instrument = 0; instrument < _closingFor.Length; instrument++)
        {
            CloseOverdue(Trades.FirstOpen(instrument, Side.Buy), ref e);
            CloseOverdue(Trades.FirstOpen(instrument, Side.Sell), ref e);
        }
    }

    /// <summary>Closes all that an instrument holds, and what is executed on the way, until it is flat.</summary>
    public void Close(int instrument, ExitReason reason, ref PipelineEvent e)
    {
        _closingFor[instrument] = reason;
        CloseSide(instrument, Side.Buy, reason, ref e);
        CloseSide(instrument, Side.Sell, reason, ref e);
    }

    /// <summary>The instrument is flat.</summary>
    public void EndClose(int instrument) => _closingFor[instrument] = ExitReason.Unknown;

    /// <summary>The pipeline ends: every exit order of an instrument is cancelled, and none is sent any more.</summary>
    public void Withdraw(int instrument, ref PipelineEvent e)
    {
        _isWithdrawn = true;
        for (var slot = _orders.FirstWorking(instrument); slot >= 0; slot = _orders.NextWorking(slot))
        {
            if (_orders[slot].TradeId != 0 && !_orders[slot].IsImmediate)
                _sender.TryCancel(slot, e.Header.TimeNs);
        }
    }

    /// <summary>
    /// The pipeline has started again: what an ordered end has withdrawn is sent again as soon as a venue is there.
    /// </summary>
    public void Restart(long timeNs)
    {
        if (!_isWithdrawn)
            return;

        _isWithdrawn = false;
        for (var instrument = 0; instrument < _closingFor.Length; instrument++)
        {
            WakeAll(Trades.FirstOpen(instrument, Side.Buy), timeNs + _exits.RetryNs);
            WakeAll(Trades.FirstOpen(instrument, Side.Sell), timeNs + _exits.RetryNs);
        }
    }

    private void WakeAll(int slot, long atNs)
    {
        for (; slot >= 0; slot = Trades.NextOpen(slot))
            Wake(slot, atNs);
    }

    private void Wake(int slot, long atNs)
    {
        if (Trades.TrySetTimer(slot, atNs))
            _outputs.Timers.Set(TimerOwner.Trade, Trades[slot].TradeId, atNs);
    }

    /// <summary>
    /// Its venue was lost as it was to be cancelled, and says now that it rests; or it refuses, and is asked later.
    /// </summary>
    private void WithdrawAgain(int trade, in Order order, in PipelineEvent e)
    {
        if (e.Payload.ExecutionReport.IsRefusedRequest)
            Wake(trade, e.Header.TimeNs + _exits.RetryNs);
        if (e.Payload.ExecutionReport.IsWorkingStatus && _orders.TryFind(order.OrderId, out var slot))
            _sender.TryCancel(slot, e.Header.TimeNs);
    }

    private void WithdrawExits(in Trade trade, long timeNs)
    {
        Withdraw(trade.Stop, timeNs);
        Withdraw(trade.Target, timeNs);
    }

    private void Withdraw(in ExitOrder exit, long timeNs)
    {
        if (timeNs >= exit.HoldUntilNs && _orders.TryFind(exit.OrderId, out var slot) && !_orders[slot].IsDoubted)
            _sender.TryCancel(slot, timeNs);
    }

    public void Transfer(StateStream state)
    {
        Trades.Transfer(state);
        state.Array(_closingFor);
        state.Value(ref _isWithdrawn);
        ExitsSent = state.Next(ExitsSent);
    }

    private static TradeExecution ExecutionOf(in PipelineEvent e) => new(
        e.Header.InstrumentIndex,
        e.Payload.ExecutionReport.Side,
        e.Resolution.Booked,
        e.Resolution.PriceE9,
        e.Resolution.FeeE6,
        e.Header.TimeNs);

    /// <summary>What an entry of the other side ends trades for.</summary>
    private ExitReason ReasonOfEntry(in Order order, int left, in PipelineEvent e)
    {
        if (order.OrderId == 0)
            return ExitReason.Unknown;

        var position = Trades.Position(e.Header.InstrumentIndex);
        var held = e.Payload.ExecutionReport.Side == Side.Buy ? -position : position;
        return left > held ? ExitReason.Reversal : ExitReason.Signal;
    }

    private static ExitLeg LegOf(in Order order)
    {
        if (order.Type == OrderType.Market)
            return ExitLeg.Close;

        return order.Purpose == OrderPurpose.TakeProfit ? ExitLeg.TakeProfit : ExitLeg.StopLoss;
    }

    private static ulong OrderOf(in Trade trade, ExitLeg leg) => leg switch
    {
        ExitLeg.StopLoss => trade.Stop.OrderId,
        ExitLeg.TakeProfit => trade.Target.OrderId,
        _ => trade.Close.OrderId,
    };

    private ExitReason ReasonOf(in Order order) => order.Purpose switch
    {
        OrderPurpose.StopLoss => ExitReason.StopLoss,
        OrderPurpose.TakeProfit => ExitReason.TakeProfit,
        OrderPurpose.TimeOut => ExitReason.TimeOut,
        OrderPurpose.Repair => ExitReason.Repair,
        _ => Trades.TryFind(order.TradeId, out var slot) ? Trades[slot].CloseFor : ExitReason.Manual,
    };

    private void CloseSide(int instrument, Side side, ExitReason reason, ref PipelineEvent e)
    {
        for (var slot = Trades.FirstOpen(instrument, side); slot >= 0; slot = Trades.NextOpen(slot))
        {
            Trades.RequestClose(slot, reason);
            Reconcile(slot, ref e);
        }
    }

    private void CloseOverdue(int slot, ref PipelineEvent e)
    {
        for (; slot >= 0; slot = Trades.NextOpen(slot))
        {
            ref readonly var trade = ref Trades[slot];
            if (trade.TimeOutNs != 0 && trade.TimeOutNs > e.Header.TimeNs)
                return;

            if (trade.TimeOutNs != 0)
                Reconcile(slot, ref e);
        }
    }

    private void FollowTouched(ref PipelineEvent e)
    {
        // A plan books nothing: the list stays as the booking has left it.
        foreach (var slot in Trades.Touched)
        {
            if (Trades[slot].OpenQuantity == 0)
                _outputs.TellClosed(Trades[slot], _instruments[Trades[slot].InstrumentIndex], e);
            else if (_closingFor[e.Header.InstrumentIndex] is var reason and not ExitReason.Unknown)
                Trades.RequestClose(slot, reason);

            Reconcile(slot, ref e);
        }
    }

    private void Reconcile(int slot, ref PipelineEvent e)
    {
        if (_isWithdrawn)
            return;

        ref readonly var trade = ref Trades[slot];
        var plan = PlanOf(trade, e.Header.TimeNs);
        if (plan.CancelEntry)
        {
            // A parent that ends at once has the exits brought into line by that: what is missing is planned anew.
            _parents.Cancel(trade.ParentId, ref e);
            plan = PlanOf(trade, e.Header.TimeNs);
        }

        Apply(slot, ExitLeg.StopLoss, trade.Stop, plan, ref e);
        Apply(slot, ExitLeg.TakeProfit, trade.Target, plan, ref e);
        Apply(slot, ExitLeg.Close, trade.Close, plan, ref e);
        if (plan.WakeNs != 0 && plan.WakeNs != trade.TimeOutNs)
            Wake(slot, plan.WakeNs);
    }

    private ExitPlan PlanOf(in Trade trade, long timeNs)
    {
        _exits.Reconcile(
            trade, StateOf(trade.Stop), StateOf(trade.Target), StateOf(trade.Close), timeNs, out var plan);
        return plan;
    }

    private LegState StateOf(in ExitOrder exit)
    {
        if (exit.OrderId == 0)
            return default;

        return _orders.TryFind(exit.OrderId, out var slot)
            ? LegState.Of(_orders[slot])
            : new LegState(LegPhase.Ended);
    }

    private void Apply(int slot, ExitLeg leg, in ExitOrder exit, in ExitPlan plan, ref PipelineEvent e)
    {
        var request = plan[leg];
        switch (request.Action)
        {
            case LegAction.Submit:
                Submit(slot, leg, request, plan.CloseReason, ref e);
                break;
            case LegAction.Replace when _orders.TryFind(exit.OrderId, out var place):
                _sender.TryReplace(place, request.TermsFor(_orders[place]), e.Header.TimeNs);
                break;
            case LegAction.Cancel when _orders.TryFind(exit.OrderId, out var place):
                _sender.TryCancel(place, e.Header.TimeNs);
                break;
        }
    }

    private void Submit(int slot, ExitLeg leg, in LegPlan request, ExitReason closeReason, ref PipelineEvent e)
    {
        ref readonly var trade = ref Trades[slot];
        var order = new Order
        {
            ParentId = trade.ParentId,
            TradeId = trade.TradeId,
            SignalId = trade.SignalId,
            Purpose = PurposeOf(leg, closeReason),
            IsReducing = true,
            InstrumentIndex = trade.InstrumentIndex,
            Side = trade.ExitSide,
            Type = leg switch
            {
                ExitLeg.StopLoss => OrderType.Stop,
                ExitLeg.TakeProfit => OrderType.Limit,
                _ => OrderType.Market,
            },
            TimeInForce = leg == ExitLeg.Close ? TimeInForce.ImmediateOrCancel : TimeInForce.GoodTillCancel,
            Strategy = trade.Strategy,
            Quantity = request.Quantity,
            LimitPriceE9 = leg == ExitLeg.TakeProfit ? request.PriceE9 : 0,
            TriggerPriceE9 = leg == ExitLeg.StopLoss ? request.PriceE9 : 0,
            ArrivalPriceE9 = trade.ArrivalPriceE9,
            SubmitTimeNs = e.Header.TimeNs,
        };
        var venue = _venues.Preferred();
        order.Venue = (byte)Math.Max(0, venue);
        if (venue < 0 || !_sender.TrySend(ref order, trade.ParentId, out _))
        {
            var untilNs = e.Header.TimeNs + _exits.RetryNs;
            Trades.HoldExit(slot, leg, untilNs);
            Wake(slot, untilNs);
            return;
        }

        ExitsSent++;
        Trades.OnExitSent(slot, leg, order.OrderId);
        _outputs.TellSent(order, ref e);
    }

    private static OrderPurpose PurposeOf(ExitLeg leg, ExitReason closeReason) => leg switch
    {
        ExitLeg.StopLoss => OrderPurpose.StopLoss,
        ExitLeg.TakeProfit => OrderPurpose.TakeProfit,
        _ => closeReason switch
        {
            ExitReason.StopLoss => OrderPurpose.StopLoss,
            ExitReason.TimeOut => OrderPurpose.TimeOut,
            ExitReason.Repair => OrderPurpose.Repair,
            _ => OrderPurpose.Close,
        },
    };
}
