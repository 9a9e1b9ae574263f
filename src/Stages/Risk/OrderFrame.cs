using ExecutionPipeline.Execution.Instruments;
using ExecutionPipeline.Execution.Limits;

namespace ExecutionPipeline.Stages.Risk;

/// <summary>
/// All that the judgement of an order needs and that does not depend on its size: so each size costs little.
/// </summary>
internal readonly struct OrderFrame
{
    public required Instrument Instrument { get; init; }

    /// <summary>1 for a buy, -1 for a sale, 0 for no order.</summary>
    public required int Sign { get; init; }

    /// <summary>Held, signed.</summary>
    public required int Position { get; init; }

    /// <summary>Pending on the order's side, signed.</summary>
    public required int Pending { get; init; }

    public required long MarkPriceE9 { get; init; }

    /// <summary>Gross value of the other instruments, at the worst that their orders can lead to.</summary>
    public required long OthersNotionalE6 { get; init; }

    /// <summary>The same of those in the instrument's sector.</summary>
    public required long SectorNotionalE6 { get; init; }

    /// <summary>Initial margin of the other instruments, at the worst that their orders can lead to.</summary>
    public required long OthersMarginE6 { get; init; }

    public required long EquityE6 { get; init; }

    public required MarginalRisk Marginal { get; init; }

    /// <summary>Position with all that is pending on the order's side and the order filled.</summary>
    public long ProjectedBy(long quantity) => (long)Position + Pending + Sign * quantity;

    /// <summary>Signed value of a signed position.</summary>
    public long ValueE6(long position) => Instrument.ValueE6(MarkPriceE9, position);

    /// <summary>Initial margin of all instruments with a position in this one.</summary>
    public long MarginE6(long position)
    {
        var marginE6 = (Int128)Math.Abs(position) * Instrument.MarginPerContractE6;
        return OthersMarginE6 + (long)Int128.Min(marginE6, long.MaxValue / 2);
    }

    /// <summary>Whether the order, with all that is pending on its side, leaves less of the position.</summary>
    public bool IsReducing(long quantity) =>
        Position != 0 && quantity != 0 && Sign == -Math.Sign(Position)
        && Math.Abs(Sign * quantity + Pending) <= Math.Abs((long)Position);

    /// <summary>The largest size that is reducing; 0 where none is.</summary>
    public long MostReducing =>
        Position != 0 && Sign == -Math.Sign(Position)
            ? Math.Max(0, Math.Abs((long)Position) - Math.Abs((long)Pending))
            : 0;
}
