using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace ExecutionPipeline.Benchmarks.Rings;

/// <summary>
/// One thread publishes as fast as it can; the time is over when the last handler has had the last event.
/// </summary>
public sealed class Throughput<T>
    where T : struct, IWords
{
    private const int ChunkLaps = 4;

    /// <summary>Events that the ring holds.</summary>
    public int RingSize { get; init; } = 65_536;

    /// <summary>Whether every word of the event is written and read, or the first alone; not for batches.</summary>
    public bool IsAllWords { get; init; }

    /// <summary>Events claimed and published together: a power of two.</summary>
    public int BatchSize { get; init; } = 1;

    /// <summary>Makes the wait strategy.</summary>
    public Func<IWaitStrategy> WaitStrategy { get; init; } = () => new BusySpinWaitStrategy();

    /// <summary>Adds handlers, made by the function, and returns the last of them.</summary>
    public Func<ValueDisruptor<T>, Func<IValueEventHandler<T>>, IValueEventHandler<T>[]> Graph { get; init; } =
        Graphs.One;

    /// <summary>Sends events for about so long.</summary>
    /// <returns>For each chunk of events, nanoseconds an event, as the last handler sees them come.</returns>
    /// <exception cref="InvalidOperationException">A handler has not read what was written.</exception>
    public double[] Run(TimeSpan time)
    {
        using var disruptor = new ValueDisruptor<T>(
            () => default,
            RingSize,
            TaskScheduler.Current,
            ProducerType.Single,
            WaitStrategy());

        // Longer than the ring: neither side gets through a chunk without the other.
        var eventsPerChunk = RingSize * ChunkLaps;
        var clock = new ChunkClock(eventsPerChunk);
        var last = Graph(disruptor, () => NewHandler(clock));
        disruptor.Start().Wait();

        var count = 0L;
        var start = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(start) < time)
            count = PublishChunk(disruptor.RingBuffer, count, eventsPerChunk);

        WaitFor(disruptor, last, count - 1);
        disruptor.Halt().Wait();
        Check(last, count);
        return clock.ChunksNs;
    }

    private static void WaitFor(ValueDisruptor<T> disruptor, IValueEventHandler<T>[] handlers, long sequence)
    {
        var spinWait = default(AggressiveSpinWait);
        while (Array.Exists(handlers, handler => disruptor.GetSequenceValueFor(handler) < sequence))
            spinWait.SpinOnce();
    }

    private IValueEventHandler<T> NewHandler(ChunkClock clock)
    {
        return IsAllWords ? new AllWordsHandler<T>(clock) : new FirstWordHandler<T>(clock);
    }

    private long PublishChunk(ValueRingBuffer<T> ring, long first, int events)
    {
        if (BatchSize != 1)
            PublishBatches(ring, first, first + events);
        else if (IsAllWords)
            PublishAllWords(ring, first, first + events);
        else
            PublishFirstWords(ring, first, first + events);

        return first + events;
    }

    private static void PublishFirstWords(ValueRingBuffer<T> ring, long first, long end)
    {
        for (var i = first; i < end; i++)
        {
            var sequence = ring.Next();
            ring[sequence].First = i;
            ring.Publish(sequence);
        }
    }

    private static void PublishAllWords(ValueRingBuffer<T> ring, long first, long end)
    {
        for (var i = first; i < end; i++)
        {
            var sequence = ring.Next();
            ring[sequence].Fill(i);
            ring.Publish(sequence);
        }
    }

    private void PublishBatches(ValueRingBuffer<T> ring, long first, long end)
    {
        for (var i = first; i < end; i += BatchSize)
        {
            var lo = ring.Next(BatchSize) - BatchSize + 1;
            for (var offset = 0; offset < BatchSize; offset++)
                ring[lo + offset].First = i + offset;

            ring.Publish(lo, lo + BatchSize - 1);
        }
    }

    private void Check(IValueEventHandler<T>[] handlers, long count)
    {
        var words = IsAllWords ? Unsafe.SizeOf<T>() / sizeof(long) : 1;
        var expected = count * (count - 1) / 2 * words;
        foreach (var handler in handlers)
        {
            var total = ((ICheckedHandler)handler).Total;
            if (total != expected)
                throw new InvalidOperationException($"read {total}, expected {expected}");
        }
    }
}
