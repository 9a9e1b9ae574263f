namespace ExecutionPipeline.HdrHistogram.Iteration;

/// <summary>A step for every range of values of one width.</summary>
internal sealed class LinearEnumerator(HistogramBase histogram, long valueUnitsPerBucket)
    : HistogramEnumerator(histogram)
{
    private long _stepHighestValue = valueUnitsPerBucket - 1;

    // A step that ends below the slot after the last one with a count still belongs to that slot.
    protected override bool HasNext() => base.HasNext() || (TotalCount > 0 && _stepHighestValue < NextValueAtIndex);

    protected override bool IsStepReached()
        => Histogram.LowestValueAtIndex(Index) >= Histogram.LowestEquivalentValue(_stepHighestValue)
        || Index == Histogram.CountsArrayLength - 1;

    protected override void MoveToNextStep()
    {
        // At the far end of the range of longs the steps stop growing rather than turn negative.
        _stepHighestValue = _stepHighestValue > long.MaxValue - valueUnitsPerBucket
            ? long.MaxValue
            : _stepHighestValue + valueUnitsPerBucket;
    }

    protected override long ValueIteratedTo() => _stepHighestValue;
}
