using System.Collections.Concurrent;
using ExecutionPipeline.Execution.Orders;
using ExecutionPipeline.Execution.Venues;
using ExecutionPipeline.Messages.Events;

namespace ExecutionPipeline.Pipeline.Tests.Support;

/// <summary>A venue at which every order rests until it is cancelled.</summary>
internal sealed class RestingVenue(IReportSink reports) : IVenueGateway
{
    private readonly List<Order> _resting = [];
    private ulong _executions;

    /// <summary>How often everything was cancelled at once.</summary>
    public int CancelAlls { get; private set; }

    /// <summary>So often the request for that does not get there.</summary>
    public int Unreached { get; set; }

    public int Submitted { get; private set; }

    public int Resting => _resting.Count;

    public void Submit(in Order order, long timeNs)
    {
        Submitted++;
        _resting.Add(order);
        Report(ExecutionReportKind.New, order, leaves: order.Quantity);
    }

    public void Cancel(in Order order, long timeNs)
    {
        var id = order.OrderId;
        _resting.RemoveAll(resting => resting.OrderId == id);
        Report(ExecutionReportKind.Cancelled, order, leaves: 0);
    }

    public void Replace(in Order order, in OrderTerms terms, long timeNs) =>
        Report(ExecutionReportKind.ReplaceRejected, order, leaves: order.LeavesQuantity);

    public bool TryCancelAll(long timeNs)
    {
        CancelAlls++;
        if (Unreached-- > 0)
            return false;

        foreach (var order in _resting.ToArray())
            Cancel(order, timeNs);
        return true;
    }

    public void RequestStatus(in Order order, long timeNs)
    {
    }

    public void RequestOpenOrders(long timeNs)
    {
    }

    private void Report(ExecutionReportKind kind, in Order order, int leaves) => reports.OnReport(new ExecutionReport
    {
        OrderId = order.OrderId,
        ExecutionId = ++_executions,
        Kind = kind,
        Side = order.Side,
        InstrumentIndex = order.InstrumentIndex,
        LeavesQuantity = leaves,
        ReleasedQuantity = kind == ExecutionReportKind.Cancelled ? order.Quantity : 0,
        VenueTimeNs = 1,
    });
}

/// <summary>A venue that answers on a thread of its own, and only once it is let: every order is filled.</summary>
internal sealed class LateVenue : IVenueGateway, IDisposable
{
    private readonly BlockingCollection<Order> _orders = [];
    private readonly ManualResetEventSlim _isLet = new();
    private readonly Thread _thread;
    private ulong _executions;

    public LateVenue(IReportSink reports)
    {
        _thread = new Thread(() => Answer(reports)) { IsBackground = true };
        _thread.Start();
    }

    public int Submitted { get; private set; }

    public void Submit(in Order order, long timeNs)
    {
        Submitted++;
        _orders.Add(order);
    }

    public void Cancel(in Order order, long timeNs)
    {
    }

    public void Replace(in Order order, in OrderTerms terms, long timeNs)
    {
    }

    public bool TryCancelAll(long timeNs) => true;

    public void RequestStatus(in Order order, long timeNs)
    {
    }

    public void RequestOpenOrders(long timeNs)
    {
    }

    /// <summary>From now on it answers.</summary>
    public void Answer() => _isLet.Set();

    public void Dispose()
    {
        _isLet.Set();
        _orders.CompleteAdding();
        _thread.Join();
    }

    private void Answer(IReportSink reports)
    {
        _isLet.Wait();
        foreach (var order in _orders.GetConsumingEnumerable())
        {
            Thread.Yield();
            reports.OnReport(new ExecutionReport
            {
                OrderId = order.OrderId,
                ExecutionId = ++_executions,
                Kind = ExecutionReportKind.Trade,
                Side = order.Side,
                InstrumentIndex = order.InstrumentIndex,
                LastQuantity = order.Quantity,
                LastPriceE9 = 4_800_250_000_000,
                CumulativeQuantity = order.Quantity,
                VenueTimeNs = 1,
            });
        }
    }
}

/// <summary>
/// A venue that does not take an order before it is let: the thread that sends it hangs. Disposing of it lets it.
/// </summary>
/// <param name="inner">Takes the orders.</param>
/// <param name="free">So many orders are taken at once.</param>
internal sealed class HangingVenue(IVenueGateway inner, int free = 0) : IVenueGateway, IDisposable
{
    private readonly ManualResetEventSlim _isLet = new();

    public int Submitted { get; private set; }

    public void Submit(in Order order, long timeNs)
    {
        if (++Submitted > free)
            _isLet.Wait();
        LastSignalId = order.SignalId;
        inner.Submit(order, timeNs);
    }

    public void Cancel(in Order order, long timeNs) => inner.Cancel(order, timeNs);

    public void Replace(in Order order, in OrderTerms terms, long timeNs) => inner.Replace(order, terms, timeNs);

    public bool TryCancelAll(long timeNs) => inner.TryCancelAll(timeNs);

    public void RequestStatus(in Order order, long timeNs) => inner.RequestStatus(order, timeNs);

    public void RequestOpenOrders(long timeNs) => inner.RequestOpenOrders(timeNs);

    /// <summary>The signal of the last order that was taken.</summary>
    public ulong LastSignalId { get; private set; }

    public void GoOn() => _isLet.Set();

    public void Dispose() => GoOn();
}
