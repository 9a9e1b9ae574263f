using BenchmarkDotNet.Attributes;
using ExecutionPipeline.Benchmarks.Rings;
using ExecutionPipeline.Disruptor;

namespace ExecutionPipeline.Benchmarks.Micro;

/// <summary>What the calls of a producer cost while nobody is at the other end.</summary>
[MemoryDiagnoser]
public class PublishBenchmark
{
    private readonly ValueRingBuffer<Words128> _single =
        ValueRingBuffer<Words128>.CreateSingleProducer(() => default, 1024, new BusySpinWaitStrategy());

    private readonly ValueRingBuffer<Words128> _multi =
        ValueRingBuffer<Words128>.CreateMultiProducer(() => default, 1024, new BusySpinWaitStrategy());

    private readonly ValueRingBuffer<Words128> _blocking =
        ValueRingBuffer<Words128>.CreateSingleProducer(() => default, 1024, new BlockingWaitStrategy());

    /// <summary>One producer, spinning consumers.</summary>
    [Benchmark(Baseline = true)]
    public long SingleProducer() => Publish(_single);

    /// <summary>Several producers, spinning consumers.</summary>
    [Benchmark]
    public long MultiProducer() => Publish(_multi);

    /// <summary>One producer, consumers that sleep.</summary>
    [Benchmark]
    public long SingleProducerBlocking() => Publish(_blocking);

    /// <summary>One producer, with the scope that publishes at its end.</summary>
    [Benchmark]
    public long SingleProducerScope()
    {
        using var scope = _single.PublishEvent();
        scope.Event().First = scope.Sequence;
        return scope.Sequence;
    }

    private static long Publish(ValueRingBuffer<Words128> ring)
    {
        var sequence = ring.Next();
        ring[sequence].First = sequence;
        ring.Publish(sequence);
        return sequence;
    }
}
