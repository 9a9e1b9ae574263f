using ExecutionPipeline.Execution.Brackets;
using ExecutionPipeline.Execution.Orders;
using ExecutionPipeline.Execution.Trades;
using ExecutionPipeline.Messages.Events;
using static ExecutionPipeline.Execution.Tests.Samples;

namespace ExecutionPipeline.Execution.Tests.Brackets;

/// <summary>What the desk asks the venue for. Each request has a number, by which it is answered.</summary>
internal readonly record struct ExitRequest(
    int Number, LegAction Action, ulong OrderId, ulong TradeId, ExitLeg Leg, Side Side, int Quantity, long PriceE9);

/// <summary>What the venue says of an order; of no request, where it speaks unasked.</summary>
internal readonly record struct ExitAnswer(
    ulong OrderId, ExecutionReportKind Kind, int Cumulative = 0, int Leaves = 0, int Request = 0, long PriceE9 = 0);

/// <summary>
/// The trades, their exits and the orders of them, as routing holds them together: a trade's plan is made again when
/// one of its executions or answers comes, or when its time has come, and at no other time.
/// </summary>
internal sealed class ExitDesk
{
    private readonly Dictionary<ulong, Sent> _orders = [];
    private readonly Dictionary<ulong, long> _wakes = [];
    private ulong _lastOrderId;
    private int _lastRequest;

    public ExitDesk(BracketOptions? options = null, int capacity = 256)
    {
        Exits = new BracketExits(options ?? new BracketOptions());
        Book = new TradeBook(Table(1), capacity);
    }

    public TradeBook Book { get; }

    public BracketExits Exits { get; }

    public long TimeNs { get; set; } = StartNs;

    /// <summary>Sent and not yet taken by the venue.</summary>
    public List<ExitRequest> Requests { get; } = [];

    /// <summary>Parents whose rest is to be cancelled.</summary>
    public HashSet<ulong> CancelledEntries { get; } = [];

    /// <summary>Contracts of all executions that were booked, signed.</summary>
    public int Booked { get; private set; }

    public IEnumerable<Order> Orders => _orders.Values.Select(static sent => sent.Order);

    public IReadOnlyList<ExitRequest> TakeRequests()
    {
        var taken = Requests.ToArray();
        Requests.Clear();
        return taken;
    }

    public void Enter(
        Side side, int quantity, ulong parent, int planned, long stopE9, long targetE9, long priceE9)
    {
        Booked += side == Side.Buy ? quantity : -quantity;
        Book.BookEntry(
            new TradeExecution(0, side, quantity, priceE9, quantity, TimeNs),
            new TradeOrigin
            {
                SignalId = parent,
                ParentId = parent,
                PlannedQuantity = planned,
                ExitReason = ExitReason.Reversal,
                StopPriceE9 = stopE9,
                TargetPriceE9 = targetE9,
                ArrivalPriceE9 = priceE9,
                HoldingNs = Exits.HoldingNs,
            });
        ReconcileTouched();
    }

    public void EndEntry(ulong parent)
    {
        if (Book.TryEndEntry(parent, out var slot))
            Reconcile(Book[slot].TradeId);
    }

    public void Close(ulong tradeId, ExitReason reason)
    {
        if (Book.TryFind(tradeId, out var slot))
            Book.RequestClose(slot, reason);
        Reconcile(tradeId);
    }

    public void SetLevels(ulong tradeId, long stopE9, long targetE9)
    {
        Assert.That(Book.TryFind(tradeId, out var slot));
        Book.SetLevels(slot, stopE9, targetE9);
        Reconcile(tradeId);
    }

    /// <summary>Lets time pass: plans whose time has come are made again.</summary>
    public void Advance(long nanoseconds)
    {
        TimeNs += nanoseconds;
        foreach (var (tradeId, wakeNs) in _wakes.ToArray())
        {
            if (wakeNs != 0 && wakeNs <= TimeNs)
                Reconcile(tradeId);
        }
    }

    /// <summary>Takes an answer: executions count by the cumulative quantity, so that none counts twice.</summary>
    public void Answer(in ExitAnswer answer)
    {
        var sent = _orders[answer.OrderId];
        var booked = Math.Max(0, answer.Cumulative - sent.Order.CumulativeQuantity);
        if (booked > 0)
            BookExit(sent, booked, answer.PriceE9);

        var wasLive = LegState.Of(sent.Order).IsLive;
        if (wasLive)
            sent.Order.Status = StatusAfter(sent, answer);

        if (wasLive && !LegState.Of(sent.Order).IsLive && Book.TryFind(sent.TradeId, out var slot))
        {
            Book.OnExitEnded(slot, sent.Leg);
            if (sent.Leg == ExitLeg.Close && Book[slot].OpenQuantity > 0)
                Book.HoldExit(slot, ExitLeg.Close, TimeNs + Exits.RetryNs);
        }

        if (booked > 0)
            ReconcileTouched();
        Reconcile(sent.TradeId);
    }

    public LegState StateOf(in ExitOrder exit) =>
        exit.OrderId == 0 ? default : LegState.Of(_orders[exit.OrderId].Order);

