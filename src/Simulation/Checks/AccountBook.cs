using ExecutionPipeline.Execution.Instruments;
using ExecutionPipeline.Execution.Trades;
using ExecutionPipeline.Messages.Events;
using ExecutionPipeline.Pipeline.Ring;
using ExecutionPipeline.Stages.Routing;

namespace ExecutionPipeline.Simulation.Checks;

/// <summary>
/// Positions, cash, fees and open parents, kept from the events alone with dictionaries and sums, and held against the
/// stages after every event.
/// </summary>
internal sealed class AccountBook(InstrumentTable instruments, ViolationLog violations)
{
    private readonly Dictionary<ulong, Parent> _open = [];
    private readonly Dictionary<ulong, Parent> _adopted = [];
    private readonly int[] _positions = new int[instruments.Count];
    private readonly long[] _cashE6 = new long[instruments.Count];
    private readonly long[] _closedE6 = new long[instruments.Count];
    private long _closedFeesE6;
    private long _feesE6;

    private sealed class Parent(int instrument, int sign, int quantity, bool isClose)
    {
        public int Instrument => instrument;

        public int Sign => sign;

        public int Quantity => quantity;

        public bool IsClose => isClose;

        public int Executed { get; set; }

        public int Pending => isClose ? 0 : sign * Math.Max(0, quantity - Executed);
    }

    /// <summary>The most contracts of an instrument that an order may lead to, with those open beside it.</summary>
    public required int MaxPosition { get; init; }

    public int OpenParents => _open.Count;

    public int Position(int instrument) => _positions[instrument];

    /// <summary>Takes in what an event led to.</summary>
    public void OnHandled(ref readonly PipelineEvent e, ActionLog actions)
    {
        var isClose = e.Header.Kind == EventKind.Command && e.Payload.Command.Kind == CommandKind.CloseAll;
        if ((isClose || e.Header.Kind == EventKind.TradeQualified) && e.Verdict.ParentId != 0)
        {
            var sign = e.Decision.Side == Side.Buy ? 1 : -1;
            if (!isClose)
                CheckApproved(in e, sign);
            _open[KeyOf(e.Verdict.ParentId)] =
                new Parent(e.Header.InstrumentIndex, sign, e.Verdict.ApprovedQuantity, isClose);
        }

        if (e.Header.Kind == EventKind.ExecutionReport)
            OnReport(in e);
        for (var i = 0; i < e.Routing.ActionCount; i++)
            OnAction(in actions[e.Routing.FirstAction + i]);
    }

    /// <summary>Holds the stages against the book.</summary>
    public void Check(StageChain chain)
    {
        var trades = chain.Routing.Trades;
        var feesE6 = _closedFeesE6;
        for (var instrument = 0; instrument < _positions.Length; instrument++)
        {
            var open = 0;
            var cashE6 = _closedE6[instrument];
            foreach (var side in (ReadOnlySpan<Side>)[Side.Buy, Side.Sell])
            {
                for (var slot = trades.FirstOpen(instrument, side); slot >= 0; slot = trades.NextOpen(slot))
                    Add(in trades[slot], ref open, ref cashE6, ref feesE6);
            }

            Compare("position of the trades", instrument, open, _positions[instrument]);
            Compare(
                "position of the account", instrument, chain.Context.Portfolio.Position(instrument),
                _positions[instrument]);
            Compare("cash of the trades", instrument, cashE6, _cashE6[instrument]);
            CheckOwners(chain.Routing, instrument);
        }

        Compare("fees of the trades", -1, feesE6, _feesE6);
        Compare("fees of the account", -1, chain.Context.Portfolio.FeesE6, _feesE6);
        Compare("number of open parents", -1, chain.Routing.WorkingParents, _open.Count);
    }

    /// <summary>Holds what risk has reserved against the book, when no report of routing's own is on its way.</summary>
    public void CheckAtRest(StageChain chain)
    {
        for (var instrument = 0; instrument < _positions.Length; instrument++)
            Compare("reserved quantity", instrument, chain.Risk.PendingQuantity(instrument), PendingOf(instrument));
    }

    /// <summary>A parent's id as far as its orders' ids have it: a start leaves many ids out.</summary>
    private static ulong KeyOf(ulong parentId) => OrderIds.ParentKeyOf(OrderIds.Of(parentId, 0));

