namespace ExecutionPipeline.HdrHistogram.Iteration;

/// <summary>
/// A step per percentile tick, with a fixed number of ticks in each half of what remains to 100 percent, so that
/// the resolution grows towards the tail; and a last step at 100 percent.
/// </summary>
internal sealed class PercentileEnumerator(HistogramBase histogram, int percentileTicksPerHalfDistance)
    : HistogramEnumerator(histogram)
{
    // Beyond this the level is within rounding of 100 percent, and ticks no longer move it.
    private const int HalvingsMax = 52;

    private double _level;
    private bool _isLastStepDone;

    protected override bool HasNext()
    {
        if (base.HasNext())
            return true;

        if (_isLastStepDone || TotalCount == 0)
            return false;

        _level = 100.0;
        _isLastStepDone = true;
        return true;
    }

    protected override bool IsStepReached()
        => CountAtIndex != 0 && 100.0 * TotalCountToIndex / TotalCount >= _level;

    protected override void MoveToNextStep()
    {
        var halvings = Math.Log2(100.0 / (100.0 - _level));
        if (halvings > HalvingsMax)
        {
            _level = 100.0;
            return;
        }

        var ticks = (double)percentileTicksPerHalfDistance * (1L << ((int)halvings + 1));
        _level = Math.Min(_level + 100.0 / ticks, 100.0);
    }

    protected override double PercentileLevel() => _level;
}
