using ExecutionPipeline.Execution.Orders;
using ExecutionPipeline.Messages.Wire;

namespace ExecutionPipeline.Control.Link;

/// <summary>
/// What the control plane remembers of the outbound stream, by kind, each up to a number of messages. A pipeline that
/// begins with nothing gives the ids of before again: what is known by them is forgotten then. Signals have the ids of
/// those who give them, so that what was decided on them stands.
/// </summary>
public sealed class PipelineRecords
{
    private long _lastKill;
    private long _beginning;

    // The number of the word of a restart, since which no message is missing; 0: there is none.
    private long _restart;
    private PipelineNumber _lastNumber;
    private volatile bool _isWhole;

    /// <param name="options">Say how many are kept.</param>
    public PipelineRecords(ControlOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        Events = new EventLog(options.KeptEvents);
        Orders = new History(options.KeptRecords) { MostHeld = OrderStore.DefaultCapacity };
        Executions = new History(options.KeptRecords);
        Trades = new History(options.KeptTrades);
        Decisions = new History(options.KeptRecords);
        Refusals = new History(options.KeptRecords);
        ParentsEnded = new History(options.KeptRecords);
        EndedUnheard = new History(options.KeptRecords);
    }

    /// <summary>Every message.</summary>
    public EventLog Events { get; }

    /// <summary>
    /// The last ORDER_STATUS_CHANGE of each order that works, of which the pipeline has no more than are held, and of
    /// the last ones that have ended.
    /// </summary>
    public History Orders { get; }

    /// <summary>
    /// Every ORDER_STATUS_CHANGE with which contracts were booked: an execution, or what tells that one was lost.
    /// </summary>
    public History Executions { get; }

    /// <summary>TRADE_CLOSED.</summary>
    public History Trades { get; }

    /// <summary>DECISION, by signal or command.</summary>
    public History Decisions { get; }

    /// <summary>EXECUTION_ERROR.</summary>
    public History Refusals { get; }

    /// <summary>PARENT_ORDER_ENDED.</summary>
    public History ParentsEnded { get; }

    /// <summary>
    /// DECISION by signal, of those whose parent order the ring was asked for and no longer has, and whose end was not
    /// heard.
    /// </summary>
    public History EndedUnheard { get; }

    /// <summary>The last POSITION_UPDATE by instrument.</summary>
    public History Positions { get; } = new(int.MaxValue);

    /// <summary>The last RISK_STATE by instrument.</summary>
    public History RiskStates { get; } = new(int.MaxValue);

    /// <summary>What desks watch: RISK_STATE and COMMAND_RESULT, each of them.</summary>
    public History Actions { get; } = new(1_000);

    /// <summary>
    /// The number of the last message of a kill or of a trip of the switch, or of the last one before which others have
    /// not come, which may have been one; 0: there is none.
    /// </summary>
    // Paired with the writes in Take and TakeRare.
    public long LastKill => Volatile.Read(ref _lastKill);

    /// <summary>
    /// Whether it is known of every order that works, since each message has come from the pipeline's first on, or from
    /// a restart on behind which the venues have answered. It is not where the pipeline was there before, or where this
    /// reader was too slow: then an order may work, or have ended, that nobody here has heard of. Nor are more orders
    /// known that work than are held.
    /// </summary>
    public bool IsWhole => _isWhole && !Orders.IsHeldLost;

    /// <summary>
    /// Whether a message came before the pipeline began with nothing: other orders and parents have its ids now.
    /// </summary>
    // Paired with the write in Forget.
    public bool IsOfBefore(KeptMessage kept)
    {
        ArgumentNullException.ThrowIfNull(kept);
        return kept.Sequence < Volatile.Read(ref _beginning);
    }

