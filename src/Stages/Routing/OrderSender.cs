using ExecutionPipeline.Execution.Orders;
using ExecutionPipeline.Execution.State;
using ExecutionPipeline.Execution.Venues;
using ExecutionPipeline.Execution.Venues.Routing;
using ExecutionPipeline.Messages.Events;

namespace ExecutionPipeline.Stages.Routing;

/// <summary>
/// Sends orders, replacements and cancels to the venue, and keeps the store of orders in step. Orders are numbered as
/// they leave; a number whose place another working order holds is left out, so that the ledger knows each of them.
/// </summary>
internal sealed class OrderSender(
    OrderStore orders, VenueTable venues, IVenueGateway[] gateways, int places = ExecutionLedger.OrderPlaces)
    : IStateful
{
    private const ulong FarAhead = 1UL << 32;

    private readonly int[] _slotOfPlace = NewPlaces(places);
    private ulong _lastNumber;

    /// <summary>Orders that left for the venue.</summary>
    public long OrdersSent { get; private set; }

    /// <summary>Cancel requests that left for the venue.</summary>
    public long CancelsSent { get; private set; }

    /// <summary>Replace requests that left for the venue.</summary>
    public long ReplacesSent { get; private set; }

    /// <summary>
    /// Gives the order its id, keeps it and sends it to its venue, which must be up. False when there is no room.
    /// </summary>
    public bool TrySend(ref Order order, ulong parentId, out int slot)
    {
        var place = TakeNumber();
        order.OrderId = OrderIds.Of(parentId, _lastNumber);
        order.Status = OrderStatus.PendingNew;
        if (!orders.TryAdd(order, out slot))
            return false;

        _slotOfPlace[place] = slot;
        OrdersSent++;
        gateways[order.Venue].Submit(orders[slot], order.SubmitTimeNs);
        return true;
    }

    /// <summary>Asks for the end of an order, once. Whether a request left.</summary>
    public bool TryCancel(int slot, long timeNs)
    {
        if (!IsReachable(slot) || !orders.TryRequestCancel(slot, timeNs))
            return false;

        CancelsSent++;
        gateways[orders[slot].Venue].Cancel(orders[slot], timeNs);
        return true;
    }

    /// <summary>Asks for other terms of an order that waits for no answer. Whether a request left.</summary>
    public bool TryReplace(int slot, in OrderTerms terms, long timeNs)
    {
        if (!IsReachable(slot) || !orders.TryRequestReplace(slot, terms, timeNs))
            return false;

        ReplacesSent++;
        gateways[orders[slot].Venue].Replace(orders[slot], terms, timeNs);
        return true;
    }

    public void Transfer(StateStream state)
    {
        state.Array(_slotOfPlace, -1);
        state.Value(ref _lastNumber);
        OrdersSent = state.Next(OrdersSent);
        CancelsSent = state.Next(CancelsSent);
        ReplacesSent = state.Next(ReplacesSent);
    }

    /// <summary>Asks the venue what became of a working order. Whether a request left.</summary>
    public bool TryAsk(int slot, long timeNs)
    {
        if (!IsReachable(slot))
            return false;

        orders.NoteInquiry(slot, timeNs);
        gateways[orders[slot].Venue].RequestStatus(orders[slot], timeNs);
        return true;
    }

    /// <summary>Asks a venue, which must be up, for all that is open there.</summary>
    public void AskForOpenOrders(int venue, long timeNs) => gateways[venue].RequestOpenOrders(timeNs);

    /// <summary>Leaves out so many numbers, which may have been given to orders that are not known here.</summary>
    public void Skip(int numbers) => _lastNumber += (ulong)numbers;

    /// <summary>
    /// Keeps an order that somebody else has sent to its venue. False when there is no room, or nothing is left of it.
    /// </summary>
    public bool TryAdopt(in Order order, int executed)
    {
        if (!orders.TryAdd(order, out var slot, executed))
            return false;

        var number = OrderIds.NumberOf(order.OrderId);
        _slotOfPlace[PlaceOf(order.OrderId)] = slot;
        // An own order that is not remembered, if not far ahead: its number is not given again.
        if (number > _lastNumber && number - _lastNumber < FarAhead)
            _lastNumber = number;
        return true;
    }

    private static int[] NewPlaces(int count)
    {
        var places = new int[ExecutionLedger.CheckedPlaces(count)];
        Array.Fill(places, -1);
        return places;
    }

    private int PlaceOf(ulong orderId) => ExecutionLedger.PlaceOf(orderId, _slotOfPlace.Length);

    /// <summary>A venue that is lost is asked for nothing before it is back.</summary>
    private bool IsReachable(int slot) => venues[orders[slot].Venue].IsUp;

    private int TakeNumber()
    {
        int place;
        do
            place = PlaceOf(++_lastNumber);
        while (IsHeld(place));

        return place;
    }

    private bool IsHeld(int place)
    {
        var slot = _slotOfPlace[place];
        return slot >= 0
            && orders[slot].IsWorking
            && PlaceOf(orders[slot].OrderId) == place;
    }
}