    private void BookExit(Sent sent, int quantity, long priceE9)
    {
        sent.Order.CumulativeQuantity += quantity;
        Booked += sent.Order.Sign * quantity;
        Book.BookExit(
            new TradeExecution(0, sent.Order.Side, quantity, priceE9, quantity, TimeNs), sent.TradeId, sent.Reason);
    }

    /// <summary>An answer to a request that is not the last one of its order says nothing of the last one.</summary>
    private OrderStatus StatusAfter(Sent sent, in ExitAnswer answer)
    {
        var isAwaited = answer.Request == sent.Request;
        switch (answer.Kind)
        {
            case ExecutionReportKind.Cancelled:
                return OrderStatus.Cancelled;
            case ExecutionReportKind.Rejected:
                return OrderStatus.Rejected;
            case ExecutionReportKind.Trade when answer.Leaves == 0:
                return OrderStatus.Filled;
            case ExecutionReportKind.New when isAwaited:
                return OrderStatus.New;
            case ExecutionReportKind.Replaced when isAwaited:
                sent.Order.Quantity = sent.AskedQuantity;
                SetPrice(ref sent.Order, sent.Leg, sent.AskedPriceE9);
                return OrderStatus.New;
            case ExecutionReportKind.CancelRejected or ExecutionReportKind.ReplaceRejected when isAwaited:
                if (Book.TryFind(sent.TradeId, out var slot))
                    Book.HoldExit(slot, sent.Leg, TimeNs + Exits.RetryNs);
                return OrderStatus.New;
            default:
                return sent.Order.Status;
        }
    }

    private void ReconcileTouched()
    {
        var touched = new List<ulong>();
        foreach (var slot in Book.Touched)
            touched.Add(Book[slot].TradeId);
        touched.ForEach(Reconcile);
    }

    private void Reconcile(ulong tradeId)
    {
        _wakes.Remove(tradeId);
        if (!Book.TryFind(tradeId, out var slot))
            return;

        var trade = Book[slot];
        Exits.Reconcile(
            trade, StateOf(trade.Stop), StateOf(trade.Target), StateOf(trade.Close), TimeNs, out var plan);
        _wakes[tradeId] = plan.WakeNs;
        if (plan.CancelEntry)
            CancelledEntries.Add(trade.ParentId);
        foreach (var leg in Enum.GetValues<ExitLeg>())
            Ask(slot, trade, leg, plan);
    }

    private void Ask(int slot, in Trade trade, ExitLeg leg, in ExitPlan plan)
    {
        var exit = leg switch { ExitLeg.StopLoss => trade.Stop, ExitLeg.TakeProfit => trade.Target, _ => trade.Close };
        var asked = plan[leg];
        if (asked.Action == LegAction.None)
            return;
        if (asked.Action != LegAction.Cancel)
            Assert.That(asked.Quantity, Is.Positive, "nothing is asked for with quantity zero");
        if (asked.Action == LegAction.Submit)
        {
            Submit(slot, trade, leg, asked, plan.CloseReason);
            return;
        }

        var sent = _orders[exit.OrderId];
        sent.Request = ++_lastRequest;
        sent.Order.Status =
            asked.Action == LegAction.Cancel ? OrderStatus.PendingCancel : OrderStatus.PendingReplace;
        if (asked.Action == LegAction.Replace)
        {
            var terms = asked.TermsFor(sent.Order);
            sent.AskedQuantity = terms.Quantity;
            sent.AskedPriceE9 = asked.PriceE9;
        }

        Requests.Add(new ExitRequest(
            sent.Request,
            asked.Action,
            exit.OrderId,
            trade.TradeId,
            leg,
            trade.ExitSide,
            sent.AskedQuantity,
            sent.AskedPriceE9));
    }

    private void Submit(int slot, in Trade trade, ExitLeg leg, LegPlan asked, ExitReason closeReason)
    {
        var order = new Order
        {
            OrderId = ++_lastOrderId,
            InstrumentIndex = 0,
            Side = trade.ExitSide,
            Status = OrderStatus.PendingNew,
            Quantity = asked.Quantity,
        };
        SetPrice(ref order, leg, asked.PriceE9);
        var reason = leg switch
        {
            ExitLeg.StopLoss => ExitReason.StopLoss,
            ExitLeg.TakeProfit => ExitReason.TakeProfit,
            _ => closeReason,
        };
        _orders.Add(order.OrderId, new Sent
        {
            Order = order,
            TradeId = trade.TradeId,
            Leg = leg,
            Reason = reason,
            Request = ++_lastRequest,
            AskedQuantity = asked.Quantity,
            AskedPriceE9 = asked.PriceE9,
        });
        Book.OnExitSent(slot, leg, order.OrderId);
        Requests.Add(new ExitRequest(
            _lastRequest,
            LegAction.Submit,
            order.OrderId,
            trade.TradeId,
            leg,
            order.Side,
            asked.Quantity,
            asked.PriceE9));
    }

    private static void SetPrice(ref Order order, ExitLeg leg, long priceE9)
    {
        if (leg == ExitLeg.StopLoss)
            order.TriggerPriceE9 = priceE9;
        else
            order.LimitPriceE9 = priceE9;
    }

    private sealed class Sent
    {
        public Order Order;
        public ulong TradeId;
        public ExitLeg Leg;
        public ExitReason Reason;
        public int Request;
        public int AskedQuantity;
        public long AskedPriceE9;
    }
}
