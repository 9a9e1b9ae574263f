using ExecutionPipeline.Execution.Orders;
using ExecutionPipeline.Execution.State;
using ExecutionPipeline.Execution.Venues.Routing;
using ExecutionPipeline.Messages.Events;

namespace ExecutionPipeline.Stages.Routing;

/// <summary>
/// Asks venues what became of orders: of those whose request is not answered in time, again and again with a growing
/// wait, and of those that the venue did not know when they were to be changed. An order is never sent again because
/// nothing was heard of it: the venue's answer settles it. What is to end and has no parent that asks for it is asked
/// for here, too.
/// </summary>
internal sealed class InquiryDesk(
    OrderStore orders, OrderSender sender, VenueTable venues, RoutingOutputs outputs, RoutingOptions options)
    : IStateful
{
    private const long NsPerMs = 1_000_000;
    private const int MaxDoublings = 20;
    private const int AuditedPerSecond = 64;

    /// <summary>A cancel that was refused is asked for again after so long.</summary>
    private const long RetryNs = 100_000_000;

    private int _auditSlot;

    /// <summary>Requests that were not answered in time, each time that the venue was asked counted.</summary>
    public long Unanswered { get; private set; }

    public void Transfer(StateStream state)
    {
        state.Value(ref _auditSlot);
        Unanswered = state.Next(Unanswered);
    }

    /// <summary>A second has passed.</summary>
    public void OnSecond(long timeNs)
    {
        CancelUnwanted(timeNs);
        AskOverdue(timeNs);
        if (options.AuditSeconds > 0)
            Audit(timeNs);
    }

    private void AskOverdue(long timeNs)
    {
        for (var place = orders.AwaitedOrders - 1; place >= 0; place--)
        {
            var slot = orders.AwaitedAt(place);
            if (timeNs < DueNs(orders[slot]) || !sender.TryAsk(slot, timeNs))
                continue;

            Unanswered++;
            venues.NoteUnanswered(orders[slot].Venue);
            outputs.TellUnanswered(orders[slot]);
        }
    }

    /// <summary>The cancel was refused, could not leave, or is known to have been lost: the order rests.</summary>
    private void CancelUnwanted(long timeNs)
    {
        for (var place = orders.AwaitedOrders - 1; place >= 0; place--)
        {
            var slot = orders.AwaitedAt(place);
            ref readonly var order = ref orders[slot];
            if (order is { IsUnwanted: true, IsDoubted: false } && timeNs - order.AskedNs >= RetryNs)
                sender.TryCancel(slot, timeNs);
        }
    }

    /// <summary>
    /// An order that the venue did not know is asked for at once. One in doubt is asked for until its fate is known,
    /// also where overdue answers are not asked for: nothing else settles it.
    /// </summary>
    private long DueNs(in Order order)
    {
        if (order.IsDoubted && order.Inquiries == 0)
            return order.AskedNs;
        if (options.AnswerTimeoutMs == 0)
            return order.IsDoubted ? order.AskedNs + options.AnswerTimeoutMaxMs * NsPerMs : long.MaxValue;

        var waitMs = Math.Min(
            (long)options.AnswerTimeoutMs << Math.Min(order.Inquiries, MaxDoublings), options.AnswerTimeoutMaxMs);
        return order.AskedNs + waitMs * NsPerMs;
    }

    private void Audit(long timeNs)
    {
        for (var i = 0; i < Math.Min(AuditedPerSecond, orders.Capacity); i++)
        {
            _auditSlot = _auditSlot + 1 < orders.Capacity ? _auditSlot + 1 : 0;
            ref readonly var order = ref orders[_auditSlot];
            if (order.IsWorking && !order.IsPending && timeNs - order.HeardNs >= options.AuditSeconds * 1000 * NsPerMs)
                sender.TryAsk(_auditSlot, timeNs);
        }
    }
}
