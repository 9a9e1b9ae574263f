using ExecutionPipeline.Pipeline.Telemetry;

namespace ExecutionPipeline.Control.Link;

/// <summary>Latencies of a part within a time, from counts by bounds.</summary>
/// <param name="counts">How many were at most as long as each bound, and how many there were.</param>
/// <param name="sumNs">Their sum.</param>
public sealed class LatencyWindowCounts(long[] counts, long sumNs)
{
    private const double NanosPerMicro = 1e3;
    private const double Percent = 100;

    /// <summary>How many there were.</summary>
    public long Count => counts[^1];

    /// <summary>In microseconds; null: there were none.</summary>
    public double? MeanUs => Count == 0 ? null : sumNs / NanosPerMicro / Count;

    /// <summary>
    /// A percentile in microseconds, straight between two bounds as Prometheus does it; null: there were none. What is
    /// beyond the last bound counts as long as it.
    /// </summary>
    public double? PercentileUs(double percentile)
    {
        if (Count == 0)
            return null;

        var rank = percentile / Percent * Count;
        var bound = 0;
        while (bound < LatencyTotals.BoundsNs.Count && counts[bound] < rank)
            bound++;
        if (bound == LatencyTotals.BoundsNs.Count)
            return LatencyTotals.BoundsNs[^1] / NanosPerMicro;

        var (low, before) = bound == 0 ? (0, 0) : (LatencyTotals.BoundsNs[bound - 1], counts[bound - 1]);
        var share = (rank - before) / Math.Max(1, counts[bound] - before);
        return (low + share * (LatencyTotals.BoundsNs[bound] - low)) / NanosPerMicro;
    }

    /// <summary>How many in a hundred were longer than a bound; null: there were none.</summary>
    /// <param name="targetNs">One of the bounds of <see cref="LatencyTotals"/>.</param>
    public double? AbovePct(long targetNs)
    {
        var bound = 0;
        while (LatencyTotals.BoundsNs[bound] != targetNs)
            bound++;
        return Count == 0 ? null : Percent * (Count - counts[bound]) / Count;
    }
}

/// <summary>
/// The pipeline's latency counts of each minute of the last seven days, so that any time up to that can be told of.
/// </summary>
public sealed class LatencyHistory
{
    private const int MinutesKept = 7 * 24 * 60;
    private static readonly TimeSpan Step = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan RecentTime = TimeSpan.FromSeconds(75);

    private readonly Lock _gate = new();
    private readonly LinkedList<Snapshot> _minutes = [];
    private readonly LinkedList<Snapshot> _looks = [];
    private Snapshot? _last;
    private PipelineReading? _lastReading;

    private static LatencyWindowCounts None => new(new long[LatencyTotals.BoundsNs.Count + 1], 0);

    /// <summary>Takes a look at the counters in. Looks come in the order of their times.</summary>
    public void Take(PipelineLook look)
    {
        ArgumentNullException.ThrowIfNull(look);
        if (look.Reading is not { } reading)
            return;

        var now = Snapshot.Of(look.LookedAt, reading);
        lock (_gate)
        {
            // A pipeline that was started anew counts from 0 again: what was before it is not compared with.
            if (_lastReading is { } before && reading.IsOfAnotherRunThan(before))
            {
                _minutes.Clear();
                _looks.Clear();
            }

            (_last, _lastReading) = (now, reading);
            _looks.AddLast(now);
            while (now.At - _looks.First!.Value.At > RecentTime)
                _looks.RemoveFirst();
            if (_minutes.Last is { } minute && now.At - minute.Value.At < Step)
                return;

            _minutes.AddLast(now);
            if (_minutes.Count > MinutesKept)
                _minutes.RemoveFirst();
        }
    }

    /// <summary>
    /// What there was of a part within a time; since the pipeline began where that is less, and since this control
    /// plane first looked where the pipeline is older than the time and the control plane is not.
    /// </summary>
    public LatencyWindowCounts Of(LatencyPart part, TimeSpan time)
    {
        lock (_gate)
        {
            if (_last is not { } now)
                return None;

            Snapshot? before = null;
            for (var minute = _minutes.Last; minute is not null && before is null; minute = minute.Previous)
            {
                if (now.At - minute.Value.At >= time)
                    before = minute.Value;
            }

            var isWhole = now.At - now.StartedAt <= time;
            return now.Since(before ?? (isWhole ? null : _minutes.First?.Value), part);
        }
    }

    /// <summary>
    /// What there was of a part within the last seconds, up to 75 of them, since this control plane began to look.
    /// </summary>
    public LatencyWindowCounts Recent(LatencyPart part, TimeSpan time)
    {
        lock (_gate)
        {
            var last = _looks.Last;
            var first = last;
            while (first?.Previous is { } before && last!.Value.At - first.Value.At < time)
                first = before;
            return last is null ? None : last.Value.Since(first!.Value, part);
        }
    }

    /// <summary>
    /// The last signals of a part: as few seconds as have so many of them, or all that there are within 75 seconds.
    /// </summary>
    public LatencyWindowCounts Latest(LatencyPart part, long least)
    {
        lock (_gate)
        {
            var counts = None;
            for (var look = _looks.Last; look is not null && counts.Count < least; look = look.Previous)
                counts = _looks.Last!.Value.Since(look.Value, part);
            return counts;
        }
    }

    private sealed record Snapshot(DateTime At, DateTime StartedAt, long[] Counts, long[] Sums)
    {
        private static readonly int Bounds = LatencyTotals.BoundsNs.Count + 1;

        public static Snapshot Of(DateTime at, PipelineReading reading)
        {
            var parts = Enum.GetValues<LatencyPart>();
            return new Snapshot(
                at,
                // The pipeline tells it by the system's clock, which may be stepped.
                DateTime.UnixEpoch.AddTicks(reading[PipelineFigure.StartedNs] / TimeSpan.NanosecondsPerTick)
                    - NanoClock.WallAhead,
                [.. parts.SelectMany(part => Enumerable.Range(0, Bounds).Select(i => reading.LatencyAtMost(part, i)))],
                [.. parts.Select(part => reading[PipelineFigure.LatencySumNs, (int)part])]);
        }

        /// <summary>What came since another one; null: since the pipeline began.</summary>
        public LatencyWindowCounts Since(Snapshot? before, LatencyPart part) => new(
            [
                .. Enumerable.Range(0, Bounds)
                    .Select(bound => AtMost(part, bound) - (before?.AtMost(part, bound) ?? 0)),
            ],
            Sums[(int)part] - (before?.Sums[(int)part] ?? 0));

        private long AtMost(LatencyPart part, int bound) => Counts[(int)part * Bounds + bound];
    }
}
