using ExecutionPipeline.Messages.Events;

namespace ExecutionPipeline.Execution.Venues.Replay;

/// <summary>Contracts at a price. Prices in 1e-9.</summary>
public readonly record struct RecordedLevel(long PriceE9, long Quantity);

/// <summary>What one record did to a recorded market. Prices in 1e-9, quantities in contracts.</summary>
public struct RecordedChange
{
    /// <summary>Of the orders that it concerns; <see cref="Messages.Events.Side.None"/>: none.</summary>
    public Side Side;

    /// <summary>Their price before the record.</summary>
    public long PriceE9;

    /// <summary>Contracts of resting orders that traded.</summary>
    public int Filled;

    /// <summary>Displayed contracts that left the book there.</summary>
    public int Gone;

    /// <summary>Contracts that came to rest at <see cref="CamePriceE9"/>.</summary>
    public int Came;

    public long CamePriceE9;

    /// <summary>Whether the book was emptied: what stands there from now on is told anew.</summary>
    public bool IsRestarted;
}

/// <summary>
/// A recorded market as it is played, in whose queues own orders can have places. It knows nothing of them otherwise,
/// and they never change it.
/// </summary>
public interface IRecordedMarket
{
    /// <summary>Whether it tells of single orders, so that places in a queue are exact.</summary>
    bool HasQueues { get; }

    /// <summary>What the record that was played last did.</summary>
    RecordedChange Change { get; }

    /// <summary>Writes the best levels of a side, best first, and returns how many there were.</summary>
    int CopyDepth(Side side, Span<RecordedLevel> levels);

    /// <summary>Takes a place at the end of a price's queue.</summary>
    int Join(Side side, long priceE9);

    void Leave(int place);

    /// <summary>Contracts of the last record's fill that an order at the place would have had.</summary>
    int FilledBehind(int place);
}

/// <summary>When a resting order trades with a recorded trade at its own price.</summary>
public enum FillModel
{
    /// <summary>When what traded lay behind its place in the queue: exact where the data has single orders.</summary>
    QueueAhead,

    /// <summary>It has a share of each trade at its price.</summary>
    Fraction,

    /// <summary>Each trade at its price executes it with a probability.</summary>
    Hazard,

    /// <summary>Never: only when the market trades through its price or comes to it. The most cautious one.</summary>
    AdverseSelection,
}

/// <summary>How a replay's venue fills.</summary>
public sealed class ReplayVenueOptions
{
    /// <summary>Default: the place in the queue; where the data has none, by the share of each trade.</summary>
    public FillModel Model { get; init; } = FillModel.QueueAhead;

    /// <summary>
    /// The share of a trade that <see cref="FillModel.Fraction"/> gives, in basis points. Default 1,164, as
    /// <see cref="FillCalibration"/> measures it on a recorded holiday of the E-mini S&amp;P 500 future.
    /// </summary>
    public int FractionBps { get; init; } = 1_164;

    /// <summary>
    /// The probability of <see cref="FillModel.Hazard"/>, in basis points. Default 1,266, measured in the same way.
    /// </summary>
    public int HazardBps { get; init; } = 1_266;

    /// <summary>Of the hazard's draws. Default 1.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>How far beyond the best price a market order trades, in ticks; the rest expires. Default 12.</summary>
    public int ProtectionTicks { get; init; } = 12;

    /// <summary>Own orders that can rest at once; more are rejected. Default 1,024.</summary>
    public int MaxRestingOrders { get; init; } = 1_024;

    /// <exception cref="ArgumentException">An option is out of range; the message says what to set.</exception>
    public void Validate()
    {
        if (!Enum.IsDefined(Model))
            throw new ArgumentException("replay venue: there is no such fill model.");
        if (FractionBps is < 0 or > 10_000 || HazardBps is < 0 or > 10_000)
            throw new ArgumentException("replay venue: set fraction and hazard to 0 to 10,000 basis points.");
        if (ProtectionTicks is < 0 or > 1_000 || MaxRestingOrders is < 1 or > 1_048_576)
            throw new ArgumentException("replay venue: set 0 to 1,000 ticks of protection and 1 to 1,048,576 orders.");
    }
}
