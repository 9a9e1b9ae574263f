using System.Text;
using ExecutionPipeline.Execution.Orders;
using ExecutionPipeline.Execution.Trades;
using ExecutionPipeline.Messages.Events;

namespace ExecutionPipeline.Stages.Tests.Routing;

/// <summary>
/// Keeps books of its own from the events alone: of each parent, position, cash and fees; and holds the stages against
/// them.
/// </summary>
internal sealed class ConservationBooks
{
    private readonly StageRig _rig;
    private readonly Dictionary<ulong, Parent> _open = [];
    private readonly Dictionary<ulong, (int Stops, int Targets, int Closes)> _exits = [];
    private readonly int[] _positions;
    private readonly long[] _cashE6;
    private readonly long[] _closedE6;
    private readonly long[] _closedFeesE6;
    private long _feesE6;

    public ConservationBooks(StageRig rig)
    {
        _rig = rig;
        _positions = new int[rig.Instruments.Count];
        _cashE6 = new long[rig.Instruments.Count];
        _closedE6 = new long[rig.Instruments.Count];
        _closedFeesE6 = new long[rig.Instruments.Count];
        rig.Observer = Observe;
    }

    /// <summary>Parents that have been opened.</summary>
    public long Parents { get; private set; }

    public bool IsSettled =>
        _open.Count == 0
        && _rig.Routing.Orders.WorkingOrders == 0
        && _rig.Routing.Trades.OpenTrades == 0
        && _positions.All(static p => p == 0);

    public void AssertConserved()
    {
        Assert.That(_rig.Routing.WorkingParents, Is.EqualTo(_open.Count), "parents that have not ended");
        var feesE6 = 0L;
        for (var instrument = 0; instrument < _positions.Length; instrument++)
        {
            AssertTrades(instrument, ref feesE6);
            AssertOrders(instrument);
            var pending = _open.Values.Where(p => p.Instrument == instrument && !p.IsClose).Sum(static p => p.Pending);
            Assert.That(_rig.Risk.PendingQuantity(instrument), Is.EqualTo(pending), "what risk has reserved");
        }

        Assert.That(feesE6, Is.EqualTo(_feesE6), "fees of the trades");
        Assert.That(_rig.Portfolio.FeesE6, Is.EqualTo(_feesE6), "fees of the account");
    }

    public void AssertSettled()
    {
        Assert.That(IsSettled, Describe());
        Assert.That(_rig.Portfolio.RealizedPnlE6, Is.EqualTo(_cashE6.Sum()), "what is realised is cash");
        for (var instrument = 0; instrument < _positions.Length; instrument++)
            Assert.That(_rig.Risk.PendingQuantity(instrument), Is.Zero, "what risk has reserved");
    }

    /// <summary>What works and is open yet, for a message.</summary>
    private string Describe()
    {
        var text = new StringBuilder();
        foreach (var (id, parent) in _open)
        {
            text.AppendLine(
                $"parent {id}: {parent.Executed} of {parent.Quantity}, {(parent.IsClose ? "close" : "entry")}");
        }

        for (var instrument = 0; instrument < _positions.Length; instrument++)
        {
            text.AppendLine($"instrument {instrument}: {_positions[instrument]}");
            var orders = _rig.Routing.Orders;
            for (var slot = orders.FirstWorking(instrument); slot >= 0; slot = orders.NextWorking(slot))
            {
                var order = orders[slot];
                text.AppendLine($"{order.Purpose} {order.Status} {order.Type} {order.TimeInForce} {order.Strategy} "
                    + $"parent {order.ParentId} trade {order.TradeId} {order.CumulativeQuantity} of {order.Quantity}");
            }
        }

        return text.ToString();
    }

    private void AssertTrades(int instrument, ref long feesE6)
    {
        var trades = _rig.Routing.Trades;
        var open = 0;
        var valueE6 = _closedE6[instrument];
        feesE6 += _closedFeesE6[instrument];
        foreach (var side in (Side[])[Side.Buy, Side.Sell])
        {
            for (var slot = trades.FirstOpen(instrument, side); slot >= 0; slot = trades.NextOpen(slot))
            {
                ref readonly var trade = ref trades[slot];
                open += trade.SignedOpenQuantity;
                valueE6 += trade.Sign * (trade.ExitValueE6 - trade.EntryValueE6);
                feesE6 += trade.EntryFeesE6 + trade.ExitFeesE6;
                AssertExit(trade, trade.Stop);
                AssertExit(trade, trade.Target);
            }
        }

        Assert.That(open, Is.EqualTo(_positions[instrument]), "position of the trades");
        Assert.That(_rig.Portfolio.Position(instrument), Is.EqualTo(_positions[instrument]), "position of the account");
        Assert.That(valueE6, Is.EqualTo(_cashE6[instrument]), "cash of the trades");
    }

    /// <summary>
    /// An exit is no larger than what is open, but while a request of it is out or is not to be made yet, or its fate
    /// at a venue that was lost is unknown.
    /// </summary>
    private void AssertExit(in Trade trade, in ExitOrder exit)
    {
        if (!_rig.Routing.Orders.TryFind(exit.OrderId, out var slot) || exit.HoldUntilNs > _rig.TimeNs)
            return;

        ref readonly var order = ref _rig.Routing.Orders[slot];
        if (order is { IsWorking: true, IsPending: false, IsDoubted: false })
            Assert.That(order.LeavesQuantity, Is.LessThanOrEqualTo(trade.OpenQuantity), $"{order.Purpose}");
    }

