using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using ExecutionPipeline.Benchmarks.Rings;

namespace ExecutionPipeline.Benchmarks.Queues;

/// <summary>
/// The least that a stream between two threads can be: an array and two counters, each side with the other's last known
/// value. No handlers, no graph, no end: the limit that a library is held against.
/// </summary>
internal sealed class RawRing<T>(bool isAllWords)
    where T : struct, IWords
{
    private const int Capacity = 65_536;
    private const int EventsPerChunk = 4 * Capacity;

    private readonly T[] _slots = GC.AllocateArray<T>(Capacity, pinned: true);
    private readonly RawRingCounters _counters = new();
    private readonly ChunkClock _clock = new(EventsPerChunk);

    /// <summary>Streams events for about so long.</summary>
    /// <returns>For each chunk, nanoseconds an event.</returns>
    public double[] Run(TimeSpan time)
    {
        Volatile.Write(ref _counters.End, long.MaxValue);
        var consumer = Task.Factory.StartNew(Consume, TaskCreationOptions.LongRunning);
        var start = Stopwatch.GetTimestamp();
        var count = 0L;
        for (; Stopwatch.GetElapsedTime(start) < time; count += EventsPerChunk)
            Produce(count, count + EventsPerChunk);

        Volatile.Write(ref _counters.End, count);
        var words = isAllWords ? Unsafe.SizeOf<T>() / sizeof(long) : 1;
        if (consumer.Result != count * (count - 1) / 2 * words)
            throw new InvalidOperationException($"read {consumer.Result} of {count} events");

        return _clock.ChunksNs;
    }

    private void Produce(long first, long end)
    {
        var read = Volatile.Read(ref _counters.Read);
        for (var i = first; i < end; i++)
        {
            while (i - read >= Capacity)
                read = Volatile.Read(ref _counters.Read);

            ref var slot = ref _slots[i & (Capacity - 1)];
            if (isAllWords)
                slot.Fill(i);
            else
                slot.First = i;

            // Release: pairs with the acquire in Consume.
            Volatile.Write(ref _counters.Written, i + 1);
        }
    }

    private long Consume()
    {
        var total = 0L;
        for (var next = 0L; next < Volatile.Read(ref _counters.End);)
        {
            // Acquire: pairs with the release in Produce.
            var written = Volatile.Read(ref _counters.Written);
            for (; next < written; next++)
            {
                ref var slot = ref _slots[next & (Capacity - 1)];
                total += isAllWords ? slot.Sum() : slot.First;
                _clock.OnEvent(next);
            }

            Volatile.Write(ref _counters.Read, next);
        }

        return total;
    }
}

/// <summary>The counters of a <see cref="RawRing{T}"/>, each on a line of its own.</summary>
[StructLayout(LayoutKind.Explicit, Size = 512)]
internal sealed class RawRingCounters
{
    /// <summary>Events written; the producer's line.</summary>
    [FieldOffset(120)]
    public long Written;

    /// <summary>Events read; the consumer's line.</summary>
    [FieldOffset(248)]
    public long Read;

    /// <summary>Events to read in all.</summary>
    [FieldOffset(376)]
    public long End;
}
