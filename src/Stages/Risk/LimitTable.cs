using ExecutionPipeline.Execution.Instruments;
using ExecutionPipeline.Execution.Limits;
using ExecutionPipeline.Messages.Events;
using ExecutionPipeline.Quant;

namespace ExecutionPipeline.Stages.Risk;

/// <summary>The limits in the units that the stage compares in, worked out at start.</summary>
internal sealed class LimitTable
{
    private const long MillisecondNs = 1_000_000;

    /// <param name="limits">Validated.</param>
    /// <param name="model">Gives the correlations.</param>
    public LimitTable(RiskLimits limits, VarModel model)
    {
        MaxNotionalE6 = (long)(limits.MaxNotional * 1e6m);
        MaxOrderValueE6 = (long)(limits.MaxOrderValue * 1e6m);
        MaxSignalAgeNs = limits.MaxSignalAgeMs == 0 ? long.MaxValue : limits.MaxSignalAgeMs * MillisecondNs;
        MaxMarketAgeNs = limits.MaxMarketAgeMs == 0 ? long.MaxValue : limits.MaxMarketAgeMs * MillisecondNs;
        VarOfDeviation = model.Quantile;
        ShortfallOfDeviation = ParametricRisk.ExpectedShortfall(1, limits.ShortfallConfidence);
        WeekOfDay = ViolationFigures.WeeklyOf(1);
        ShortfallShares =
            [.. Enum.GetValues<VolatilityRegime>().Select(r => ViolationFigures.ShortfallLimit(limits, r))];
        SameSide = MasksOf(model, limits.MaxCorrelation, isSameSide: true);
        OtherSide = MasksOf(model, limits.MaxCorrelation, isSameSide: false);
    }

    public long MaxNotionalE6 { get; }

    public long MaxOrderValueE6 { get; }

    public long MaxSignalAgeNs { get; }

    public long MaxMarketAgeNs { get; }

    /// <summary>Value at risk of a standard deviation of 1.</summary>
    public double VarOfDeviation { get; }

    /// <summary>Expected shortfall of a standard deviation of 1.</summary>
    public double ShortfallOfDeviation { get; }

    /// <summary>A week's value at risk over a day's.</summary>
    public double WeekOfDay { get; }

    /// <summary>By regime, as shares of equity.</summary>
    public double[] ShortfallShares { get; }

    /// <summary>
    /// For each instrument, those that move with it too closely when held on the same side: a bit each.
    /// </summary>
    public ulong[] SameSide { get; }

    /// <summary>The same when held on the other side.</summary>
    public ulong[] OtherSide { get; }

    /// <summary>A sector's number for each instrument.</summary>
    public static int[] SectorsOf(InstrumentTable instruments)
    {
        var sectors = new int[instruments.Count];
        for (var i = 0; i < sectors.Length; i++)
        {
            sectors[i] = i;
            for (var j = 0; j < i && instruments[i].Sector.Length > 0; j++)
            {
                if (string.Equals(instruments[j].Sector, instruments[i].Sector, StringComparison.OrdinalIgnoreCase))
                    sectors[i] = sectors[j];
            }
        }

        return sectors;
    }

    private static ulong[] MasksOf(VarModel model, double limit, bool isSameSide)
    {
        var masks = new ulong[model.Count];
        for (var i = 0; i < model.Count; i++)
        {
            for (var j = 0; j < model.Count; j++)
            {
                if (i != j && model.CoMovement(i, j, isSameSide) > limit)
                    masks[i] |= 1UL << j;
            }
        }

        return masks;
    }
}
