using ExecutionPipeline.Messages.Events;

namespace ExecutionPipeline.Pipeline.Telemetry;

/// <summary>
/// Latency of the measured signals that became orders, by stage, in nanoseconds, and what became of them all. The
/// thread that runs the followers records; the histograms may be read when it has ended.
/// </summary>
public sealed class LatencyTelemetry
{
    /// <summary>Longer than any event should take; what is longer is recorded as this.</summary>
    private const long HighestNs = 60_000_000_000;
    private const int SignificantDigits = 3;

    private readonly MeasurementPlan _plan;
    private readonly LongHistogram[] _histograms;
    private bool _isMeasuring;
    private int _collectionsAtStart;
    private long _lastReceivedNs;

    /// <param name="plan">Which signals are measured.</param>
    public LatencyTelemetry(MeasurementPlan plan)
    {
        _plan = plan;
        _histograms = new LongHistogram[Enum.GetValues<LatencyStage>().Length];
        for (var i = 0; i < _histograms.Length; i++)
            _histograms[i] = new LongHistogram(1, HighestNs, SignificantDigits);
    }

    /// <summary>Signals seen since the start, warm-up included.</summary>
    public long SignalsSeen { get; private set; }

    /// <summary>Signals seen while measuring.</summary>
    public long SignalsMeasured { get; private set; }

    public RunTally Tally { get; } = new();

    /// <summary>Readings that came out negative, since the system's clock was stepped; recorded as 0.</summary>
    public long NegativeReadings { get; private set; }

    /// <summary>
    /// When the first measured signal was received, in nanoseconds since the Unix epoch; 0 before it.
    /// </summary>
    public long MeasuringSinceNs { get; private set; }

    /// <summary>From the first measured signal to the last, in nanoseconds.</summary>
    public long MeasuredNs => SignalsMeasured == 0 ? 0 : _lastReceivedNs - MeasuringSinceNs;

    /// <summary>Garbage collections from the first measured signal to the last, of any generation.</summary>
    public int Collections { get; private set; }

    public LongHistogram this[LatencyStage stage] => _histograms[(int)stage];

    public void OnEvent(ref PipelineEvent e)
    {
        if (e.Header.Kind == EventKind.TradeQualified)
            OnSignal(ref e);
        else if (e.Header.Kind == EventKind.ExecutionReport)
            Tally.OnReport(ref e);
    }

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
        SignalsSeen++;
        if (_plan.IsFirst(SignalsSeen))
            StartMeasuring(e.Timestamps.ReceivedNs);

        if (_isMeasuring)
            Record(ref e);

        if (_plan.IsLast(SignalsSeen))
            Close();
    }

    private void Record(ref PipelineEvent e)
    {
        SignalsMeasured++;
        _lastReceivedNs = e.Timestamps.ReceivedNs;
        Tally.OnSignal(ref e);
        if (e.Routing.Outcome != RoutingOutcome.OrderSent)
            return;

        ref readonly var signal = ref e.Payload.TradeQualified;
        ref readonly var at = ref e.Timestamps;
        Record(LatencyStage.EndToEnd, at.RoutingDoneNs - signal.IntendedSendTimeNs);
        Record(LatencyStage.Sender, signal.SendTimeNs - signal.IntendedSendTimeNs);
        Record(LatencyStage.Transport, at.ReceivedNs - signal.SendTimeNs);
        Record(LatencyStage.Ring, at.ContextStartNs - at.ReceivedNs);
        Record(LatencyStage.Context, at.ContextDoneNs - at.ContextStartNs);
        Record(LatencyStage.Inference, at.InferenceDoneNs - at.ContextDoneNs);
        Record(LatencyStage.Risk, at.RiskDoneNs - at.InferenceDoneNs);
        Record(LatencyStage.Routing, at.RoutingDoneNs - at.RiskDoneNs);
    }

    private void Record(LatencyStage stage, long valueNs)
    {
        if (valueNs < 0)
        {
            NegativeReadings++;
            valueNs = 0;
        }

        _histograms[(int)stage].RecordValue(Math.Min(valueNs, HighestNs));
    }

    private void StartMeasuring(long receivedNs)
    {
        _isMeasuring = true;
        MeasuringSinceNs = receivedNs;
        _collectionsAtStart = CountCollections();
    }

    /// <summary>A collection of an older generation counts among those of generation 0 too.</summary>
    private static int CountCollections() => GC.CollectionCount(0);
}
