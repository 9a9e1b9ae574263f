using System.Diagnostics;
using System.Runtime.InteropServices;

namespace ExecutionPipeline.Benchmarks.Paired;

/// <summary>
/// Two threads that bounce a number: what the machine allows at this moment. The distance of two cores changes within
/// seconds, and everything measured between them changes with it.
/// </summary>
internal static class RawRoundTrip
{
    private const int RoundsPerChunk = 50;
    private const long Stop = -1;
    private static readonly TimeSpan Time = TimeSpan.FromMilliseconds(4);

    /// <summary>The round trip in nanoseconds: the median of short chunks.</summary>
    public static double MeasureNs()
    {
        var line = new Lines();
        var server = Task.Factory.StartNew(() => Return(line), TaskCreationOptions.LongRunning);
        var chunksNs = new List<double>();
        var start = Stopwatch.GetTimestamp();
        var round = 0L;
        while (Stopwatch.GetElapsedTime(start) < Time)
        {
            var chunkStart = Stopwatch.GetTimestamp();
            round = PlayChunk(line, round);
            chunksNs.Add(Stopwatch.GetElapsedTime(chunkStart).TotalNanoseconds / RoundsPerChunk);
        }

        Volatile.Write(ref line.Ping, Stop);
        server.Wait();
        chunksNs.Sort();
        return chunksNs[chunksNs.Count / 2];
    }

    private static long PlayChunk(Lines line, long round)
    {
        for (var end = round + RoundsPerChunk; round < end;)
        {
            // Release and acquire: each pairs with the other in Return.
            Volatile.Write(ref line.Ping, ++round);
            while (Volatile.Read(ref line.Pong) != round)
            {
            }
        }

        return round;
    }

    private static void Return(Lines line)
    {
        var last = 0L;
        while (last != Stop)
        {
            // Acquire and release: each pairs with the other in PlayChunk.
            var ping = Volatile.Read(ref line.Ping);
            if (ping == last)
                continue;

            Volatile.Write(ref line.Pong, ping);
            last = ping;
        }
    }

    /// <summary>A cache line for each direction, as two rings have.</summary>
    [StructLayout(LayoutKind.Explicit, Size = 384)]
    private sealed class Lines
    {
        [FieldOffset(120)]
        public long Ping;

        [FieldOffset(248)]
        public long Pong;
    }
}
