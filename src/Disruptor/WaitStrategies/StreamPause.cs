using System.Runtime.CompilerServices;

namespace ExecutionPipeline.Disruptor;

/// <summary>
/// A short pause before a consumer that has just emptied a batch looks again. Each look takes the producer's cache line
/// away, and in a stream of events a producer that is left alone for a moment publishes many, where one that is looked
/// at all the time publishes few. After a single event there is no pause: that is not a stream, and latency counts.
/// </summary>
internal struct StreamPause
{
    /// <summary>About 400 ns: a few transfers of a cache line between distant cores.</summary>
    private const int PauseIterations = 16;

    private long _lastSequence;

    /// <summary>Called when the consumer has to wait for <paramref name="sequence"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void OnWait(long sequence)
    {
        if (sequence - _lastSequence > 1)
            Thread.SpinWait(PauseIterations);

        _lastSequence = sequence;
    }
}
