using ExecutionPipeline.MarketData.Dbn;

namespace ExecutionPipeline.MarketData.Books;

/// <summary>All orders at one price of one side.</summary>
/// <param name="PriceE9">In 1e-9.</param>
/// <param name="Quantity">In contracts; 0 when there is no such level.</param>
/// <param name="Orders">How many orders it is of.</param>
public readonly record struct BookLevel(long PriceE9, long Quantity, int Orders)
{
    /// <summary>Whether there is an order.</summary>
    public bool HasOrders => Orders > 0;
}

/// <summary>An order in the queue of its price.</summary>
/// <param name="OrderId">The venue's id.</param>
/// <param name="Quantity">In contracts, as displayed.</param>
/// <param name="Priority">
/// Its time priority: of two orders at one price the one with the lower number is executed first.
/// </param>
public readonly record struct QueuedOrder(ulong OrderId, uint Quantity, ulong Priority);

/// <summary>The resting orders of one instrument, kept up from order-by-order records.</summary>
public interface IOrderBook
{
    /// <summary>The highest bid; empty when there is none.</summary>
    BookLevel BestBid { get; }

    /// <summary>The lowest offer; empty when there is none.</summary>
    BookLevel BestAsk { get; }

    /// <summary>Resting orders on both sides.</summary>
    int OrderCount { get; }

    /// <summary>
    /// Does what the record says. Trades and fills change no quantity: the cancel or modify after them does. False, and
    /// nothing changed, when the record contradicts the book: an order added twice, an unknown one cancelled, a side
    /// or a price missing, a quantity of zero or beyond what rests.
    /// </summary>
    bool TryApply(in MboRecord record);

    /// <summary>Writes the best levels of a side, best first, and returns how many there were.</summary>
    int CopyLevels(MboSide side, Span<BookLevel> levels);

    /// <summary>Writes the first orders of a price in the order of their priority, and returns how many.</summary>
    int CopyQueue(MboSide side, long priceE9, Span<QueuedOrder> queue);
}
