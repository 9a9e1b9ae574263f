namespace ExecutionPipeline.Disruptor.Tests.Support;

internal static class RingExtensions
{
    /// <summary>Publishes one event for each value.</summary>
    public static void PublishValues<T>(this IValueRingBuffer<T> ring, params ReadOnlySpan<long> values)
        where T : struct, ITestEvent
    {
        foreach (var value in values)
        {
            var sequence = ring.Next();
            ring[sequence].Value = value;
            ring.Publish(sequence);
        }
    }

    public static SequenceBarrier NewBarrier<T>(this IValueRingBuffer<T> ring, params Sequence[] sequences)
        where T : struct
    {
        return ring.NewBarrier(SequenceWaiterOwner.Unknown, sequences);
    }
}