    /// <summary>
    /// Each order has an owner. A trade has one stop, one target, or one order at the market and nothing beside it,
    /// those counted whose fate is unknown: so no two that are live can sell more than is held, but in a race.
    /// </summary>
    private void AssertOrders(int instrument)
    {
        var orders = _rig.Routing.Orders;
        _exits.Clear();
        for (var slot = orders.FirstWorking(instrument); slot >= 0; slot = orders.NextWorking(slot))
        {
            ref readonly var order = ref orders[slot];
            var isOwned = order.TradeId != 0
                ? _rig.Routing.Trades.TryFind(order.TradeId, out _)
                : _open.ContainsKey(order.ParentId);
            Assert.That(isOwned, $"{order.Purpose} {order.Status} of parent {order.ParentId}, trade {order.TradeId}");
            if (order.TradeId != 0)
                AssertAlone(order);
        }
    }

    private void AssertAlone(in Order order)
    {
        var exits = _exits.GetValueOrDefault(order.TradeId);
        var added = order.Type switch
        {
            OrderType.Market => (exits.Stops, exits.Targets, exits.Closes + 1),
            OrderType.Limit => (exits.Stops, exits.Targets + 1, exits.Closes),
            _ => (exits.Stops + 1, exits.Targets, exits.Closes),
        };
        _exits[order.TradeId] = added;
        Assert.That(
            added, Is.AnyOf((1, 0, 0), (0, 1, 0), (1, 1, 0), (0, 0, 1)), "stops, targets and closes of a trade");
    }

    private void Observe(PipelineEvent e)
    {
        var isOpened = e.Header.Kind == EventKind.TradeQualified || IsClose(e);
        if (isOpened && e.Verdict.ParentId != 0)
            Open(e);
        if (e.Header.Kind == EventKind.ExecutionReport && e.Resolution.Booked > 0)
            Book(e);
        if (e.Header.Kind == EventKind.ExecutionReport
            && e.Payload.ExecutionReport is { IsOfParent: true, Kind: ExecutionReportKind.Rejected })
            Refuse(e);
        for (var i = 0; i < e.Routing.ActionCount; i++)
            Observe(_rig.Routing.Actions[e.Routing.FirstAction + i]);
    }

    private static bool IsClose(in PipelineEvent e) =>
        e.Header.Kind == EventKind.Command && e.Payload.Command.Kind == CommandKind.CloseAll;

    private void Open(in PipelineEvent e)
    {
        Parents++;
        var sign = e.Decision.Side == Side.Buy ? 1 : -1;
        var instrument = e.Header.InstrumentIndex;
        var heldAgainst = Math.Max(0, -sign * _positions[instrument]);
        var parent = new Parent(instrument, sign, IsClose(e), heldAgainst, e.Verdict.ApprovedQuantity);
        _open.Add(e.Verdict.ParentId, parent);
    }

    private void Book(in PipelineEvent e)
    {
        ref readonly var report = ref e.Payload.ExecutionReport;
        var instrument = e.Header.InstrumentIndex;
        var sign = report.Side == Side.Buy ? 1 : -1;
        _positions[instrument] += sign * e.Resolution.Booked;
        _cashE6[instrument] -=
            sign * _rig.Instruments[instrument].ValueE6(e.Resolution.PriceE9, e.Resolution.Booked);
        _feesE6 += e.Resolution.FeeE6;
        if (_open.TryGetValue(OrderIds.ParentKeyOf(report.OrderId), out var parent) && parent.Sign == sign)
            parent.Executed += e.Resolution.Booked;
    }

    /// <summary>A parent for which there was no place never was: risk gives back what it has reserved.</summary>
    private void Refuse(in PipelineEvent e) => _open.Remove(OrderIds.ParentKeyOf(e.Payload.ExecutionReport.OrderId));

    private void Observe(in RoutingAction action)
    {
        if (action.Kind == RoutingActionKind.TradeClosed)
        {
            _closedE6[action.Trade.InstrumentIndex] += action.Trade.GrossPnlE6;
            _closedFeesE6[action.Trade.InstrumentIndex] += action.Trade.EntryFeesE6 + action.Trade.ExitFeesE6;
        }
        else if (action.Kind == RoutingActionKind.ParentEnded)
        {
            Assert.That(_open.Remove(action.Parent.ParentId, out var parent), "a parent ends once");
            Assert.That(
                action.Parent.Quantity,
                Is.InRange(parent!.Quantity - parent.HeldAgainst, parent.Quantity),
                "a parent is made smaller by what it was to close, at most");
            Assert.That(action.Parent.EndReason, Is.Not.EqualTo(ParentEndReason.None), "a parent ends for a reason");
            Assert.That(
                action.Parent.EndReason == ParentEndReason.Executed,
                Is.EqualTo(action.Parent.Executed >= action.Parent.Quantity));
            if (!parent.IsClose)
                Assert.That(action.Parent.Executed, Is.EqualTo(parent.Executed), "what a parent has executed");
        }
    }

    private sealed class Parent(int instrument, int sign, bool isClose, int heldAgainst, int quantity)
    {
        public int Instrument => instrument;

        public int Sign => sign;

        public bool IsClose => isClose;

        /// <summary>Contracts of the other side that were held as it was opened.</summary>
        public int HeldAgainst => heldAgainst;

        public int Quantity => quantity;

        public int Executed { get; set; }

        /// <summary>Signed contracts that are still to be executed.</summary>
        public int Pending => sign * Math.Max(0, quantity - Executed);
    }
}
