namespace ExecutionPipeline.HdrHistogram.Iteration;

/// <summary>A step for every slot, up to the last one with a count.</summary>
internal sealed class AllValuesEnumerator(HistogramBase histogram) : HistogramEnumerator(histogram)
{
    private int _lastIndex = -1;

    protected override bool IsStepReached() => Index != _lastIndex;

    protected override void MoveToNextStep() => _lastIndex = Index;
}
