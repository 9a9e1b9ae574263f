using System.Runtime.CompilerServices;
using ExecutionPipeline.Disruptor.Tests.Support;

namespace ExecutionPipeline.Disruptor.Tests.Stress;

/// <summary>Carries a plan out and says what was wrong.</summary>
internal sealed class StressRun(StressPlan plan)
{
    /// <summary>Fewer for small rings, whose threads wait for each other at each turn.</summary>
    private readonly long _eventsPerProducer = Math.Min(plan.BufferSize * 500L, 200_000) / plan.ProducerCount;

    private readonly StressHandler[] _handlers = Array.ConvertAll(
        Enumerable.Range(0, plan.Dependencies.Length).ToArray(),
        i => new StressHandler(i, plan.Dependencies[i], plan.ProducerCount) { MaxBatchSize = plan.MaxBatchSizes[i] });

    public long EventCount => _eventsPerProducer * plan.ProducerCount;

    /// <summary>Every violation found; empty when all is well.</summary>
    public string[] Run()
    {
        // Not disposed of here: a thread of a run that failed may still use it. The last to hold it releases it.
        var memory = UnmanagedRingBufferMemory.Allocate(plan.BufferSize, Unsafe.SizeOf<StressEvent>());
        using var disruptor = NewDisruptor(memory);
        for (var i = 0; i < _handlers.Length; i++)
            AddHandler(disruptor, i);

        Eventually.Completes(disruptor.Start(), $"start of {plan}");
        var producers = new Task[plan.ProducerCount];
        for (var i = 0; i < producers.Length; i++)
        {
            var producer = i;
            producers[i] = Task.Factory.StartNew(
                () => Produce(disruptor.RingBuffer, producer),
                TaskCreationOptions.LongRunning);
        }

        Eventually.Completes(Task.WhenAll(producers), $"producers of {plan}");
        Eventually.Completes(disruptor.Shutdown(Eventually.Limit), $"shutdown of {plan}");

        var wrong = _handlers.Where(handler => handler.Violation != null).Select(handler => handler.Violation!);
        var counts = _handlers.Select(handler => handler.Count);
        var incomplete = counts.Where(count => count != EventCount).Select(count => $"{count} events");
        return [.. wrong, .. incomplete];
    }

    private ValueTypeDisruptor<StressEvent> NewDisruptor(UnmanagedRingBufferMemory memory)
    {
        return plan.IsUnmanaged
            ? new UnmanagedDisruptor<StressEvent>(memory, plan.ProducerType, plan.WaitStrategy)
            : new ValueDisruptor<StressEvent>(
                () => default,
                plan.BufferSize,
                TaskScheduler.Default,
                plan.ProducerType,
                plan.WaitStrategy);
    }

    private void AddHandler(ValueTypeDisruptor<StressEvent> disruptor, int index)
    {
        var behind = Array.ConvertAll(plan.Dependencies[index], i => _handlers[i]);
        if (behind.Length == 0)
            disruptor.HandleEventsWith(_handlers[index]);
        else
            disruptor.After(behind).HandleEventsWith(_handlers[index]);
    }

    private void Produce(IValueRingBuffer<StressEvent> ring, int producer)
    {
        var random = new Random(plan.ProducerSeed + producer);
        var written = 0L;
        while (written < _eventsPerProducer)
        {
            var n = (int)Math.Min(random.Next(1, plan.MaxClaim + 1), _eventsPerProducer - written);
            var hi = random.Next(2) == 0 && ring.TryNext(n, out var claimed) ? claimed : ring.Next(n);
            for (var sequence = hi - n + 1; sequence <= hi; sequence++)
                ring[sequence].Write(producer + plan.ProducerCount * written++);

            ring.Publish(hi - n + 1, hi);
        }
    }
}
