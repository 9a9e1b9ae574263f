using ExecutionPipeline.Execution.State;

namespace ExecutionPipeline.Stages.Context.Estimators;

/// <summary>
/// Depth over its exponential moving average by update count. The average is corrected for its start, so that the
/// first values weigh as much as there are of them and not as if depth had been 0 before.
/// </summary>
internal sealed class DepthAverage(int updates) : IStateful
{
    private readonly double _weight = 2.0 / (updates + 1.0);
    private double _sum;
    private double _weights;
    private double _latest;

    public void Add(double depth)
    {
        _latest = depth;
        _sum += _weight * (depth - _sum);
        _weights += _weight * (1.0 - _weights);
    }

    /// <summary>1 at the average, and while nothing is known.</summary>
    public double Ratio => _sum > 0 ? _latest * _weights / _sum : 1.0;

    public void Transfer(StateStream state)
    {
        state.Value(ref _sum);
        state.Value(ref _weights);
        state.Value(ref _latest);
    }
}
