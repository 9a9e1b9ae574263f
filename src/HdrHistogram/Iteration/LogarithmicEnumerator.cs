namespace ExecutionPipeline.HdrHistogram.Iteration;

/// <summary>A step for every range of values, each a factor wider than the one before.</summary>
internal sealed class LogarithmicEnumerator(HistogramBase histogram, long valueUnitsInFirstBucket, double logBase)
    : HistogramEnumerator(histogram)
{
    private double _stepEnd = valueUnitsInFirstBucket;

    // A step that ends below the slot after the last one with a count still belongs to that slot. The first
    // comparison ends the iteration where steps pass the highest long, and their ends no longer differ.
    protected override bool HasNext()
        => base.HasNext()
        || (TotalCount > 0
            && _stepEnd < NextValueAtIndex
            && Histogram.LowestEquivalentValue((long)_stepEnd) < NextValueAtIndex);

    protected override bool IsStepReached()
        => Histogram.LowestValueAtIndex(Index) >= Histogram.LowestEquivalentValue(StepHighestValue())
        || Index == Histogram.CountsArrayLength - 1;

    protected override void MoveToNextStep() => _stepEnd *= logBase;

    protected override long ValueIteratedTo() => StepHighestValue();

    // The conversion of a double beyond the range of longs gives the highest long.
    private long StepHighestValue() => (long)_stepEnd - 1;
}
