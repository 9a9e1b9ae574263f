using ExecutionPipeline.MarketData.Dbn;

namespace ExecutionPipeline.MarketData.Books;

/// <summary>What a record did to the order that it names.</summary>
public enum BookChangeKind : byte
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>
    /// It came to the end of its price's queue, or is restated by a snapshot at the place that it had.
    /// </summary>
    Added,

    /// <summary>It lost quantity and kept its place.</summary>
    Reduced,

    /// <summary>It went to the end of a queue: it has a new price, or more quantity than it had.</summary>
    Requeued,

    /// <summary>It left the book.</summary>
    Removed,

    /// <summary>It was executed. The record that follows takes the quantity off.</summary>
    Filled,

    /// <summary>All orders left the book.</summary>
    Cleared,
}

/// <summary>
/// What one record did to a book. Whoever stands in a queue learns from it whether the order was ahead.
/// </summary>
public struct BookChange
{
    public ulong OrderId;

    /// <summary>The order's price before the change, in 1e-9; of an added one, its price.</summary>
    public long PriceE9;

    /// <summary>The order's time priority before the change; of an added one, its priority.</summary>
    public ulong Priority;

    /// <summary>
    /// Displayed contracts before the change, less what was filled of them; of an added one, after it.
    /// </summary>
    public uint Quantity;

    /// <summary>Displayed contracts that left the place in the queue.</summary>
    public uint QuantityGone;

    /// <summary>Contracts of a fill, which may be more than were displayed.</summary>
    public uint QuantityFilled;

    public BookChangeKind Kind;

    /// <summary>The order's side.</summary>
    public MboSide Side;

    /// <summary>It restates an order that rests, after a gap or at the start of a file.</summary>
    public bool IsOfSnapshot;

    /// <summary>All orders left the book before the change.</summary>
    public bool IsBookRestarted;

    /// <summary>
    /// Contracts of a fill that were executed behind a place in the queue, which an order at that place would have had
    /// before. What a fill has beyond the displayed quantity is an iceberg's, which goes to the end of the queue each
    /// time that its displayed part is used up.
    /// </summary>
    /// <param name="priceE9">The price of the place, in 1e-9, on the side of the filled order.</param>
    /// <param name="priority">The time priority of the place.</param>
    public readonly uint FilledBehind(long priceE9, ulong priority)
    {
        if (Kind != BookChangeKind.Filled)
            return 0;

        var isBetter = Side == MboSide.Bid ? priceE9 > PriceE9 : priceE9 < PriceE9;
        if (isBetter || (priceE9 == PriceE9 && priority < Priority))
            return QuantityFilled;

        return priceE9 == PriceE9 && QuantityFilled > Quantity ? QuantityFilled - Quantity : 0;
    }
}
