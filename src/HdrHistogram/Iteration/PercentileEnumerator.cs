namespace ExecutionPipeline.HdrHistogram.Iteration;

/// <summary>
/// A step per percentile tick, with a fixed number of ticks in each half of what remains to 100 percent, so that
/// the resolution grows towards the tail; and a last step at 100 percent.
/// </summary>
internal sealed class PercentileEnumerator(HistogramBase histogram, int percentileTicksPerHalfDistance)
    : HistogramEnumerator(histogram)
{
    private double _level;
    private bool _isLastStepDone;

    protected override bool HasNext()
    {
        if (base.HasNext())
            return true;

        if (_isLastStepDone || TotalCount == 0)
            return false;

        _level = 100.0;
        return true;
    }

    // A share of a huge total rounds to 100 percent before all is counted, so the last level goes by counts.
    protected override bool IsStepReached()
        => CountAtIndex != 0
        && (_level < 100.0
            ? 100.0 * TotalCountToIndex / TotalCount >= _level
            : TotalCountToIndex >= TotalCount);

    protected override void MoveToNextStep()
    {
        if (_level >= 100.0)
        {
            _isLastStepDone = true;
            return;
        }

        var halvings = (int)Math.Log2(100.0 / (100.0 - _level));
        var ticks = (double)percentileTicksPerHalfDistance * (1L << (halvings + 1));
        var next = _level + 100.0 / ticks;

        // So near to 100 percent that a tick is lost in rounding, the level would stay where it is for ever.
        _level = next > _level ? Math.Min(next, 100.0) : 100.0;
    }

    protected override double PercentileLevel() => _level;
}
