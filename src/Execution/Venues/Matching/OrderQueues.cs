using ExecutionPipeline.Execution.State;
using ExecutionPipeline.Messages.Events;

namespace ExecutionPipeline.Execution.Venues.Matching;

/// <summary>
/// The queues of a book: bids, offers, and the stops of each side by their trigger. Orders of a level trade in the
/// order in which they joined it. An order's place is the index of its level, with the number of its ladder above.
/// </summary>
internal sealed class OrderQueues : IStateful
{
    public const int Bids = 0;
    public const int Offers = 1;
    public const int BuyStops = 2;
    public const int SellStops = 3;

    private const int LadderShift = 24;
    private const int LevelMask = (1 << LadderShift) - 1;

    private readonly OrderPool _orders;
    private readonly PriceLadder[] _ladders;

    /// <param name="orders">Where the orders are kept.</param>
    /// <param name="levels">How many prices there are.</param>
    public OrderQueues(OrderPool orders, int levels)
    {
        _orders = orders;
        _ladders =
        [
            new PriceLadder(levels, isHighestFirst: true),
            new PriceLadder(levels, isHighestFirst: false),
            new PriceLadder(levels, isHighestFirst: false),
            new PriceLadder(levels, isHighestFirst: true),
        ];
    }

    public PriceLadder this[int ladder] => _ladders[ladder];

    public static int PlaceOf(int ladder, int level) => ladder << LadderShift | level;

    public static int LadderOf(int place) => place >> LadderShift;

    public static int LevelOf(int place) => place & LevelMask;

    public static Side SideOf(int ladder) => ladder is Bids or BuyStops ? Side.Buy : Side.Sell;

    public static bool HoldsStops(int ladder) => ladder is BuyStops or SellStops;

    /// <summary>Whether an order that comes in finds all of its contracts within its limit, hidden ones too.</summary>
    public bool IsFillable(in BookOrderRequest order, int limit, SelfTradePrevention mode)
    {
        var ladder = _ladders[order.Side == Side.Buy ? Offers : Bids];
        var left = (long)order.Quantity;
        for (var index = ladder.Best; index != PriceLadder.None && left > 0; index = ladder.After(index))
        {
            if (order.Side == Side.Buy ? index > limit : index < limit)
                break;

            for (var at = ladder.Levels[index].Head; at != 0 && left > 0; at = _orders[at].Next)
            {
                var isOwn = mode != SelfTradePrevention.None && order.OwnerId != 0
                    && _orders.Terms(at).OwnerId == order.OwnerId;
                if (isOwn && mode != SelfTradePrevention.CancelResting)
                    return false;

                left -= isOwn ? 0 : _orders[at].Leaves;
            }
        }

        return left <= 0;
    }

    /// <summary>Puts an order that is in no queue at the end of the one at its place.</summary>
    public void Join(int index, int place, int quantity)
    {
        ref var order = ref _orders[index];
        order.Place = place;
        Show(index, quantity);
        var ladder = _ladders[LadderOf(place)];
        ref var level = ref ladder.Levels[LevelOf(place)];
        var wasEmpty = level.Head == 0;
        Append(ref level, index);
        if (wasEmpty)
            ladder.Occupy(LevelOf(place));
    }

    public void Unlink(int index)
    {
        ref var order = ref _orders[index];
        var ladder = _ladders[LadderOf(order.Place)];
        ref var level = ref ladder.Levels[LevelOf(order.Place)];
        level.Quantity -= order.Quantity;
        if (order.Previous == 0)
            level.Head = order.Next;
        else
            _orders[order.Previous].Next = order.Next;

        if (order.Next == 0)
            level.Tail = order.Previous;
        else
            _orders[order.Next].Previous = order.Previous;

        if (level.Head == 0)
            ladder.Vacate(LevelOf(order.Place));
    }

    /// <summary>
    /// Takes the first order of a level, which shows no contracts any more, out of its place: it ends, or shows its
    /// next peak at the end of the queue.
    /// </summary>
    public void LeaveHead(ref PriceLevel level, int index)
    {
        ref var order = ref _orders[index];
        level.Head = order.Next;
        if (order.Next == 0)
            level.Tail = 0;
        else
            _orders[order.Next].Previous = 0;

        if (order.Hidden == 0)
        {
            _orders.Remove(index);
            return;
        }

        Show(index, order.Hidden);
        Append(ref level, index);
    }

    /// <summary>Takes contracts off an order that keeps its place, hidden ones first.</summary>
    public void Shrink(int index, int quantity)
    {
        ref var order = ref _orders[index];
        var removed = order.Leaves - quantity;
        var fromHidden = Math.Min(removed, order.Hidden);
        order.Hidden -= fromHidden;
        order.Quantity -= removed - fromHidden;
        _ladders[LadderOf(order.Place)].Levels[LevelOf(order.Place)].Quantity -= removed - fromHidden;
    }

    /// <summary>All contracts at a level, hidden ones included.</summary>
    public long LeavesAt(int ladder, int level)
    {
        var sum = 0L;
        for (var at = _ladders[ladder].Levels[level].Head; at != 0; at = _orders[at].Next)
            sum += _orders[at].Leaves;

        return sum;
    }

    public void Transfer(StateStream state)
    {
        _orders.Transfer(state);
        foreach (var ladder in _ladders)
            ladder.Transfer(state);
    }

    private void Append(ref PriceLevel level, int index)
    {
        ref var order = ref _orders[index];
        order.Previous = level.Tail;
        order.Next = 0;
        if (level.Tail == 0)
            level.Head = index;
        else
            _orders[level.Tail].Next = index;

        level.Tail = index;
        level.Quantity += order.Quantity;
    }

    /// <summary>Splits an order's open quantity into what it shows and what it hides.</summary>
    private void Show(int index, int quantity)
    {
        var peak = _orders.Terms(index).PeakQuantity;
        ref var order = ref _orders[index];
        order.Quantity = peak == 0 ? quantity : Math.Min(peak, quantity);
        order.Hidden = quantity - order.Quantity;
    }
}
