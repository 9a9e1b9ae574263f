using System.Diagnostics;
using ExecutionPipeline.Benchmarks.Rings;

namespace ExecutionPipeline.Benchmarks.Queues;

/// <summary>The ring's patterns, as far as queues can play them, on the framework's queues.</summary>
internal static class QueuePatterns
{
    private const int Capacity = 65_536;
    private const int EventsPerChunk = 4 * Capacity;
    private const int RoundsPerChunk = 500;

    /// <summary>Each queue's way to play the pattern; empty when queues cannot.</summary>
    public static IReadOnlyDictionary<string, Func<TimeSpan, double[]>> Of(string pattern) => pattern switch
    {
        "1p1c-128-few" or "1p1c-128-all" => new Dictionary<string, Func<TimeSpan, double[]>>
        {
            ["raw"] = time => new RawRing<Words128>(pattern == "1p1c-128-all").Run(time),
            ["channel"] = time => Stream(new ChannelQueue<Words128>(Capacity), time),
            ["blocking"] = time => Stream(new BlockingCollectionQueue<Words128>(Capacity), time),
            ["dataflow"] = time => Stream(new DataflowQueue<Words128>(Capacity), time),
        },
        "ping-pong" => new Dictionary<string, Func<TimeSpan, double[]>>
        {
            ["channel"] = time => PingPong(() => new ChannelQueue<long>(64), time),
            ["blocking"] = time => PingPong(() => new BlockingCollectionQueue<long>(64), time),
            ["dataflow"] = time => PingPong(() => new DataflowQueue<long>(64), time),
        },
        _ => new Dictionary<string, Func<TimeSpan, double[]>>(),
    };

    private static double[] Stream(IQueue<Words128> queue, TimeSpan time)
    {
        var clock = new ChunkClock(EventsPerChunk);
        var consumer = Task.Factory.StartNew(() => Consume(queue, clock), TaskCreationOptions.LongRunning);
        var start = Stopwatch.GetTimestamp();
        var value = 0L;
        for (; value % EventsPerChunk != 0 || Stopwatch.GetElapsedTime(start) < time; value++)
            queue.Add(new Words128 { First = value });

        queue.Add(new Words128 { First = -1 });
        if (consumer.Result != value)
            throw new InvalidOperationException($"{consumer.Result} events arrived, {value} were sent");

        return clock.ChunksNs;
    }

    private static long Consume(IQueue<Words128> queue, ChunkClock clock)
    {
        for (var expected = 0L; ; expected++)
        {
            var value = queue.Take().First;
            if (value < 0)
                return expected;

            if (value != expected)
                throw new InvalidOperationException($"got {value}, expected {expected}");

            clock.OnEvent(value);
        }
    }

    private static double[] PingPong(Func<IQueue<long>> newQueue, TimeSpan time)
    {
        var (pings, pongs) = (newQueue(), newQueue());
        var returner = Task.Factory.StartNew(() => Return(pings, pongs), TaskCreationOptions.LongRunning);
        var clock = new ChunkClock(RoundsPerChunk);
        var start = Stopwatch.GetTimestamp();
        for (var round = 0L; round % RoundsPerChunk != 0 || Stopwatch.GetElapsedTime(start) < time; round++)
        {
            pings.Add(round);
            if (pongs.Take() != round)
                throw new InvalidOperationException($"round {round} was lost");

            clock.OnEvent(round);
        }

        pings.Add(-1);
        returner.Wait();
        return clock.ChunksNs;
    }

    private static void Return(IQueue<long> pings, IQueue<long> pongs)
    {
        while (pings.Take() is var ping and >= 0)
            pongs.Add(ping);
    }
}
