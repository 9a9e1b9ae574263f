using ExecutionPipeline.Pipeline.Hosting;

namespace ExecutionPipeline.Pipeline.Telemetry;

/// <summary>
/// Which of the admitted signals are measured: those after the first <paramref name="warmupSignals"/>, and no more
/// than <paramref name="measuredSignals"/>. Every stage sees all signals in the same order, so each thread counts them
/// by itself and nothing about the measurement is on the ring.
/// </summary>
public sealed class MeasurementPlan(long warmupSignals, long measuredSignals)
{
    /// <summary>Measures nothing.</summary>
    public static MeasurementPlan None { get; } = new(0, 0);

    /// <summary>
    /// Whether latencies are kept second by second, some kilobytes each, beside their sum. Default: false.
    /// </summary>
    public bool KeepsIntervals { get; init; }

    /// <summary>
    /// Signals that take longer than this end to end are kept one by one, in nanoseconds; null: none is. Default: null.
    /// </summary>
    public long? TailAboveNs { get; init; }

    public long WarmupSignals => warmupSignals;

    public long MeasuredSignals => measuredSignals;

    /// <summary>Whether any signal is measured.</summary>
    public bool IsMeasuring => measuredSignals > 0;

    /// <summary>Whether the <paramref name="ordinal"/>-th admitted signal, counted from 1, is the first.</summary>
    public bool IsFirst(long ordinal) => measuredSignals > 0 && ordinal == warmupSignals + 1;

    /// <summary>Whether the <paramref name="ordinal"/>-th admitted signal, counted from 1, is the last.</summary>
    public bool IsLast(long ordinal) => measuredSignals > 0 && ordinal == warmupSignals + measuredSignals;
}

/// <summary>Counts the signals that a thread handles and keeps its account over the measured ones.</summary>
internal sealed class SignalMeter(MeasurementPlan plan, HotThread thread)
{
    private long _signals;

    /// <summary>A signal is about to be handled.</summary>
    public void BeginSignal()
    {
        if (plan.IsFirst(++_signals))
            thread.Open();
    }

    /// <summary>The signal has been handled.</summary>
    public void EndSignal()
    {
        if (plan.IsLast(_signals))
            thread.Close();
    }
}
