using System.Diagnostics;

namespace ExecutionPipeline.Benchmarks.Rings;

/// <summary>Two handlers on two rings: each publishes to the other's ring what it has got from its own.</summary>
public static class PingPong
{
    private const int RingSize = 64;
    private const int RoundsPerChunk = 500;

    /// <summary>Plays for about so long.</summary>
    /// <returns>For each chunk of rounds, nanoseconds a round trip.</returns>
    public static double[] Run(TimeSpan time, Func<IWaitStrategy> newWaitStrategy)
    {
        using var pings = NewDisruptor(newWaitStrategy());
        using var pongs = NewDisruptor(newWaitStrategy());
        using var done = new ManualResetEventSlim();
        pings.HandleEventsWith(new Returner(pongs.RingBuffer));
        var server = new Server(pings.RingBuffer, time, done);
        pongs.HandleEventsWith(server);
        Task.WaitAll(pings.Start(), pongs.Start());

        Publish(pings.RingBuffer, 0);
        done.Wait();
        Task.WaitAll(pings.Halt(), pongs.Halt());

        return server.Clock.ChunksNs;
    }

    private static ValueDisruptor<Words64> NewDisruptor(IWaitStrategy waitStrategy)
    {
        return new ValueDisruptor<Words64>(
            () => default,
            RingSize,
            TaskScheduler.Current,
            ProducerType.Single,
            waitStrategy);
    }

    private static void Publish(ValueRingBuffer<Words64> ring, long value)
    {
        var sequence = ring.Next();
        ring[sequence].First = value;
        ring.Publish(sequence);
    }

    /// <summary>Public, so that the official library calls it directly too.</summary>
    public sealed class Returner(ValueRingBuffer<Words64> pongs) : IValueEventHandler<Words64>
    {
        public void OnEvent(ref Words64 data, long sequence, bool endOfBatch) => Publish(pongs, data.First);
    }

    /// <inheritdoc cref="Returner"/>
    public sealed class Server(ValueRingBuffer<Words64> pings, TimeSpan time, ManualResetEventSlim done)
        : IValueEventHandler<Words64>
    {
        private readonly long _start = Stopwatch.GetTimestamp();

        public ChunkClock Clock { get; } = new(RoundsPerChunk);

        public void OnEvent(ref Words64 data, long sequence, bool endOfBatch)
        {
            if (data.First != sequence)
                throw new InvalidOperationException($"got {data.First} in round {sequence}");

            Clock.OnEvent(sequence);
            if (sequence % RoundsPerChunk != 0 || Stopwatch.GetElapsedTime(_start) < time)
                Publish(pings, sequence + 1);
            else
                done.Set();
        }
    }
}
