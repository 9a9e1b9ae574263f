using ExecutionPipeline.Messages.Events;
using ExecutionPipeline.Pipeline.Options;

namespace ExecutionPipeline.Cli.Latency;

/// <summary>
/// The ring alone, as the inline topology uses it: a slot claimed, an input written into it, and the slot published,
/// with no stage and no other thread behind it. What a hand-over to another thread costs is the machine's affair more
/// than the ring's: the ring benchmarks of perf/Benchmarks show it.
/// </summary>
public static class RingSubject
{
    public static LatencySubject Create()
    {
        var ring = ValueRingBuffer<PipelineEvent>.CreateSingleProducer(
            static () => default, new RingOptions().Size, new BusySpinWaitStrategy());
        var input = new PipelineEvent { Header = { Kind = EventKind.TradeQualified } };
        return new LatencySubject("ring", count => Publish(ring, in input, count));
    }

    private static void Publish(ValueRingBuffer<PipelineEvent> ring, in PipelineEvent input, int count)
    {
        for (var i = 0; i < count; i++)
        {
            if (!ring.TryNext(out var sequence))
                throw new InvalidOperationException("a ring that nobody follows is full");

            ref var e = ref ring[sequence];
            e.Header = input.Header;
            e.Payload = input.Payload;
            ring.Publish(sequence);
        }
    }
}
