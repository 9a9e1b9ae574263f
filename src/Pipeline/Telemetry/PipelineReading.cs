using ExecutionPipeline.Aeron.Monitoring;

namespace ExecutionPipeline.Pipeline.Telemetry;

/// <summary>
/// A pipeline's figures as they stood when they were read, from the counters of its media driver. It says nothing to
/// the pipeline, which does not notice.
/// </summary>
public sealed class PipelineReading
{
    private const long NanosPerTick = TimeSpan.NanosecondsPerTick;

    private readonly Dictionary<(PipelineFigure Figure, int Index), (long Value, string Label)> _values;

    private PipelineReading(
        Dictionary<(PipelineFigure Figure, int Index), (long Value, string Label)> values, int pipelines)
    {
        _values = values;
        Pipelines = pipelines;
    }

    /// <summary>Pipelines that publish on the driver; the figures are those of the one that wrote last.</summary>
    public int Pipelines { get; }

    /// <summary>When the figures were written.</summary>
    public DateTime WrittenAt => DateTime.UnixEpoch.AddTicks(this[PipelineFigure.HeartbeatNs] / NanosPerTick);

    /// <summary>Whether it is of another run of a pipeline than one that was read before it.</summary>
    public bool IsOfAnotherRunThan(PipelineReading before)
    {
        ArgumentNullException.ThrowIfNull(before);
        return this[PipelineFigure.StartedNs] != before[PipelineFigure.StartedNs]
            || this[PipelineFigure.EventsThrough] < before[PipelineFigure.EventsThrough];
    }

    /// <summary>When the last event was, by the pipeline's own time.</summary>
    public DateTime LastEventAt => DateTime.UnixEpoch.AddTicks(this[PipelineFigure.LastEventNs] / NanosPerTick);

    /// <summary>Ids of the instruments.</summary>
    public IEnumerable<int> Instruments => _values.Keys
        .Where(static key => key.Figure == PipelineFigure.Position).Select(static key => key.Index).Order();

    /// <summary>A figure that there is one of; 0 where the pipeline does not publish it.</summary>
    public long this[PipelineFigure figure] => this[figure, 0];

    /// <summary>A figure of an index; 0 where the pipeline does not publish it.</summary>
    public long this[PipelineFigure figure, int index] => _values.GetValueOrDefault((figure, index)).Value;

    /// <summary>Whether the pipeline publishes a figure.</summary>
    public bool Has(PipelineFigure figure) => _values.ContainsKey((figure, 0));

    /// <summary>A percentile of a part in ns, of signals that became orders; 0 where there were none.</summary>
    public long Latency(LatencyWindow window, LatencyPart part, LatencyRank rank) => this[
        window == LatencyWindow.Second ? PipelineFigure.LatencySecond : PipelineFigure.LatencyMinute,
        (int)part * PipelineCounters.RankStride + (int)rank];

    /// <summary>
    /// Latencies of a part since the start that were at most as long as a bound of <see cref="LatencyTotals"/>, or all
    /// where the index is beyond the last.
    /// </summary>
    public long LatencyAtMost(LatencyPart part, int bound) =>
        this[PipelineFigure.LatencyAtMost, (int)part * PipelineCounters.BoundStride + bound];

    /// <summary>An instrument's symbol.</summary>
    public string SymbolOf(int instrument) =>
        _values.GetValueOrDefault((PipelineFigure.Position, instrument)).Label?.Split(' ')[^1] ?? "";

    /// <summary>Figures that are known already, by figure and index.</summary>
    public static PipelineReading Of(IReadOnlyDictionary<(PipelineFigure Figure, int Index), long> figures) =>
        new(figures.ToDictionary(static one => one.Key, static one => (one.Value, "")), pipelines: 1);

    /// <summary>Reads the figures of the pipeline on a driver; null: none publishes any.</summary>
    public static PipelineReading? Of(DriverMonitor monitor)
    {
        ArgumentNullException.ThrowIfNull(monitor);
        // A pipeline that was killed leaves its counters until the driver has given its client up.
        var byOwner = monitor.CountersOf(PipelineCounters.TypeId).GroupBy(static reading => reading.OwnerId).ToList();
        var last = byOwner.MaxBy(static owner => owner
            .Where(static reading => reading.First == (int)PipelineFigure.HeartbeatNs)
            .Max(static reading => (long?)reading.Value));
        if (last is null)
            return null;

        var values = new Dictionary<(PipelineFigure, int), (long, string)>();
        foreach (var reading in last)
            values[((PipelineFigure)reading.First, reading.Second)] = (reading.Value, reading.Label);
        return new PipelineReading(values, byOwner.Count);
    }
}
