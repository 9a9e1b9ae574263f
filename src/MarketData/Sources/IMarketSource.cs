using ExecutionPipeline.Messages.Events;

namespace ExecutionPipeline.MarketData.Sources;

/// <summary>One instrument's market, update by update.</summary>
public interface IMarketSource
{
    /// <summary>What came of the records so far.</summary>
    MarketCounts Counts { get; }

    /// <summary>
    /// The next update; its <see cref="MarketUpdate.ExchangeTimeNs"/> never goes back, and the send time is the same.
    /// False when there are no more.
    /// </summary>
    bool TryNext(ref MarketUpdate update);
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
        EventsWithoutEnd = EventsWithoutEnd + other.EventsWithoutEnd,
        Rolls = Rolls + other.Rolls,
        Trades = Trades + other.Trades,
        TradedQuantity = TradedQuantity + other.TradedQuantity,
    };
}
