using System.Diagnostics;

namespace ExecutionPipeline.Benchmarks.Streams;

/// <summary>
/// Two threads bounce a value through two cache lines, without any stream: what the machine and an idle driver make of
/// a round trip, so that their share in a stream's tail can be told.
/// </summary>
public sealed class Bounce : StreamPattern
{
    private const int MaxRounds = 1 << 21;
    private const int Ping = 32;
    private const int Pong = 96;

    private readonly double[] _roundsNs = new double[MaxRounds];
    private readonly long[] _lines = new long[128];

    /// <summary>Connects as every pattern does, and opens no stream.</summary>
    public Bounce(string directory)
        : base(directory)
    {
    }

    /// <inheritdoc/>
    /// <returns>Nanoseconds of each round trip but the first, in which the other thread starts.</returns>
    public override double[] Run(TimeSpan time)
    {
        _lines[Ping] = _lines[Pong] = 0;
        var rounds = 0;
        RunBoth(() => rounds = Play(time), Return);
        return _roundsNs[1..rounds];
    }

    private int Play(TimeSpan time)
    {
        var round = 0;
        var last = Stopwatch.GetTimestamp();
        var end = last + time.Ticks * Stopwatch.Frequency / TimeSpan.TicksPerSecond;
        while ((last < end || round < 2) && round < MaxRounds)
        {
            Volatile.Write(ref _lines[Ping], round + 1);
            while (Volatile.Read(ref _lines[Pong]) != round + 1)
            {
            }

            var now = Stopwatch.GetTimestamp();
            _roundsNs[round++] = (now - last) * NsPerTick;
            last = now;
        }

        Volatile.Write(ref _lines[Ping], End);
        return round;
    }

    private void Return()
    {
        for (var returned = 0L; returned != End;)
        {
            var value = Volatile.Read(ref _lines[Ping]);
            if (value == returned)
                continue;

            returned = value;
            Volatile.Write(ref _lines[Pong], value);
        }
    }
}
