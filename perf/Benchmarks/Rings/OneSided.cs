using System.Diagnostics;

namespace ExecutionPipeline.Benchmarks.Rings;

/// <summary>
/// What a ring costs one thread while nobody is at its other end. It needs one core only, so it can be measured on a
/// machine that has other work to do.
/// </summary>
public static class OneSided
{
    private const int RingSize = 4096;

    /// <summary>Claims, writes a word and publishes, to a ring without consumers.</summary>
    /// <returns>For each lap of the ring, nanoseconds an event.</returns>
    public static double[] Publish(TimeSpan time)
    {
        var ring = ValueRingBuffer<Words128>.CreateSingleProducer(() => default, RingSize, new BusySpinWaitStrategy());
        var clock = new ChunkClock(RingSize);
        var start = Stopwatch.GetTimestamp();
        for (var value = 0L; value % RingSize != 0 || Stopwatch.GetElapsedTime(start) < time; value++)
        {
            clock.OnEvent(value);
            var sequence = ring.Next();
            ring[sequence].First = value;
            ring.Publish(sequence);
        }

        return clock.ChunksNs;
    }

    /// <summary>Handles a full ring, again and again.</summary>
    /// <returns>For each lap of the ring, nanoseconds an event.</returns>
    public static double[] Consume(TimeSpan time)
    {
        var ring = ValueRingBuffer<Words128>.CreateSingleProducer(() => default, RingSize, new BlockingWaitStrategy());
        var lapsNs = new List<double>();
        var handler = new LapHandler(RingSize);
        var barrier = ring.NewBarrier(SequenceWaiterOwner.Unknown);
        using var processor = EventProcessorFactory.Create(ring, barrier, handler);
        ring.AddGatingSequences(processor.Sequence);

        var start = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(start) < time)
        {
            ring.Publish(ring.Next(RingSize));
            processor.Start(TaskScheduler.Default);
            handler.LapEnded.Wait();
            processor.Halt().Wait();
            lapsNs.Add(handler.LapNs);
            handler.LapEnded.Reset();
        }

        return [.. lapsNs];
    }

    /// <summary>Public, so that the official library calls it directly too.</summary>
    public sealed class LapHandler(int lapEvents) : IValueEventHandler<Words128>
    {
        private long _start;
        private long _total;

        public ManualResetEventSlim LapEnded { get; } = new();

        public double LapNs { get; private set; }

        public long Total => _total;

        public void OnStart() => _start = Stopwatch.GetTimestamp();

        public void OnEvent(ref Words128 data, long sequence, bool endOfBatch)
        {
            _total += data.First;
            if (!endOfBatch)
                return;

            LapNs = (Stopwatch.GetTimestamp() - _start) * 1e9 / Stopwatch.Frequency / lapEvents;
            LapEnded.Set();
        }
    }
}
