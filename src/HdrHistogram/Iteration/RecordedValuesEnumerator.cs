namespace ExecutionPipeline.HdrHistogram.Iteration;

/// <summary>A step for every slot with a count.</summary>
internal sealed class RecordedValuesEnumerator(HistogramBase histogram) : HistogramEnumerator(histogram)
{
    private int _lastIndex = -1;

    protected override bool IsStepReached() => CountAtIndex != 0 && Index != _lastIndex;

    protected override void MoveToNextStep() => _lastIndex = Index;
}
