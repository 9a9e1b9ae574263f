using ExecutionPipeline.Execution.Orders;
using ExecutionPipeline.Execution.State;
using ExecutionPipeline.Messages.Events;

namespace ExecutionPipeline.Execution.Venues;

/// <summary>
/// What a venue remembers of the orders that it was sent, ended ones too, so that it can say what became of one. The
/// place of an id is the remainder of its number, and the later order of a place takes it over; the last executions
/// are kept in a ring. All memory is taken at start.
/// </summary>
internal sealed class OrderHistory : IStateful
{
    /// <summary>Orders remembered. A multiple of what the pipeline's ledger tells apart, so that none that works there
    /// takes another's place.</summary>
    public const int Orders = 2 * ExecutionLedger.OrderPlaces;

    /// <summary>Executions remembered; a power of two.</summary>
    public const int Executions = 65_536;

    private static readonly KnownOrder None;

    private readonly KnownOrder[] _orders = new KnownOrder[Orders];
    private readonly ExecutionReport[] _executions = new ExecutionReport[Executions];

    /// <summary>Of an execution: the number of the same order's next one; 0 for none.</summary>
    private readonly long[] _next = new long[Executions];
    private long _lastNumber;

    public bool Knows(ulong orderId) => orderId != 0 && PlaceOf(orderId).Order.OrderId == orderId;

    /// <summary>An order as it stood last; its id is 0 when it is not known.</summary>
    public ref readonly KnownOrder Find(ulong orderId)
    {
        ref readonly var known = ref PlaceOf(orderId);
        return ref known.Order.OrderId == orderId ? ref known : ref None;
    }

    /// <summary>Remembers how an order stands.</summary>
    public void Note(in VenueOrder order, OrderStatus status)
    {
        ref var known = ref PlaceOf(order.OrderId);
        if (known.Order.OrderId != order.OrderId)
            known.FirstExecution = known.LastExecution = 0;

        known.Order = order;
        known.Status = status;
    }

    /// <summary>Remembers an execution, after its order was noted.</summary>
    public void NoteExecution(in ExecutionReport report)
    {
        var number = ++_lastNumber;
        _executions[number & (Executions - 1)] = report;
        _next[number & (Executions - 1)] = 0;
        ref var known = ref PlaceOf(report.OrderId);
        if (known.FirstExecution == 0)
            known.FirstExecution = number;
        else if (IsKept(known.LastExecution))
            _next[known.LastExecution & (Executions - 1)] = number;
        known.LastExecution = number;
    }

    /// <summary>
    /// Reports the executions of an order again that are still remembered, oldest first. Of those that are not, the
    /// cumulative quantity of the next report speaks.
    /// </summary>
    public void Repeat(ulong orderId, IReportSink sink)
    {
        ref readonly var known = ref PlaceOf(orderId);
        if (known.Order.OrderId != orderId)
            return;

        // A chain whose beginning was overwritten is not followed: its links are another's.
        for (var number = known.FirstExecution; number != 0 && IsKept(number);)
        {
            ref readonly var execution = ref _executions[number & (Executions - 1)];
            number = _next[number & (Executions - 1)];
            sink.OnReport(execution);
        }
    }

    public void Transfer(StateStream state)
    {
        state.Array(_orders);
        state.Array(_executions);
        state.Array(_next);
        state.Value(ref _lastNumber);
    }

    private bool IsKept(long number) => number > _lastNumber - Executions;

    private ref KnownOrder PlaceOf(ulong orderId) => ref _orders[OrderIds.NumberOf(orderId) % Orders];
}

/// <summary>An order that a venue was sent, as it stood last. One that it never had, but was asked for, has no state.
/// </summary>
internal struct KnownOrder
{
    public VenueOrder Order;
    public OrderStatus Status;
    public long FirstExecution;
    public long LastExecution;
}
