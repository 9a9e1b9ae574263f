namespace ExecutionPipeline.HdrHistogram;

/// <content>What changes the counts.</content>
public abstract partial class HistogramBase
{
    /// <inheritdoc/>
    public void RecordValue(long value) => IncrementCountAtIndex(CountsIndexFor(value));

    /// <inheritdoc/>
    public void RecordValueWithCount(long value, long count) => AddToCountAtIndex(CountsIndexFor(value), count);

    /// <inheritdoc/>
    /// <remarks>
    /// Corrects while recording; <see cref="CopyCorrectedForCoordinatedOmission"/> corrects afterwards. Data
    /// corrected by both is wrong.
    /// </remarks>
    public void RecordValueWithExpectedInterval(long value, long expectedIntervalBetweenValueSamples)
        => RecordValueWithCountAndExpectedInterval(value, 1, expectedIntervalBetweenValueSamples);

    /// <summary>Forgets all recorded values.</summary>
    public void Reset() => ClearCounts();

    /// <summary>Adds the counts of another histogram to this one.</summary>
    /// <param name="fromHistogram">The other histogram.</param>
    /// <exception cref="ArgumentOutOfRangeException">
    /// The other histogram covers or holds values that this one cannot; this one is unchanged then.
    /// </exception>
    public virtual void Add(HistogramBase fromHistogram) => Combine(fromHistogram, sign: 1);

    /// <summary>Takes the counts of another histogram off this one's; they may become negative.</summary>
    /// <param name="fromHistogram">The other histogram.</param>
    /// <exception cref="ArgumentOutOfRangeException">
    /// The other histogram covers or holds values that this one cannot; this one is unchanged then.
    /// </exception>
    public virtual void Subtract(HistogramBase fromHistogram) => Combine(fromHistogram, sign: -1);

    /// <summary>
    /// Makes a copy in which each value also counts for those that a stalled sampler would have missed below it.
    /// </summary>
    /// <param name="expectedIntervalBetweenValueSamples">The sampling interval, in the histogram's unit.</param>
    public HistogramBase CopyCorrectedForCoordinatedOmission(long expectedIntervalBetweenValueSamples)
    {
        var corrected = Copy();
        corrected.Reset();
        for (var index = 0; index < CountsArrayLength; index++)
        {
            var count = GetCountAtIndex(index);
            if (count == 0)
                continue;
            corrected.RecordValueWithCountAndExpectedInterval(
                HighestValueAtIndex(index), count, expectedIntervalBetweenValueSamples);
        }

        return corrected;
    }

    /// <summary>The count in a slot.</summary>
    protected abstract long GetCountAtIndex(int index);

    /// <summary>Sets the count in a slot, and leaves <see cref="TotalCount"/> as it is.</summary>
    protected abstract void SetCountAtIndex(int index, long value);

    /// <summary>Adds one to the count in a slot and to <see cref="TotalCount"/>.</summary>
    protected abstract void IncrementCountAtIndex(int index);

    /// <summary>Adds to the count in a slot and to <see cref="TotalCount"/>.</summary>
    protected abstract void AddToCountAtIndex(int index, long addend);

    /// <summary>Sets all counts and <see cref="TotalCount"/> to 0.</summary>
    protected abstract void ClearCounts();

    /// <summary>Copies the counts of the first slots, as many as the target is long.</summary>
    protected abstract void CopyCountsInto(long[] target);

    private protected T CopyOnto<T>(T copy)
        where T : HistogramBase
    {
        copy.Add(this);
        copy.StartTimeStamp = StartTimeStamp;
        copy.EndTimeStamp = EndTimeStamp;
        copy.PercentileRank = PercentileRank;
        copy._tag = _tag;
        return copy;
    }

    private void RecordValueWithCountAndExpectedInterval(long value, long count, long intervalBetweenSamples)
    {
        RecordValueWithCount(value, count);
        if (intervalBetweenSamples <= 0)
            return;

        for (var missed = value - intervalBetweenSamples;
             missed >= intervalBetweenSamples;
             missed -= intervalBetweenSamples)
        {
            RecordValueWithCount(missed, count);
        }
    }

    private void Combine(HistogramBase fromHistogram, long sign)
    {
        ArgumentNullException.ThrowIfNull(fromHistogram);
        if (HighestTrackableValue < fromHistogram.HighestTrackableValue)
        {
            throw new ArgumentOutOfRangeException(
                nameof(fromHistogram),
                $"The other histogram covers a wider range ({fromHistogram.HighestTrackableValue}) "
                + $"than this one ({HighestTrackableValue}).");
        }

        var last = fromHistogram.LastRecordedIndex();
        if (last < 0)
            return;

        // A slot takes in values above the range asked for; whether they fit is known only by looking.
        if (CountsIndexFor(fromHistogram.LowestValueAtIndex(last)) >= CountsArrayLength)
        {
            throw new ArgumentOutOfRangeException(
                nameof(fromHistogram),
                $"The other histogram holds a value ({fromHistogram.LowestValueAtIndex(last)}) "
                + $"beyond the range of this one ({HighestTrackableValue}).");
        }

        var isSameLayout = HasSameLayoutAs(fromHistogram);
        for (var index = 0; index <= last; index++)
        {
            var count = fromHistogram.GetCountAtIndex(index);
            if (count == 0)
                continue;
            var target = isSameLayout ? index : CountsIndexFor(fromHistogram.LowestValueAtIndex(index));
            AddToCountAtIndex(target, sign * count);
        }
    }
}
