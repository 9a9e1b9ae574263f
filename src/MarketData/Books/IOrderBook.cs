using ExecutionPipeline.MarketData.Dbn;

namespace ExecutionPipeline.MarketData.Books;

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
    /// Does what the record says. Trades and fills change nothing: the cancel or modify after them does. False, and
    /// nothing changed, when the record contradicts the book: an order added twice, an unknown one cancelled, a side
    /// or a price missing, a quantity of zero or beyond what rests.
    /// </summary>
    bool TryApply(in MboRecord record);

    /// <summary>Writes the best levels of a side, best first, and returns how many there were.</summary>
    int CopyLevels(MboSide side, Span<BookLevel> levels);
}
