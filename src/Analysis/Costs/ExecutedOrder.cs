using ExecutionPipeline.Execution.Instruments;
using ExecutionPipeline.Messages.Events;

namespace ExecutionPipeline.Analysis.Costs;

/// <summary>
/// A parent order that has ended, and what it was executed at. Prices in 1e-9, money in 1e-6 of the account's currency,
/// times in nanoseconds since the Unix epoch, UTC, quantities in contracts.
/// </summary>
public sealed record ExecutedOrder
{
    public required ulong OrderId { get; init; }

    /// <summary>0 where no signal began it.</summary>
    public ulong SignalId { get; init; }

    public required Instrument Instrument { get; init; }

    public required Side Side { get; init; }

    public required ExecutionStrategy Strategy { get; init; }

    /// <summary>Ordered; positive.</summary>
    public required int Quantity { get; init; }

    /// <summary>The price that was decided on; positive.</summary>
    public required long DecisionPriceE9 { get; init; }

    public required long DecisionTimeNs { get; init; }

    /// <summary>When it could first trade.</summary>
    public required long ArrivalTimeNs { get; init; }

    /// <summary>Mid at that time; 0: that of the market, else the decision's price.</summary>
    public long ArrivalPriceE9 { get; init; }

    /// <summary>When it ended; what was not executed is charged at the price of this time.</summary>
    public required long EndTimeNs { get; init; }

    /// <summary>Why what was not executed was given up.</summary>
    public ParentEndReason EndReason { get; init; } = ParentEndReason.Expired;

    /// <summary>Mid at that time; 0: that of the market, else of the last fill, else of the arrival.</summary>
    public long EndPriceE9 { get; init; }

    /// <summary>Daily, as a fraction, when it was decided; 0: the instrument's usual one.</summary>
    public double Volatility { get; init; }

    /// <summary>Whether no limit was broken when it was sent.</summary>
    public bool IsWithinLimits { get; init; } = true;

    /// <summary>In order of time.</summary>
    public IReadOnlyList<OrderFill> Fills { get; init; } = [];

    /// <summary>1 for a buy, -1 for a sale.</summary>
    public int Sign => Side == Side.Buy ? 1 : -1;

    /// <exception cref="ArgumentException">It contradicts itself; says how, and names the order.</exception>
    internal void Validate()
    {
        Check(Side is Side.Buy or Side.Sell, "has no side");
        Check(Quantity > 0, "has no quantity");
        Check(DecisionPriceE9 > 0, "has no decision price");
        Check(ArrivalTimeNs >= DecisionTimeNs, "arrived before it was decided");
        Check(EndTimeNs >= ArrivalTimeNs, "ended before it arrived");
        Check(Fills.All(static fill => fill.Quantity > 0 && fill.PriceE9 > 0), "has a fill without quantity or price");
        Check(Fills.Zip(Fills.Skip(1), static (a, b) => a.TimeNs <= b.TimeNs).All(static isRight => isRight),
            "has fills that are not in order of time");
    }

    private void Check(bool isRight, string problem)
    {
        if (!isRight)
            throw new ArgumentException($"Order {OrderId} {problem}.");
    }
}

/// <summary>An execution of an order.</summary>
/// <param name="TimeNs">When it was executed.</param>
/// <param name="Quantity">Contracts; positive.</param>
/// <param name="PriceE9">Positive.</param>
/// <param name="FeesE6">Commission and fees; negative where the venue pays.</param>
/// <param name="Venue">Its name.</param>
/// <param name="BidPriceE9">Best bid just before; 0: the market's.</param>
/// <param name="AskPriceE9">Best offer just before; 0: the market's.</param>
public readonly record struct OrderFill(
    long TimeNs,
    int Quantity,
    long PriceE9,
    long FeesE6 = 0,
    string Venue = "",
    long BidPriceE9 = 0,
    long AskPriceE9 = 0);
