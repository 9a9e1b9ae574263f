using ExecutionPipeline.Execution.Orders;

namespace ExecutionPipeline.Execution.Algorithms;

/// <summary>
/// VWAP_AGGRESSIVE: slices that are as large as the market's volume in their time. The volume is expected from its
/// usual course over the day, corrected by how much has traded since the start against what was usual. An order that
/// lies behind the volume by more than the tolerance crosses the spread, and takes at most the aggression's multiple of
/// a slice to catch up.
/// </summary>
public sealed class VwapAlgorithm : ScheduledAlgorithm
{
    /// <summary>So that a tenth of 100 contracts is 10, however the tenth is rounded.</summary>
    private const double RoundingError = 1e-9;

    private readonly VwapOptions _options;
    private readonly IVolumeCurve[] _curves;

    /// <param name="options">Validated.</param>
    /// <param name="curves">Of each instrument, by its index; empty: even volume.</param>
    public VwapAlgorithm(ExecutionOptions options, IReadOnlyList<IVolumeCurve> curves)
        : base(options, ScheduleTerms.Of(
            options.Vwap.DurationSeconds, options.Vwap.SliceCount, options.Vwap.MaxParticipationRate))
    {
        _options = options.Vwap;
        _curves = [.. curves];
    }

    private protected override AlgorithmKind Kind => AlgorithmKind.Vwap;

    private protected override int ScheduledBy(in ParentOrder parent, in MarketView market, int slices)
    {
        if (slices >= parent.Slices)
            return parent.Quantity;

        var curve = parent.InstrumentIndex < _curves.Length ? _curves[parent.InstrumentIndex] : VolumeCurve.Even;
        var dayVolume = (double)market.Instrument.AverageDailyVolume;
        var nowNs = Math.Clamp(market.TimeNs, parent.StartNs, parent.EndNs);
        var traded = (double)(market.TradedVolume - parent.MarketVolumeAtStart);
        var usual = dayVolume * curve.ShareBetween(parent.StartNs, nowNs);
        var pace = usual > 0 ? _options.HistoryWeight + (1 - _options.HistoryWeight) * traded / usual : 1;
        var perShare = pace * dayVolume;
        var expected = perShare * curve.ShareBetween(nowNs, parent.EndNs);
        if (!(expected > 0))
            return (int)((long)parent.Quantity * slices / parent.Slices);

        var untilNs = PlannedNs(parent, slices);
        var then = untilNs <= nowNs
            ? traded - perShare * curve.ShareBetween(untilNs, nowNs)
            : traded + perShare * curve.ShareBetween(nowNs, untilNs);
        return (int)(parent.Quantity * Math.Clamp(then / (traded + expected), 0, 1) + RoundingError);
    }

    private protected override int MostOfSlice(in ParentOrder parent, in MarketView market)
    {
        var size = ScheduledBy(parent, market, parent.Slice + 1) - ScheduledBy(parent, market, parent.Slice);
        return Math.Max(1, (int)Math.Ceiling(size * _options.AggressionFactor));
    }

    /// <summary>
    /// The contracts of a slice are due one after the other, from the tolerance's share of its time to its end.
    /// </summary>
    private protected override int ToCross(in ParentOrder parent, int wanted, long timeNs, out long nextNs)
    {
        var lengthNs = (double)(parent.SliceEndNs - parent.SliceStartNs);
        var tolerance = _options.VolumeMatchTolerance;
        var size = parent.SliceTarget - parent.SliceExecuted;
        var elapsed = lengthNs > 0 ? Math.Min(1, (timeNs - parent.SliceStartNs) / lengthNs) : 1;
        var begun = elapsed < tolerance ? 0 : (int)((elapsed - tolerance) / (1 - tolerance) * size) + 1;
        var overdue = Math.Clamp(begun - (parent.Executed - parent.SliceExecuted), 0, wanted);

        // The next contract that is not overdue yet: the last one is before the slice's end.
        var next = tolerance + (1 - tolerance) * Math.Max(begun, parent.Executed - parent.SliceExecuted) / size;
        nextNs = next < 1
            ? Math.Max(timeNs + 1, parent.SliceStartNs + (long)Math.Ceiling(next * lengthNs))
            : parent.SliceEndNs;
        return overdue;
    }
}
