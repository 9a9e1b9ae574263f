namespace ExecutionPipeline.Messages.Events;

/// <summary>
/// How order ids are made. The low 40 bits number the orders that are sent, from 1 on, over all parents; the high 24
/// bits are the low ones of the parent's id. So a report tells whose reservation it concerns, to whoever only knows of
/// parents, and ids are the same in a replay. The number 0 stands for the parent itself.
/// </summary>
public static class OrderIds
{
    private const int NumberBits = 40;
    private const ulong NumberMask = (1UL << NumberBits) - 1;
    private const ulong KeyMask = (1UL << (64 - NumberBits)) - 1;

    /// <summary>The id of the order with a number, sent for a parent.</summary>
    public static ulong Of(ulong parentId, ulong number) => parentId << NumberBits | number;

    /// <summary>The order's number; 0 for a parent.</summary>
    public static ulong NumberOf(ulong orderId) => orderId & NumberMask;

    /// <summary>The low 24 bits of the parent's id.</summary>
    public static ulong ParentKeyOf(ulong orderId) => orderId >> NumberBits;

    /// <summary>Whether an order, by its id, was sent for a parent.</summary>
    public static bool IsOf(ulong orderId, ulong parentId) => orderId >> NumberBits == (parentId & KeyMask);
}
