using System.Diagnostics;

namespace ExecutionPipeline.Benchmarks.Streams;

/// <summary>Two threads on two streams: each sends to the other's stream what it has got from its own.</summary>
public sealed class RoundTrip : StreamPattern
{
    private const int MaxRounds = 1 << 20;

    private readonly double[] _roundsNs = new double[MaxRounds];
    private readonly LastValue _pinged = new();
    private readonly LastValue _ponged = new();
    private readonly BufferClaim _returnClaim = new();
    private readonly ExclusivePublication _pings;
    private readonly ExclusivePublication _pongs;
    private readonly Subscription _pingsSubscription;
    private readonly Subscription _pongsSubscription;

    /// <summary>Opens the two streams.</summary>
    public RoundTrip(string directory)
        : base(directory)
    {
        (_pings, _pingsSubscription) = Open(1, "1m");
        (_pongs, _pongsSubscription) = Open(2, "1m");
    }

    /// <summary>Round trips to begin in a second; 0: each as soon as the one before has ended.</summary>
    public int RoundsPerSecond { get; init; }

    /// <inheritdoc/>
    /// <returns>
    /// Nanoseconds of each round trip but the first, in which the other thread starts; at a rate, from the time at
    /// which it was to begin, so that a stall counts for all that it held up.
    /// </returns>
    public override double[] Run(TimeSpan time)
    {
        _pinged.Value = _ponged.Value = End;
        var rounds = 0;
        RunBoth(() => rounds = Play(time), Return);
        return _roundsNs[1..rounds];
    }

    private int Play(TimeSpan time)
    {
        var round = 0;
        var start = Stopwatch.GetTimestamp();
        var last = start;
        for (var end = start + time.Ticks * Stopwatch.Frequency / TimeSpan.TicksPerSecond; last < end || round < 2;)
        {
            var intended = RoundsPerSecond == 0 ? last : start + round * Stopwatch.Frequency / RoundsPerSecond;
            while (last < intended)
                last = Stopwatch.GetTimestamp();

            Claim(_pings, round);
            while (_ponged.Value != round)
                Poll(_pongsSubscription, _ponged, fragmentLimit: 1);

            last = Stopwatch.GetTimestamp();
            _roundsNs[round] = (last - intended) * NsPerTick;
            if (++round == MaxRounds)
                break;
        }

        Claim(_pings, End);
        return round;
    }

    private void Return()
    {
        for (var returned = End; ;)
        {
            Poll(_pingsSubscription, _pinged, fragmentLimit: 1);
            if (_pinged.Value == returned)
                continue;

            returned = _pinged.Value;
            if (returned == End)
                return;

            Claim(_pongs, _returnClaim, returned);
        }
    }

    private sealed class LastValue : IFragmentHandler
    {
        public long Value { get; set; }

        public void OnFragment(IDirectBuffer buffer, int offset, int length, Header header) =>
            Value = buffer.GetLong(offset);
    }
}
