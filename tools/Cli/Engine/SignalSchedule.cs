namespace ExecutionPipeline.Cli.Engine;

/// <summary>
/// The times at which signals are to be sent. They follow from the start and the rate alone: a sender that falls
/// behind catches up, and the delay counts as latency instead of vanishing from the figures.
/// </summary>
/// <param name="StartNs">When signal 0 is due, in nanoseconds since the Unix epoch.</param>
/// <param name="RatePerSecond">Signals a second.</param>
public readonly record struct SignalSchedule(long StartNs, double RatePerSecond)
{
    private const double NanosPerSecond = 1e9;

    /// <summary>When a signal is due, in nanoseconds since the Unix epoch. Indices count from 0.</summary>
    public long IntendedNs(long index) => StartNs + (long)(index * (NanosPerSecond / RatePerSecond));
}
