namespace ExecutionPipeline.Pipeline.Telemetry;

/// <summary>
/// How many latencies of each part were at most so long, since the start: what a monitoring system takes differences
/// of. Filled off the path, from the seconds that were handed over; allocates nothing after the start.
/// </summary>
public sealed class LatencyTotals
{
    private readonly long[,] _atMost = new long[LatencyReadings.Count, BoundsNs.Count + 1];
    private readonly long[] _sumNs = new long[LatencyReadings.Count];

    /// <summary>The bounds in nanoseconds, ascending; beyond the last there is one more for everything.</summary>
    public static IReadOnlyList<long> BoundsNs { get; } =
    [
        1_000, 2_000, 5_000, 10_000, 20_000, 50_000, 100_000, 200_000, 500_000, 1_000_000, 2_000_000, 5_000_000,
        10_000_000, 25_000_000, 50_000_000, 100_000_000,
    ];

    /// <summary>Latencies of a part that were at most as long as a bound, or all where it is beyond the last.</summary>
    public long AtMost(LatencyPart part, int bound) => _atMost[(int)part, bound];

    /// <summary>Their sum in nanoseconds, at the histograms' precision.</summary>
    public long SumNs(LatencyPart part) => _sumNs[(int)part];

    /// <summary>Adds the latencies of a part.</summary>
    public void Add(LatencyPart part, LongHistogram more)
    {
        ArgumentNullException.ThrowIfNull(more);
        if (more.TotalCount == 0)
            return;

        var highest = more.GetValueAtPercentile(100);
        for (long value = 0; value <= highest; value = more.NextNonEquivalentValue(value))
        {
            if (more.GetCountAtValue(value) is var count and > 0)
                Add((int)part, more.MedianEquivalentValue(value), count);
        }
    }

    private void Add(int part, long valueNs, long count)
    {
        _sumNs[part] += valueNs * count;
        for (var bound = BoundsNs.Count; bound >= 0 && (bound == BoundsNs.Count || valueNs <= BoundsNs[bound]); bound--)
            _atMost[part, bound] += count;
    }
}
