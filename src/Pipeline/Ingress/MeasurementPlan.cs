using ExecutionPipeline.Messages.Events;

namespace ExecutionPipeline.Pipeline.Ingress;

/// <summary>
/// Which of the admitted signals are measured: those after the first <paramref name="warmupSignals"/>, and no more
/// than <paramref name="measuredSignals"/>.
/// </summary>
public sealed class MeasurementPlan(long warmupSignals, long measuredSignals)
{
    /// <summary>Measures nothing.</summary>
    public static MeasurementPlan None { get; } = new(0, 0);

    public long WarmupSignals => warmupSignals;

    public long MeasuredSignals => measuredSignals;

    /// <summary>The marks of the <paramref name="ordinal"/>-th admitted signal, counted from 1.</summary>
    public EventFlags FlagsOf(long ordinal)
    {
        if (measuredSignals == 0)
            return EventFlags.None;

        var flags = EventFlags.None;
        if (ordinal == warmupSignals + 1)
            flags |= EventFlags.MeasurementStart;

        if (ordinal == warmupSignals + measuredSignals)
            flags |= EventFlags.MeasurementEnd;

        return flags;
    }
}
