using ExecutionPipeline.MarketData.Books;
using ExecutionPipeline.MarketData.Dbn;
using ExecutionPipeline.Messages.Events;

namespace ExecutionPipeline.MarketData.Sources;

/// <summary>How much of a market a source tells, from least to most.</summary>
public enum MarketDetail
{
    /// <summary>Trades alone; there is no quote.</summary>
    Trades,

    /// <summary>Bars: prices within a period in an order that is assumed, with a quote that is made up.</summary>
    Bars,

    /// <summary>The best bid and offer.</summary>
    BestQuotes,

    /// <summary>Several price levels.</summary>
    Levels,

    /// <summary>Every order, and so the place of an order in its queue.</summary>
    Orders,
}

/// <summary>What can be asked of a source, so that a fill model can be chosen by it.</summary>
/// <param name="Detail">How much of the market it tells.</param>
/// <param name="DepthLevels">Price levels a side that it knows; <see cref="int.MaxValue"/>: all.</param>
/// <param name="HasTrades">Whether it tells of trades.</param>
public readonly record struct MarketCapabilities(MarketDetail Detail, int DepthLevels, bool HasTrades)
{
    /// <summary>Whether the place of an order in its queue is known exactly.</summary>
    public bool HasQueues => Detail == MarketDetail.Orders;

    /// <summary>Whether there are quotes of the market's own.</summary>
    public bool HasQuotes => Detail >= MarketDetail.BestQuotes;

    /// <summary>What the source cannot tell, in one sentence; empty: nothing is missing.</summary>
    public string Missing => Detail switch
    {
        MarketDetail.Orders => "",
        MarketDetail.Levels => "There are no single orders: the place in a queue is estimated.",
        MarketDetail.BestQuotes =>
            "There is only the best bid and offer: depth beyond it and the place in a queue are estimated.",
        MarketDetail.Bars => "There are only bars: the order of prices within one, quotes and queues are assumed.",
        _ => "There are only trades: quotes and queues are assumed.",
    };

    /// <summary>What a DBN schema can tell.</summary>
    public static MarketCapabilities Of(DbnSchema schema) => schema switch
    {
        DbnSchema.Mbo or DbnSchema.Mixed => new(MarketDetail.Orders, int.MaxValue, HasTrades: true),
        DbnSchema.Mbp10 => new(MarketDetail.Levels, LevelDepth.LevelsMax, HasTrades: true),
        DbnSchema.Mbp1 or DbnSchema.Tbbo => new(MarketDetail.BestQuotes, 1, HasTrades: true),
        _ => new(MarketDetail.Trades, 0, HasTrades: true),
    };
}

/// <summary>One instrument's market, update by update.</summary>
public interface IMarketSource
{
    /// <summary>What the source can tell.</summary>
    MarketCapabilities Capabilities { get; }

    /// <summary>What came of the records so far.</summary>
    MarketCounts Counts { get; }

    /// <summary>
    /// The next update; its <see cref="MarketUpdate.ExchangeTimeNs"/> never goes back, and the send time is the same.
    /// False when there are no more.
    /// </summary>
    bool TryNext(ref MarketUpdate update);

    /// <summary>
    /// Writes the best levels of a side as the last update left them, best first, and returns how many there were: no
    /// more than the source knows (<see cref="MarketCapabilities.DepthLevels"/>). It is read from the book when asked.
    /// </summary>
    int CopyDepth(Side side, Span<BookLevel> levels);
}

/// <summary>What came of a source's records. A generator has no records and counts nothing.</summary>
public record struct MarketCounts
{
    /// <summary>Records of the followed instruments.</summary>
    public long RecordsApplied { get; set; }

    /// <summary>Records of instruments that are not followed, which were passed over.</summary>
    public long RecordsOfOthers { get; set; }

    /// <summary>Records that contradicted the book or could not be a trade, and were passed over.</summary>
    public long RecordsRefused { get; set; }

    /// <summary>Records before which the venue's channel may have a gap.</summary>
    public long RecordsAfterGaps { get; set; }

    /// <summary>Records whose time was before that of an earlier one; they were played at the later time.</summary>
    public long RecordsBackInTime { get; set; }

    /// <summary>Events after which the book was crossed.</summary>
    public long CrossedEvents { get; set; }

    /// <summary>Orders that a lost record had left in the book and that were taken out when it was crossed.</summary>
    public long StaleOrders { get; set; }

    /// <summary>Events whose end was not marked; a later time ended them.</summary>
    public long EventsWithoutEnd { get; set; }

    /// <summary>Changes from one followed instrument to the next.</summary>
    public long Rolls { get; set; }

    public long Trades { get; set; }

    /// <summary>In contracts.</summary>
    public long TradedQuantity { get; set; }

    /// <summary>The counts of this source and of another one.</summary>
    public readonly MarketCounts Plus(in MarketCounts other) => new()
    {
        RecordsApplied = RecordsApplied + other.RecordsApplied,
        RecordsOfOthers = RecordsOfOthers + other.RecordsOfOthers,
        RecordsRefused = RecordsRefused + other.RecordsRefused,
        RecordsAfterGaps = RecordsAfterGaps + other.RecordsAfterGaps,
        RecordsBackInTime = RecordsBackInTime + other.RecordsBackInTime,
        CrossedEvents = CrossedEvents + other.CrossedEvents,
        StaleOrders = StaleOrders + other.StaleOrders,
        EventsWithoutEnd = EventsWithoutEnd + other.EventsWithoutEnd,
        Rolls = Rolls + other.Rolls,
        Trades = Trades + other.Trades,
        TradedQuantity = TradedQuantity + other.TradedQuantity,
    };
}
