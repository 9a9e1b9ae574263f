namespace ExecutionPipeline.Cli.Histograms;

/// <summary>A point of a plot over time: percentiles of an interval, in nanoseconds.</summary>
/// <param name="EndMs">When it ended, in milliseconds since 1970.</param>
/// <param name="P50">The median.</param>
/// <param name="P99">The 99th percentile.</param>
/// <param name="P999">The 99.9th percentile.</param>
/// <param name="Max">The highest value.</param>
public readonly record struct IntervalPoint(long EndMs, long P50, long P99, long P999, long Max)
{
    /// <summary>The figures of an interval.</summary>
    public static IntervalPoint Of(HistogramBase interval)
    {
        ArgumentNullException.ThrowIfNull(interval);
        var values = Distribution.Of(interval);
        return new IntervalPoint(
            interval.EndTimeStamp, values.ValueAt(50), values.ValueAt(99), values.ValueAt(99.9), values.Max);
    }

    /// <summary>The later end and the higher of each figure.</summary>
    public IntervalPoint HigherOf(IntervalPoint other) => new(
        Math.Max(EndMs, other.EndMs),
        Math.Max(P50, other.P50),
        Math.Max(P99, other.P99),
        Math.Max(P999, other.P999),
        Math.Max(Max, other.Max));
}

/// <summary>
/// The intervals of a log as points of a plot, of which there is a limited number: when it is reached, neighbours
/// join, and a point has the highest figures of its stretch, so that no spike is lost.
/// </summary>
public sealed class IntervalSeries
{
    /// <summary>The most points there are.</summary>
    public const int MaxPoints = 2048;

    private readonly List<IntervalPoint> _points = [];
    private int _intervalsPerPoint = 1;
    private int _intervalsInLast;

    /// <summary>The points, in the order of the log.</summary>
    public IReadOnlyList<IntervalPoint> Points => _points;

    /// <summary>Adds the next interval.</summary>
    public void Add(HistogramBase interval)
    {
        var point = IntervalPoint.Of(interval);
        if (_points.Count > 0 && _intervalsInLast < _intervalsPerPoint)
        {
            _points[^1] = _points[^1].HigherOf(point);
            _intervalsInLast++;
            return;
        }

        if (_points.Count == MaxPoints)
            JoinNeighbours();
        _points.Add(point);
        _intervalsInLast = 1;
    }

    private void JoinNeighbours()
    {
        for (var i = 0; i < MaxPoints / 2; i++)
            _points[i] = _points[2 * i].HigherOf(_points[2 * i + 1]);
        _points.RemoveRange(MaxPoints / 2, MaxPoints / 2);
        _intervalsPerPoint *= 2;
    }
}
