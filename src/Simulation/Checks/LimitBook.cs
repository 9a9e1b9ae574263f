using ExecutionPipeline.Execution.Orders;
using ExecutionPipeline.Execution.Venues;
using ExecutionPipeline.Messages.Events;

namespace ExecutionPipeline.Simulation.Checks;

/// <summary>
/// Holds what leaves for the venue against the rules: size, rate, the kill switch, stopped entries, one order for one
/// number, one parent for one signal, and one live exit for each leg of a trade.
/// </summary>
internal sealed class LimitBook(int instruments, VenueBook venue, ViolationLog violations)
{
    private const long SecondNs = 1_000_000_000;

    private readonly List<Order> _leaving = [];
    private readonly Queue<long> _entryTimes = new();
    private readonly Dictionary<ulong, bool> _sent = [];
    private readonly Dictionary<ulong, ulong> _parentOfSignal = [];
    private readonly Dictionary<ulong, int> _approved = [];
    private readonly Dictionary<ulong, List<ulong>> _ordersOfParent = [];
    private readonly Dictionary<(ulong Trade, OrderType Type), List<ulong>> _exits = [];
    private readonly bool[] _isStopped = new bool[instruments];
    private bool _isKilled;

    public required int MaxOrderSize { get; init; }

    public required int MaxOrdersPerSecond { get; init; }

    /// <summary>Whether an order was sent to end a trade.</summary>
    public bool IsExit(ulong orderId) => _sent.GetValueOrDefault(orderId);

    /// <summary>An order leaves the process with the event that is being handled.</summary>
    public void OnSubmit(in Order order)
    {
        violations.Trace?.Invoke(
            $"{violations.Sequence} sends {order.Purpose} {order.OrderId} of parent {order.ParentId}, trade "
            + $"{order.TradeId}: {order.Side} {order.Quantity} {order.Type} of instrument {order.InstrumentIndex}");
        _leaving.Add(order);
        if (!_sent.TryAdd(order.OrderId, order.Purpose != OrderPurpose.Entry))
            violations.Add($"order {order.OrderId} of parent {order.ParentId} was sent twice");
        if (order.Purpose == OrderPurpose.Entry)
            CheckExecuted(in order);
        else
            CheckExit(in order);
    }

    /// <summary>An order at the venue is asked for something.</summary>
    /// <param name="order">As it stands.</param>
    /// <param name="what">What it is to do, for the trace.</param>
    /// <param name="terms">What it is to become; nothing where it is not to be replaced.</param>
    public void OnRequest(in Order order, string what, in OrderTerms terms = default) => violations.Trace?.Invoke(
        $"{violations.Sequence} asks {order.OrderId}, {order.Status}, {order.CumulativeQuantity} of {order.Quantity} "
        + $"executed, to {what}"
        + (terms.Quantity == 0 ? "" : $": {terms.Quantity} at {terms.LimitPriceE9} and {terms.TriggerPriceE9}"));

    /// <summary>An event was handled for the first time: commands count from then on, with it too.</summary>
    public void OnHandled(ref readonly PipelineEvent e)
    {
        if (e.Header.Kind == EventKind.Command)
            OnCommand(e.Header.InstrumentIndex, in e.Payload.Command);
        if (e.Header.Kind == EventKind.TradeQualified && e.Verdict.ParentId != 0)
            OnApproved(in e);

        foreach (var order in _leaving)
        {
            if (order.Purpose == OrderPurpose.Entry)
                CheckEntry(in order, e.Header.TimeNs);
        }

        _leaving.Clear();
        if ((e.Verdict.Changes & RiskChanges.Tripped) != 0)
            _isKilled = true;
    }

    private void OnCommand(int instrument, in Command command)
    {
        if (command.Kind == CommandKind.Kill)
            _isKilled = true;
        else if (command.Kind == CommandKind.Resume && command.Reason != 0)
            _isKilled = false;
        else if (command.Kind == CommandKind.StopEntries)
            _isStopped[instrument] = true;
        else if (command.Kind == CommandKind.ResumeEntries && command.Reason != 0)
            _isStopped[instrument] = false;
    }

    private void OnApproved(ref readonly PipelineEvent e)
    {
        var signal = e.Payload.TradeQualified.SignalId;
        if (!_parentOfSignal.TryAdd(signal, e.Verdict.ParentId))
        {
            violations.Add(
                $"signal {signal} was approved twice, as parents {_parentOfSignal[signal]} and {e.Verdict.ParentId}");
        }

        _approved[e.Verdict.ParentId] = e.Verdict.ApprovedQuantity;
        if (e.Verdict.ApprovedQuantity > MaxOrderSize)
            violations.Add($"{e.Verdict.ApprovedQuantity} contracts were approved, and {MaxOrderSize} are the most");
    }

    private void CheckEntry(in Order order, long timeNs)
    {
        if (order.IsReducing)
            return;

        if (_isKilled)
            violations.Add($"entry {order.OrderId} left while the kill switch was latched");
        if (_isStopped[order.InstrumentIndex])
            violations.Add($"entry {order.OrderId} left while entries of {order.InstrumentIndex} were stopped");
        if (order.Quantity > MaxOrderSize)
            violations.Add($"entry {order.OrderId} has {order.Quantity} contracts, and {MaxOrderSize} are the most");
        _entryTimes.Enqueue(timeNs);
        while (_entryTimes.Peek() <= timeNs - SecondNs)
            _entryTimes.Dequeue();
        if (_entryTimes.Count > MaxOrdersPerSecond)
            violations.Add($"{_entryTimes.Count} entries left within a second, and {MaxOrdersPerSecond} are the most");
    }

    /// <summary>What all orders of a parent may have executed at the venue is no more than was approved.</summary>
    private void CheckExecuted(in Order order)
    {
        if (!_ordersOfParent.TryGetValue(order.ParentId, out var others))
            _ordersOfParent[order.ParentId] = others = [];
        others.Add(order.OrderId);
        var executed = others.Sum(venue.ExecutedOf);
        if (_approved.TryGetValue(order.ParentId, out var approved) && executed + order.Quantity > approved)
        {
            violations.Add(
                $"order {order.OrderId} of {order.Quantity} left for parent {order.ParentId}, of whose {approved} "
                + $"contracts the venue has executed {executed}");
        }
    }

    private void CheckExit(in Order order)
    {
        var key = (order.TradeId, order.Type);
        if (!_exits.TryGetValue(key, out var others))
            _exits[key] = others = [];
        var live = others.Find(venue.IsOpen);
        if (live != 0)
            violations.Add($"exit {order.OrderId} of trade {order.TradeId} left while {live} of the same leg was open");
        others.Add(order.OrderId);
    }
}
