using ExecutionPipeline.Messages.Events;

namespace ExecutionPipeline.Pipeline.Telemetry;

/// <summary>
/// Latency of the measured signals that became orders, by stage, in nanoseconds, and what became of them all. The
/// thread that runs the followers records; the histograms may be read when it has ended.
/// </summary>
public sealed class LatencyTelemetry
{
    private readonly MeasurementPlan _plan;
    private readonly LatencyIntervals? _intervals;
    private bool _isMeasuring;
    private int _collectionsAtStart;
    private long _lastDoneNs;

    /// <param name="plan">Which signals are measured.</param>
    public LatencyTelemetry(MeasurementPlan plan)
    {
        ArgumentNullException.ThrowIfNull(plan);
        _plan = plan;
        if (plan.IsMeasuring)
            _intervals = new LatencyIntervals(plan.KeepsIntervals);
        if (plan.TailAboveNs is { } aboveNs)
            Tail = new TailRecord(aboveNs);
    }

    /// <summary>Signals seen since the start, warm-up included.</summary>
    public long SignalsSeen { get; private set; }

    /// <summary>
    /// From the sending of the very first signal until routing was done with it, in nanoseconds; 0 before it.
    /// </summary>
    public long FirstSignalNs { get; private set; }

    /// <summary>Signals seen while measuring.</summary>
    public long SignalsMeasured { get; private set; }

    public RunTally Tally { get; } = new();

    /// <summary>The measured signals that took longest; null where the plan does not ask for them.</summary>
    public TailRecord? Tail { get; }

    /// <summary>Counts executions from the first measured signal on; null: nothing does. Default: null.</summary>
    public ExecutionTally? Execution { get; init; }

    /// <summary>Readings that came out negative, since the system's clock was stepped; recorded as 0.</summary>
    public long NegativeReadings { get; private set; }

    /// <summary>
    /// When the first measured signal was to be sent, in nanoseconds since the Unix epoch; 0 before it. A stall between
    /// that time and the signal's arrival belongs to the measured time, or the burst after it would look like a rate.
    /// </summary>
    public long MeasuringSinceNs { get; private set; }

    /// <summary>
    /// From when the first measured signal was to be sent until the last one was through the stages, in nanoseconds.
    /// </summary>
    public long MeasuredNs => SignalsMeasured == 0 ? 0 : _lastDoneNs - MeasuringSinceNs;

    /// <summary>Garbage collections from the first measured signal to the last, of any generation.</summary>
    public int Collections { get; private set; }

    /// <summary>A stage's latencies over the whole measured time. The recording thread must have ended.</summary>
    public LongHistogram this[LatencyPart stage] =>
        _intervals?.TotalOf(stage) ?? LatencyIntervals.NewHistogram();

    /// <summary>
    /// The latencies second by second, in the order of time; none where the plan keeps none. The recording thread must
    /// have ended.
    /// </summary>
    public IReadOnlyList<LatencyInterval> Intervals
    {
        get
        {
            _intervals?.TotalOf(LatencyPart.EndToEnd);
            return _intervals?.Collected ?? [];
        }
    }

    public void OnEvent(ref PipelineEvent e)
    {
        if (e.Header.Kind == EventKind.TradeQualified)
            OnSignal(ref e);
        else if (e.Header.Kind == EventKind.ExecutionReport)
            Tally.OnReport(ref e);

        if (MeasuringSinceNs != 0 && e.Routing.ActionCount > 0)
            Execution?.OnEvent(in e);
    }

    /// <summary>
    /// Puts the last second aside while the recording thread goes on. One thread, not that one, calls this a few times
    /// a second; where it does not, the intervals become longer.
    /// </summary>
    public void CollectInterval() => _intervals?.Collect();

    /// <summary>Ends the account where the last measured event has not: the run was ended early.</summary>
    public void Close()
    {
        if (!_isMeasuring)
            return;

        _isMeasuring = false;
        Collections = CountCollections() - _collectionsAtStart;
    }

    private void OnSignal(ref PipelineEvent e)
    {
        if (++SignalsSeen == 1)
            FirstSignalNs = e.Timestamps.RoutingDoneNs - e.Payload.TradeQualified.SendTimeNs;
        if (_plan.IsFirst(SignalsSeen))
            StartMeasuring(ref e);

        if (_isMeasuring)
            Record(ref e);

        if (_plan.IsLast(SignalsSeen))
            Close();
    }

    private void Record(ref PipelineEvent e)
    {
        SignalsMeasured++;
        var previousDoneNs = _lastDoneNs;
        _lastDoneNs = e.Timestamps.RoutingDoneNs;
        Tally.OnSignal(ref e);
        if (e.Routing.Outcome != RoutingOutcome.OrderSent)
            return;

        _intervals!.MoveTo(e.Timestamps.ReceivedNs);
        var readings = LatencyReadings.Of(in e);
        for (var part = 0; part < LatencyReadings.Count; part++)
            Record((LatencyPart)part, readings[part]);
        Tail?.OnSignal(SignalsSeen, e.Payload.TradeQualified.IntendedSendTimeNs, previousDoneNs, in readings);
    }

    private void Record(LatencyPart stage, long valueNs)
    {
        if (valueNs < 0)
        {
            NegativeReadings++;
            valueNs = 0;
        }

        _intervals!.Record(stage, valueNs);
    }

    private void StartMeasuring(ref PipelineEvent e)
    {
        _isMeasuring = true;
        var (intendedNs, receivedNs) = (e.Payload.TradeQualified.IntendedSendTimeNs, e.Timestamps.ReceivedNs);
        MeasuringSinceNs = intendedNs > 0 ? Math.Min(intendedNs, receivedNs) : receivedNs;
        _collectionsAtStart = CountCollections();
    }

    /// <summary>A collection of an older generation counts among those of generation 0 too.</summary>
    private static int CountCollections() => GC.CollectionCount(0);
}
