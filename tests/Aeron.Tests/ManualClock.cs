using ExecutionPipeline.Aeron.Buffers;

namespace ExecutionPipeline.Aeron.Tests;

/// <summary>A clock that stands still until it is moved.</summary>
internal sealed class ManualClock : IEpochClock, INanoClock
{
    private long _nowNs = 1_000_000_000_000_000_000;
    private long _wallAheadNs;

    public long Time() => (Volatile.Read(ref _nowNs) + Volatile.Read(ref _wallAheadNs)) / 1_000_000;

    public long NanoTime() => Volatile.Read(ref _nowNs);

    /// <summary>Steps the wall clock alone.</summary>
    public void StepWall(TimeSpan step) => Interlocked.Add(ref _wallAheadNs, step.Ticks * 100);

    public void Advance(TimeSpan time) => Interlocked.Add(ref _nowNs, time.Ticks * 100);
}
