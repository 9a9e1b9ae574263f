namespace ExecutionPipeline.MarketData.Dbn;

/// <summary>Marks on a record.</summary>
[Flags]
public enum MboFlags : byte
{
    None = 0,

    /// <summary>The venue's channel may have a gap before this record.</summary>
    MaybeBadBook = 1 << 2,

    /// <summary>The receive time is not to be trusted.</summary>
    BadReceiveTime = 1 << 3,

    /// <summary>The record is of an aggregated level, not of an order.</summary>
    PriceLevel = 1 << 4,

    /// <summary>The record comes from a snapshot of resting orders, not from the market's course.</summary>
    Snapshot = 1 << 5,

    /// <summary>The record is of the top of the book, not of an order.</summary>
    TopOfBook = 1 << 6,

    /// <summary>The last record of an event: the book is whole after it.</summary>
    Last = 1 << 7,
}
