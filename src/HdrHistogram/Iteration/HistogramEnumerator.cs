using System.Collections;

namespace ExecutionPipeline.HdrHistogram.Iteration;

/// <summary>
/// Walks the slots upwards, sums their counts, and reports a step whenever the kind of iteration says that one
/// is reached. One slot may end several steps; one step may cover many slots.
/// </summary>
internal abstract class HistogramEnumerator(HistogramBase histogram) : IEnumerator<HistogramIterationValue>
{
    private readonly long _totalCount = histogram.TotalCount;
    private bool _isSlotCounted;
    private long _totalValueToSlot;
    private long _totalCountToLastStep;
    private long _lastValueIteratedTo;
    private HistogramIterationValue? _current;

    public HistogramIterationValue Current
        => _current ?? throw new InvalidOperationException("The iteration has not reached a value.");

    object IEnumerator.Current => Current;

    protected HistogramBase Histogram { get; } = histogram;

    protected long TotalCount => _totalCount;

    /// <summary>The slot that the walk has come to.</summary>
    protected int Index { get; private set; }

    protected long CountAtIndex { get; private set; }

    protected long TotalCountToIndex { get; private set; }

    /// <summary>The lowest value of the slot after the current one.</summary>
    protected long NextValueAtIndex
        => Index + 1 < Histogram.CountsArrayLength ? Histogram.LowestValueAtIndex(Index + 1) : long.MaxValue;

    public bool MoveNext()
    {
        ThrowIfModified();
        if (!HasNext())
            return false;

        _current = NextStep();
        return true;
    }

    public void Reset() => throw new NotSupportedException("Enumerate the histogram's values again instead.");

    public void Dispose()
    {
    }

    protected virtual bool HasNext() => TotalCountToIndex < _totalCount;

    protected abstract bool IsStepReached();

    protected abstract void MoveToNextStep();

    protected virtual double PercentileLevel() => 100.0 * TotalCountToIndex / _totalCount;

    protected virtual long ValueIteratedTo() => Histogram.HighestValueAtIndex(Index);

    private HistogramIterationValue NextStep()
    {
        for (; Index < Histogram.CountsArrayLength; Index++, _isSlotCounted = false)
        {
            CountSlotOnce();
            if (!IsStepReached())
                continue;

            var step = Step();
            _lastValueIteratedTo = step.ValueIteratedTo;
            _totalCountToLastStep = TotalCountToIndex;
            MoveToNextStep();
            return step;
        }

        // Counts that overflowed their slots add up to less than the total, which is then never reached.
        throw new ArgumentOutOfRangeException(
            nameof(histogram), "The counts do not add up to the total: a count has overflowed.");
    }

    private void CountSlotOnce()
    {
        if (_isSlotCounted)
            return;

        CountAtIndex = Histogram.CountAtIndex(Index);
        TotalCountToIndex += CountAtIndex;
        _totalValueToSlot += CountAtIndex * Histogram.MedianValueAtIndex(Index);
        _isSlotCounted = true;
    }

    private HistogramIterationValue Step() => new()
    {
        ValueIteratedTo = ValueIteratedTo(),
        ValueIteratedFrom = _lastValueIteratedTo,
        CountAtValueIteratedTo = CountAtIndex,
        CountAddedInThisIterationStep = TotalCountToIndex - _totalCountToLastStep,
        TotalCountToThisValue = TotalCountToIndex,
        TotalValueToThisValue = _totalValueToSlot,
        Percentile = 100.0 * TotalCountToIndex / _totalCount,
        PercentileLevelIteratedTo = PercentileLevel(),
    };

    private void ThrowIfModified()
    {
        if (Histogram.TotalCount != _totalCount)
            throw new InvalidOperationException("Source has been modified during enumeration.");
    }
}
