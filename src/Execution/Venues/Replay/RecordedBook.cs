using ExecutionPipeline.MarketData.Books;
using ExecutionPipeline.MarketData.Dbn;
using ExecutionPipeline.Messages.Events;

namespace ExecutionPipeline.Execution.Venues.Replay;

/// <summary>A recorded book of single orders, and the queues in it, as a replay's venue wants them.</summary>
/// <param name="book">As it is played.</param>
/// <param name="queues">Of the same book.</param>
public sealed class RecordedBook(MarketByOrderBook book, QueuePositions queues) : IRecordedMarket
{
    private const int MostLevels = 64;

    private readonly BookLevel[] _levels = new BookLevel[MostLevels];
    private MarketByOrderBook _book = book;
    private QueuePositions _queues = queues;
    private BookChange _change;

    /// <summary>Whether orders that cross have traded: not before the auction at the start has ended.</summary>
    public bool IsContinuous { get; set; } = true;

    public bool HasQueues { get; init; } = true;

    public RecordedChange Change { get; private set; }

    /// <summary>Goes over to the book of another file: places in the queues of the one before mean nothing.</summary>
    public void GoOverTo(MarketByOrderBook next, QueuePositions nextQueues)
    {
        (_book, _queues) = (next, nextQueues);
        _change = default;
        Change = default;
    }

    /// <summary>Takes in a record that the book has taken in.</summary>
    public void Show(in MboRecord record, in BookChange change)
    {
        _change = change;
        var side = change.Side == MboSide.Bid ? Side.Buy : change.Side == MboSide.Ask ? Side.Sell : Side.None;
        var isNew = change.Kind == BookChangeKind.Added && !change.IsOfSnapshot;
        Change = new RecordedChange
        {
            Side = change.Kind is BookChangeKind.None or BookChangeKind.Cleared || change.IsOfSnapshot
                ? Side.None
                : side,
            PriceE9 = change.PriceE9,
            Filled = change.Kind == BookChangeKind.Filled ? (int)change.QuantityFilled : 0,
            Gone = (int)change.QuantityGone,
            Came = IsContinuous && (isNew || change.Kind == BookChangeKind.Requeued) ? (int)record.Quantity : 0,
            CamePriceE9 = record.PriceE9,
            // A snapshot restates what is there, of which contracts may be taken already.
            IsRestarted = change.Kind == BookChangeKind.Cleared && !record.IsSnapshot,
        };
    }

    public int CopyDepth(Side side, Span<RecordedLevel> levels)
    {
        var count = _book.CopyLevels(SideOf(side), _levels.AsSpan(0, Math.Min(levels.Length, MostLevels)));
        for (var i = 0; i < count; i++)
            levels[i] = new RecordedLevel(_levels[i].PriceE9, _levels[i].Quantity);
        return count;
    }

    public int Join(Side side, long priceE9) => _queues.Join(_book, SideOf(side), priceE9);

    public void Leave(int place) => _queues.Leave(place);

    public int FilledBehind(int place) =>
        (int)_change.FilledBehind(_queues.PriceE9(place), _queues.Priority(place));

    private static MboSide SideOf(Side side) => side == Side.Buy ? MboSide.Bid : MboSide.Ask;
}
