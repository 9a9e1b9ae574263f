using ExecutionPipeline.Aeron.Buffers;
using ExecutionPipeline.Native;

namespace ExecutionPipeline.Aeron.Driver;

/// <summary>
/// Sleeps the shorter the faster streams use up their windows, whose limits are moved once a turn: so that no stream
/// uses much more than half of its window during a sleep, and a driver whose streams rest hardly wakes.
/// </summary>
internal sealed class PacedIdleStrategy : IIdleStrategy
{
    /// <summary>Parts that a window is counted in.</summary>
    public const int WindowParts = 64;

    private const long MinSleepNs = 50_000;
    private const long MaxSleepNs = 4_000_000;

    /// <summary>How long the next sleep is, in nanoseconds.</summary>
    public long SleepNs { get; private set; } = MinSleepNs;

    /// <summary>
    /// Takes what a turn found: whether a command came, after which more are likely, and the largest part of its window
    /// that a stream has used since the turn before.
    /// </summary>
    public void OnTurn(bool hasCommand, int usedParts)
    {
        if (hasCommand)
            SleepNs = MinSleepNs;
        else if (usedParts >= WindowParts / 2)
            SleepNs = Math.Max(MinSleepNs, SleepNs / 2);
        else if (usedParts < WindowParts / 8)
            SleepNs = Math.Min(MaxSleepNs, SleepNs * 2);
    }

    public void Idle(int workCount) => Idle();

    public void Idle() => ThreadPark.SleepNs(SleepNs);

    public void Reset() => SleepNs = MinSleepNs;
}
