using ExecutionPipeline.Messages.Events;

namespace ExecutionPipeline.Execution.Venues.Matching;

/// <summary>What a matching book takes orders for at a time.</summary>
public enum TradingPhase : byte
{
    /// <summary>Orders are matched as they come.</summary>
    Continuous = 0,

    /// <summary>Orders are collected and matched at one price when the auction ends.</summary>
    Auction = 1,

    /// <summary>Nothing is matched; orders can only be cancelled.</summary>
    Halted = 2,

    /// <summary>The session has ended: day orders have expired; orders can only be cancelled.</summary>
    Closed = 3,
}

/// <summary>What happens when an order meets another order of the same owner.</summary>
public enum SelfTradePrevention : byte
{
    /// <summary>They trade.</summary>
    None = 0,

    /// <summary>What is left of the incoming order is cancelled.</summary>
    CancelIncoming = 1,

    /// <summary>The resting order is cancelled and the incoming one goes on.</summary>
    CancelResting = 2,

    /// <summary>Both are cancelled.</summary>
    CancelBoth = 3,

    /// <summary>Both get smaller by what they would have traded: one ends, the other goes on with the rest.</summary>
    Decrement = 4,
}

/// <summary>Why a book refused a request.</summary>
public enum BookRejectReason : byte
{
    None = 0,

    /// <summary>No resting order has this id.</summary>
    UnknownOrder = 1,

    /// <summary>An order of this id rests already.</summary>
    DuplicateOrder = 2,

    /// <summary>A quantity that is not positive, no multiple of the lot, or a peak beyond the quantity.</summary>
    InvalidQuantity = 3,

    /// <summary>A price outside the book's range, or missing.</summary>
    InvalidPrice = 4,

    /// <summary>The phase does not admit the request.</summary>
    WrongPhase = 5,

    /// <summary>The book holds as many orders as it has memory for.</summary>
    TooManyOrders = 6,

    /// <summary>A side, type or time in force that the book does not know, or that do not go together.</summary>
    InvalidOrder = 7,
}

/// <summary>Why an order, or what was left of it, was taken off the book without a request for it.</summary>
public enum BookCancelReason : byte
{
    /// <summary>Its owner asked for it.</summary>
    Requested = 0,

    /// <summary>The rest of an order that never rests: immediate-or-cancel, or a market order.</summary>
    NotImmediate = 1,

    /// <summary>A fill-or-kill order that could not be filled whole.</summary>
    NotFillable = 2,

    /// <summary>It would have traded with an order of the same owner.</summary>
    SelfTrade = 3,

    /// <summary>A day order at the end of the session.</summary>
    EndOfDay = 4,
}

/// <summary>A new order for a book. Prices are in ticks, quantities in contracts.</summary>
public struct BookOrderRequest
{
    /// <summary>Not 0; unique among the orders that rest.</summary>
    public ulong OrderId;

    /// <summary>Who it belongs to; 0 trades with everybody.</summary>
    public uint OwnerId;

    public Side Side;
    public OrderType Type;
    public TimeInForce TimeInForce;

    /// <summary>The limit of a limit or stop-limit order.</summary>
    public int PriceTicks;

    /// <summary>The trigger of a stop or stop-limit order.</summary>
    public int StopTicks;

    public int Quantity;

    /// <summary>What an iceberg shows at a time; 0 shows all.</summary>
    public int PeakQuantity;
}

/// <summary>One trade.</summary>
/// <param name="MakerOrderId">The order that rested; in an auction the sell order.</param>
/// <param name="TakerOrderId">The order that came in; in an auction the buy order.</param>
/// <param name="TakerSide">The side of the order that came in; <see cref="Side.None"/> in an auction.</param>
/// <param name="PriceTicks">In ticks.</param>
/// <param name="Quantity">In contracts.</param>
/// <param name="MakerLeaves">Contracts of the maker that are still open, hidden ones included.</param>
/// <param name="TakerLeaves">Contracts of the taker that are still open.</param>
public readonly record struct BookTrade(
    ulong MakerOrderId,
    ulong TakerOrderId,
    Side TakerSide,
    int PriceTicks,
    int Quantity,
    int MakerLeaves,
    int TakerLeaves);

/// <summary>
/// Told of everything that a book does, in the order in which it happens, during the call that caused it. It must not
/// call the book. Implement it by a struct, so that the book is compiled for it and calls it directly.
/// </summary>
public interface IBookListener
{
    void OnAccepted(in BookOrderRequest order);

    void OnRejected(ulong orderId, BookRejectReason reason);

    void OnTrade(in BookTrade trade);

    /// <summary>An order ended with <paramref name="quantity"/> contracts unexecuted.</summary>
    void OnCancelled(ulong orderId, Side side, int priceTicks, int quantity, BookCancelReason reason);

    /// <summary>
    /// Self-trade prevention has taken contracts off an order; <paramref name="quantity"/> are open yet. A resting one
    /// keeps its place.
    /// </summary>
    void OnReduced(ulong orderId, Side side, int priceTicks, int quantity);

    void OnCancelRejected(ulong orderId, BookRejectReason reason);

    /// <summary>Told before the trades that the order's new price or quantity causes.</summary>
    void OnReplaced(ulong orderId, Side side, int priceTicks, int quantity);

    void OnReplaceRejected(ulong orderId, BookRejectReason reason);

    /// <summary>A stop order has become a market or a limit order.</summary>
    void OnTriggered(ulong orderId);
}

/// <summary>What a matching book is laid out for.</summary>
public sealed class MatchingBookOptions
{
    /// <summary>The lowest price that is taken, in ticks. Default 1.</summary>
    public int MinPriceTicks { get; init; } = 1;

    /// <summary>The highest price that is taken, in ticks. Default 65,536.</summary>
    public int MaxPriceTicks { get; init; } = 65_536;

    /// <summary>The most orders that rest at a time. Default 65,536.</summary>
    public int MaxOrders { get; init; } = 65_536;

    /// <summary>Quantities are multiples of it, in contracts. Default 1.</summary>
    public int LotSize { get; init; } = 1;

    /// <summary>
    /// How far beyond the best price a market order trades, in ticks; the rest is cancelled. Default: without limit.
    /// </summary>
    public int ProtectionTicks { get; init; } = int.MaxValue;

    /// <summary>What happens when two orders of one owner meet. Default: they trade.</summary>
    public SelfTradePrevention SelfTradePrevention { get; init; }

    /// <exception cref="ArgumentException">An option is out of range; the message says what to set.</exception>
    public void Validate()
    {
        if ((long)MaxPriceTicks - MinPriceTicks is < 0 or >= PriceLadder.MaxLevels)
            throw new ArgumentException($"matching book: set prices that span 1 to {PriceLadder.MaxLevels:N0} ticks.");
        if (MaxOrders is < 1 or > 1 << 26)
            throw new ArgumentException("matching book: set max orders to 1 to 67,108,864.");
        if (LotSize < 1)
            throw new ArgumentException("matching book: set the lot size to 1 contract or more.");
        if (ProtectionTicks < 0)
            throw new ArgumentException("matching book: set the protection to 0 ticks or more.");
        if (!Enum.IsDefined(SelfTradePrevention))
            throw new ArgumentException("matching book: there is no such self-trade prevention.");
    }
}
