using ExecutionPipeline.HdrHistogram.Iteration;

namespace ExecutionPipeline.HdrHistogram;

/// <content>What reads the counts.</content>
public abstract partial class HistogramBase
{
    /// <summary>
    /// The value that the given share of all recorded values is at or below, as the highest value of its slot; 0
    /// when nothing is recorded. <see cref="PercentileRank"/> says what happens between two samples.
    /// </summary>
    /// <param name="percentile">The share, in percent; taken as 0 below 0 and as 100 above 100.</param>
    /// <exception cref="ArgumentOutOfRangeException">
    /// The percentile is not a number, or the counts have overflowed and do not add up to the total.
    /// </exception>
    public long GetValueAtPercentile(double percentile)
    {
        if (double.IsNaN(percentile))
            throw new ArgumentOutOfRangeException(nameof(percentile), "percentile must be a number");

        var totalCount = TotalCount;
        if (totalCount == 0)
            return 0;

        var rank = RankOf(percentile, totalCount);
        var running = 0L;
        for (var index = 0; index < CountsArrayLength; index++)
        {
            running += GetCountAtIndex(index);
            if (running >= rank)
                return HighestValueAtIndex(index);
        }

        throw new ArgumentOutOfRangeException(nameof(percentile), "percentile value not found in range");
    }

    /// <summary>
    /// The share of recorded values at or below the given one (to the histogram's precision), in percent: the
    /// inverse of <see cref="GetValueAtPercentile"/>. 0 when nothing is recorded, 100 beyond the range covered.
    /// </summary>
    /// <param name="value">A value, in the histogram's unit.</param>
    public double GetPercentileAtOrBelowValue(long value)
    {
        var totalCount = TotalCount;
        if (totalCount == 0 || value < 0)
            return 0.0;

        var last = CountsIndexFor(value);
        if (last >= CountsArrayLength)
            return 100.0;

        var running = 0L;
        for (var index = 0; index <= last; index++)
            running += GetCountAtIndex(index);
        return Math.Min(100.0, 100.0 * running / totalCount);
    }

    /// <summary>How many recorded values share the slot of the given one.</summary>
    /// <param name="value">A value, in the histogram's unit.</param>
    /// <exception cref="IndexOutOfRangeException">The value is negative or beyond the range covered.</exception>
    public long GetCountAtValue(long value)
    {
        var index = CountsIndexFor(value);
        if ((uint)index >= (uint)CountsArrayLength)
            ThrowSlotOutsideRange();
        return GetCountAtIndex(index);
    }

    /// <summary>Steps through the slots that have a count.</summary>
    public IEnumerable<HistogramIterationValue> RecordedValues()
        => new HistogramEnumerable(() => new RecordedValuesEnumerator(this));

    /// <summary>Steps through all slots, with or without a count, up to the last one that has one.</summary>
    public IEnumerable<HistogramIterationValue> AllValues()
        => new HistogramEnumerable(() => new AllValuesEnumerator(this));

    /// <summary>
    /// Whether a count has overflowed its slot (an <see cref="IntHistogram"/> or <see cref="ShortHistogram"/>
    /// with too many values of one size), which makes every figure of the histogram wrong.
    /// </summary>
    public bool HasOverflowed()
    {
        var counted = 0L;
        for (var index = 0; index < CountsArrayLength; index++)
        {
            counted += GetCountAtIndex(index);
            if (counted < 0)
                return true;
        }

        return counted != TotalCount;
    }

    internal long CountAtIndex(int index) => GetCountAtIndex(index);

    /// <summary>The sample that a percentile names, the lowest being 1.</summary>
    private long RankOf(double percentile, long totalCount)
    {
        // For the next sample the share is lowered by one unit in the last place, so that one computed from a
        // rank is not rounded past it.
        var rank = PercentileRank == PercentileRank.Nearest
            ? Math.Clamp(percentile, 0.0, 100.0) / 100.0 * totalCount + 0.5
            : Math.Ceiling(Math.Clamp(Math.BitDecrement(percentile), 0.0, 100.0) * totalCount / 100.0);

        // Totals beyond 2^53 have no exact double, and must not be passed by rounding.
        return Math.Max(Math.Min((long)rank, totalCount), 1);
    }
}
