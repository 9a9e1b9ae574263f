using ExecutionPipeline.Messages.Events;

namespace ExecutionPipeline.Simulation.Checks;

/// <summary>
/// The exchange's own word, by its own reports before anything of them can be lost: which orders are open, what was
/// executed, and what positions that makes.
/// </summary>
internal sealed class VenueBook(int instruments, ViolationLog violations)
{
    private readonly Dictionary<ulong, OpenOrder> _open = [];
    private readonly Dictionary<ulong, int> _executed = [];
    private readonly HashSet<ulong> _executions = [];
    private readonly int[] _positions = new int[instruments];

    /// <summary>
    /// By how much exits whose cancel the venue refused, or did not hear, have carried a position beyond zero; that is
    /// repaired, and no order of a signal is to blame for it.
    /// </summary>
    private readonly int[] _overshoot = new int[instruments];

    private sealed record OpenOrder(int Instrument, int Sign);

    /// <summary>Executions, each counted once.</summary>
    public long Executions { get; private set; }

    /// <summary>
    /// The most contracts of an instrument that may be held either way. An order is approved for the position that it
    /// leads to, so where exits close the other side before it is executed, as much again may be held.
    /// </summary>
    public int MaxPosition { get; init; } = int.MaxValue;

    /// <summary>Tells whether an order was sent to end a trade.</summary>
    public Predicate<ulong> IsExit { get; set; } = static _ => false;

    public int Position(int instrument) => _positions[instrument];

    /// <summary>Contracts of an order that were executed.</summary>
    public int ExecutedOf(ulong orderId) => _executed.GetValueOrDefault(orderId);

    /// <summary>Whether an order is open at the exchange.</summary>
    public bool IsOpen(ulong orderId) => _open.ContainsKey(orderId);

    /// <summary>Open orders of an instrument.</summary>
    public int CountOpen(int instrument) => _open.Values.Count(order => order.Instrument == instrument);

    /// <summary>Ids of the open orders.</summary>
    public IEnumerable<ulong> Open => _open.Keys;

    public void OnReport(in ExecutionReport report)
    {
        violations.Trace?.Invoke(
            $"{violations.Sequence} venue: {report.Kind} {report.RejectReason} of order {report.OrderId}, instrument "
            + $"{report.InstrumentIndex}: {report.LastQuantity} executed, {report.CumulativeQuantity} of "
            + $"{report.OrderQuantity} in all, {report.LeavesQuantity} left");
        switch (report.Kind)
        {
            case ExecutionReportKind.New:
                _open[report.OrderId] = new OpenOrder(report.InstrumentIndex, report.Side == Side.Buy ? 1 : -1);
                break;
            case ExecutionReportKind.Trade:
                OnTrade(in report);
                break;
            case ExecutionReportKind.Cancelled or ExecutionReportKind.Rejected or ExecutionReportKind.Expired:
                _open.Remove(report.OrderId);
                break;
        }
    }

    private void OnTrade(in ExecutionReport report)
    {
        // An execution that was asked for is told again.
        if (!_executions.Add(report.ExecutionId))
            return;

        Executions++;
        var instrument = report.InstrumentIndex;
        var before = Math.Abs(_positions[instrument]);
        _positions[instrument] += report.Side == Side.Buy ? report.LastQuantity : -report.LastQuantity;
        if (IsExit(report.OrderId))
            _overshoot[instrument] += Math.Max(0, Math.Abs(_positions[instrument]) - before);
        _executed[report.OrderId] = _executed.GetValueOrDefault(report.OrderId) + report.LastQuantity;
        if (report.LeavesQuantity == 0)
            _open.Remove(report.OrderId);
        var position = _positions[instrument];
        if (position == 0)
            _overshoot[instrument] = 0;
        if (Math.Abs(position) > MaxPosition + _overshoot[instrument])
        {
            violations.Add(
                $"the position of instrument {instrument} at the venue is {position}, "
                + $"and no more than {MaxPosition} may be held");
        }
    }
}