    private static void Add(in Trade trade, ref int open, ref long cashE6, ref long feesE6)
    {
        open += trade.SignedOpenQuantity;
        cashE6 += trade.Sign * (trade.ExitValueE6 - trade.EntryValueE6);
        feesE6 += trade.EntryFeesE6 + trade.ExitFeesE6;
    }

    private void CheckApproved(ref readonly PipelineEvent e, int sign)
    {
        var instrument = e.Header.InstrumentIndex;
        var pending = 0;
        foreach (var parent in _open.Values)
            pending += parent.Instrument == instrument && parent.Sign == sign ? parent.Pending : 0;

        var projected = _positions[instrument] + pending + sign * e.Verdict.ApprovedQuantity;
        var isWithin = Math.Abs(projected) <= MaxPosition || Math.Abs(projected) <= Math.Abs(_positions[instrument]);
        if (!isWithin)
        {
            violations.Add(
                $"{sign * e.Verdict.ApprovedQuantity} contracts of instrument {instrument} were approved on a position "
                + $"of {_positions[instrument]} with {pending} pending, and {MaxPosition} may be held");
        }
    }

    private int PendingOf(int instrument)
    {
        var pending = 0;
        foreach (var parent in _open.Values)
            pending += parent.Instrument == instrument ? parent.Pending : 0;
        foreach (var order in _adopted.Values)
            pending += order.Instrument == instrument ? order.Pending : 0;

        return pending;
    }

    private void CheckOwners(RoutingStage routing, int instrument)
    {
        var orders = routing.Orders;
        for (var slot = orders.FirstWorking(instrument); slot >= 0; slot = orders.NextWorking(slot))
        {
            ref readonly var order = ref orders[slot];
            var isOwned = order.TradeId != 0
                ? routing.Trades.TryFind(order.TradeId, out _)
                : _open.ContainsKey(KeyOf(order.ParentId));
            if (!isOwned)
                violations.Add($"order {order.OrderId} works, and neither a parent nor a trade owns it");
        }
    }

    private void OnReport(ref readonly PipelineEvent e)
    {
        ref readonly var report = ref e.Payload.ExecutionReport;
        if (report is { IsOfParent: true, Kind: ExecutionReportKind.Rejected })
            _open.Remove(OrderIds.ParentKeyOf(report.OrderId));
        var sign = report.Side == Side.Buy ? 1 : -1;
        var instrument = e.Header.InstrumentIndex;
        if (report.IsAdoption && e.Resolution.Left > 0)
            _adopted[report.OrderId] = new Parent(instrument, sign, e.Resolution.Left, isClose: false);
        if (_adopted.TryGetValue(report.OrderId, out var external))
            external.Executed += e.Resolution.Booked;
        if (e.Resolution.Ended != 0)
            _adopted.Remove(report.OrderId);
        if (e.Resolution.Booked <= 0)
            return;

        _positions[instrument] += sign * e.Resolution.Booked;
        _cashE6[instrument] -= sign * instruments[instrument].ValueE6(e.Resolution.PriceE9, e.Resolution.Booked);
        _feesE6 += e.Resolution.FeeE6;
        if (_open.TryGetValue(OrderIds.ParentKeyOf(report.OrderId), out var parent) && parent.Sign == sign)
            parent.Executed += e.Resolution.Booked;
    }

    private void OnAction(in RoutingAction action)
    {
        if (action.Kind == RoutingActionKind.TradeClosed)
        {
            _closedE6[action.Trade.InstrumentIndex] += action.Trade.GrossPnlE6;
            _closedFeesE6 += action.Trade.EntryFeesE6 + action.Trade.ExitFeesE6;
        }
        else if (action.Kind == RoutingActionKind.ParentEnded)
        {
            if (!_open.Remove(KeyOf(action.Parent.ParentId), out var parent))
                violations.Add($"parent {action.Parent.ParentId} ended, and it was not open");
            else if (!parent.IsClose && action.Parent.Executed != parent.Executed)
                Compare("executed quantity of a parent", parent.Instrument, action.Parent.Executed, parent.Executed);
        }
    }

    private void Compare(string what, int instrument, long actual, long expected)
    {
        if (actual == expected)
            return;

        var of = instrument < 0 ? "" : $" of instrument {instrument}";
        violations.Add($"the {what}{of} is {actual}, and by the events it is {expected}");
    }
}