    /// <summary>Keeps a whole message.</summary>
    public void Take(ReadOnlySpan<byte> message, PipelineNumber number = default)
    {
        var sequence = Events.Append(message, number);
        // The refusals of the edge have a stream of their own, without numbers.
        if (number.Number > 0)
            TakeNumber(number, sequence);
        if (OrderStatusChangeDecoder.TryWrap(message, out var order))
        {
            TakeOrder(order, message, sequence);
            if (order.LastQuantity + order.InferredQuantity > 0)
                Executions.Put((ulong)sequence, sequence, message);
        }
        else if (DecisionDecoder.TryWrap(message, out var decision))
        {
            // A repeat tells less than what was decided first, and is kept where that came before this control plane.
            if (!decision.IsRepeat || Decisions.Find(decision.SignalId) is null)
                Decisions.Put(decision.SignalId, sequence, message);
        }
        else if (TradeClosedDecoder.TryWrap(message, out var trade))
        {
            Trades.Put(trade.TradeId, sequence, message);
        }
        else if (ParentOrderEndedDecoder.TryWrap(message, out var parent))
        {
            ParentsEnded.Put(parent.ParentId, sequence, message);
        }
        else if (PositionUpdateDecoder.TryWrap(message, out var position))
        {
            Positions.Put(position.InstrumentId, sequence, message);
        }
        else
        {
            TakeRare(message, sequence);
        }
    }

    private void TakeOrder(OrderStatusChangeDecoder order, ReadOnlySpan<byte> message, long sequence)
    {
        // What comes late of an order that the pipeline has forgotten tells less than what is kept of it, and nothing
        // that works: what works is kept there, or adopted.
        var isForgotten = order is { Disposition: ReportDisposition.Unknown, PreviousStatus: OrderStatus.None };
        if (!isForgotten || Orders.Find(order.OrderId) is null)
            Orders.Put(order.OrderId, sequence, message, !isForgotten && IsWorking(order));
    }

    private static bool IsWorking(OrderStatusChangeDecoder order) => order is
    {
        LeavesQuantity: > 0,
        Status: OrderStatus.PendingNew or OrderStatus.New or OrderStatus.PartiallyFilled
            or OrderStatus.PendingCancel or OrderStatus.PendingReplace or OrderStatus.Suspended,
    };

    private void TakeNumber(PipelineNumber number, long sequence)
    {
        var isNext = number.Number == _lastNumber.Number + 1;
        var isOtherRun = _lastNumber.Number != 0 && number.Run != _lastNumber.Run;
        // A run that goes on with a journal goes on with its numbers, too.
        if (number.Number == 1 || (isOtherRun && number.Number <= _lastNumber.Number))
            Forget(sequence);
        if (!isNext)
            _restart = 0;
        _isWhole = number.Number == 1 || (_isWhole && isNext);
        // What has not come may have been a kill, of the run before too.
        if (!isNext || isOtherRun)
            Volatile.Write(ref _lastKill, sequence);
        _lastNumber = number;
    }

    private void Forget(long sequence)
    {
        // Paired with the read in IsOfBefore.
        Volatile.Write(ref _beginning, sequence);
        History[] all = [Orders, Executions, Trades, ParentsEnded, EndedUnheard, Positions, RiskStates];
        foreach (var one in all)
            one.Clear();
    }

    private void TakeRare(ReadOnlySpan<byte> message, long sequence)
    {
        if (RiskStateDecoder.TryWrap(message, out var risk))
        {
            RiskStates.Put(risk.InstrumentId, sequence, message);
            Actions.Put((ulong)sequence, sequence, message);
            // A command's own trip comes behind its result, which a request may have overtaken.
            if (risk.Changes.HasFlag(RiskChanges.Tripped) && risk.KillCause != KillCause.Command)
                Volatile.Write(ref _lastKill, sequence);
        }
        else if (CommandResultDecoder.TryWrap(message, out var result))
        {
            if (result.Kind == CommandKind.Kill)
                Volatile.Write(ref _lastKill, sequence);
            TakeRestart(result, sequence);
            if (result.Kind != CommandKind.Query)
                Actions.Put((ulong)sequence, sequence, message);
        }
        else if (ExecutionErrorDecoder.TryWrap(message, out _))
        {
            Refusals.Put((ulong)sequence, sequence, message);
        }
    }

    /// <summary>
    /// A restart puts every order that works in doubt, and the pipeline tells of each one until the venues have
    /// answered: what it has not told of by then has ended, and this reader missed the word of that.
    /// </summary>
    private void TakeRestart(CommandResultDecoder result, long sequence)
    {
        if (result.Kind == CommandKind.Restart)
            _restart = sequence;
        if (_restart == 0 || result is not { Kind: CommandKind.Reconciled, Reason: CommandReason.VenuesAnswered })
            return;

        Orders.LeaveHeld(_restart);
        _restart = 0;
        _isWhole = true;
    }
}
