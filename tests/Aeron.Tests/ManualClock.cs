using ExecutionPipeline.Aeron.Buffers;

namespace ExecutionPipeline.Aeron.Tests;

/// <summary>A clock that stands still until it is moved.</summary>
internal sealed class ManualClock : IEpochClock, INanoClock
{
    private long _nowNs = 1_000_000_000_000_000_000;

    public long Time() => Volatile.Read(ref _nowNs) / 1_000_000;

    public long NanoTime() => Volatile.Read(ref _nowNs);

    public void Advance(TimeSpan time) => Interlocked.Add(ref _nowNs, time.Ticks * 100);
}
