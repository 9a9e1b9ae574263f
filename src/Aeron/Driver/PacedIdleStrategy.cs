using ExecutionPipeline.Aeron.Buffers;
using ExecutionPipeline.Native;

namespace ExecutionPipeline.Aeron.Driver;

/// <summary>
/// Sleeps for as long as no stream needs the driver, and until a client of this process wakes it. A turn takes a core
/// from somebody, so there are to be few: streams tell how long they can do without one.
/// </summary>
internal sealed class PacedIdleStrategy(long maxSleepNs = PacedIdleStrategy.MaxSleepNs) : IIdleStrategy
{
    /// <summary>The shortest sleep, after a command, when more are likely.</summary>
    public const long MinSleepNs = 50_000;

    /// <summary>The longest sleep, unless told.</summary>
    public const long MaxSleepNs = 16_000_000;

    private const long NanosPerMilli = 1_000_000;

    private readonly object _gate = new();
    private bool _isWoken;

    /// <summary>How long the next sleep is, in nanoseconds.</summary>
    public long SleepNs { get; private set; } = MinSleepNs;

    /// <summary>
    /// Takes what a turn found: whether a command came, and how long the streams can do without the next turn, in
    /// nanoseconds. Sleeps become longer step by step, for what is fast may just have paused.
    /// </summary>
    public void OnTurn(bool hasCommand, long longestSleepNs) =>
        SleepNs = hasCommand ? MinSleepNs : Math.Clamp(Math.Min(longestSleepNs, SleepNs * 2), MinSleepNs, maxSleepNs);

    /// <summary>Ends the present sleep, or the next, unless it is shorter than a millisecond.</summary>
    public void Wake()
    {
        lock (_gate)
        {
            _isWoken = true;
            Monitor.Pulse(_gate);
        }
    }

    public void Idle(int workCount) => Idle();

    public void Idle()
    {
        if (SleepNs < NanosPerMilli)
        {
            ThreadPark.SleepNs(SleepNs);
            return;
        }

        lock (_gate)
        {
            if (!_isWoken)
                Monitor.Wait(_gate, (int)(SleepNs / NanosPerMilli));

            _isWoken = false;
        }
    }

    public void Reset() => SleepNs = MinSleepNs;
}
