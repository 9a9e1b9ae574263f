namespace ExecutionPipeline.Native;

/// <summary>
/// Nanoseconds since the Unix epoch that run with a monotonic clock. Where the wall clock was is looked at every
/// <see cref="CheckIntervalNs"/>; a difference is made up for at <see cref="SlewDivisor"/>'s rate, so that this time
/// never runs backwards, never stands still and never jumps. Any thread may read it.
/// </summary>
/// <typeparam name="TSource">Where the time comes from; a struct, so that calls to it are direct.</typeparam>
public sealed class AnchoredClock<TSource>
    where TSource : IClockSource
{
    /// <summary>The most time between two looks at the wall clock, for a clock that is read, in nanoseconds.</summary>
    public const long CheckIntervalNs = 1_000_000;

    /// <summary>A nanosecond of difference is made up for in so many nanoseconds: 1 % of the time.</summary>
    public const long SlewDivisor = 100;

    /// <summary>A change of the wall clock from which on it counts as a step, in nanoseconds.</summary>
    public const long LeastStepNs = 1_000_000;

    private readonly TSource _source;
    private Anchor _anchor;
    private long _nextCheckNs;
    private long _stepCount;
    private long _lastStepNs;
    private int _isChecking;

    /// <summary>A clock that shows the wall clock's time.</summary>
    public AnchoredClock(TSource source)
    {
        _source = source;
        var offsetNs = source.MeasureWallOffsetNs(out _);
        var nowNs = source.MonotonicNs();
        _anchor = new Anchor(nowNs, offsetNs, offsetNs);
        _nextCheckNs = nowNs + CheckIntervalNs;
    }

    /// <summary>How often the wall clock was stepped by <see cref="LeastStepNs"/> or more.</summary>
    public long StepCount => Volatile.Read(ref _stepCount);

    /// <summary>By how much the wall clock was last stepped, in nanoseconds; 0 while it was not.</summary>
    public long LastStepNs => Volatile.Read(ref _lastStepNs);

    /// <summary>The time now.</summary>
    public long NowNs()
    {
        var monotonicNs = _source.MonotonicNs();
        // Partner: the write in Check.
        if (monotonicNs - Volatile.Read(ref _nextCheckNs) >= 0)
            Check(monotonicNs);

        // Partner: the write in Check.
        return monotonicNs + Volatile.Read(ref _anchor).OffsetNs(monotonicNs);
    }

    /// <summary>
    /// How far the wall clock is ahead of this one, in nanoseconds: 0 unless a difference is being slewed in.
    /// </summary>
    public long WallAheadNs()
    {
        // Partner: the write in Check.
        var anchor = Volatile.Read(ref _anchor);
        return anchor.IsSettled ? 0 : anchor.WallOffsetNs - anchor.OffsetNs(_source.MonotonicNs());
    }

    /// <summary>
    /// Goes on from a moment that may be ahead of this clock: from there it runs down to the wall clock as it does
    /// behind a step. Before anybody relies on how much time passes between two readings.
    /// </summary>
    /// <param name="timeNs">In nanoseconds since the Unix epoch.</param>
    /// <returns>How far ahead that moment was, in nanoseconds; 0: it had passed, and nothing is changed.</returns>
    public long GoOnFrom(long timeNs)
    {
        // Who checks meanwhile is done in a moment. Partner: the write in Check.
        while (Interlocked.Exchange(ref _isChecking, 1) != 0)
            Thread.SpinWait(1);

        var monotonicNs = _source.MonotonicNs();
        var anchor = _anchor;
        var offsetNs = anchor.OffsetNs(monotonicNs);
        var aheadNs = Math.Max(0, timeNs - (monotonicNs + offsetNs));
        // Partner: the reads in NowNs and WallAheadNs.
        if (aheadNs > 0)
            Volatile.Write(ref _anchor, new Anchor(monotonicNs, offsetNs + aheadNs, anchor.WallOffsetNs));
        // Partner: the exchanges here and in Check.
        Volatile.Write(ref _isChecking, 0);
        return aheadNs;
    }

    // Whoever comes second goes on with the time as it was.
    private void Check(long monotonicNs)
    {
        if (Interlocked.Exchange(ref _isChecking, 1) != 0)
            return;

        // Partner: the read in NowNs.
        Volatile.Write(ref _nextCheckNs, monotonicNs + CheckIntervalNs);
        var anchor = _anchor;
        var wallOffsetNs = _source.MeasureWallOffsetNs(out var uncertaintyNs);
        var stepNs = wallOffsetNs - anchor.WallOffsetNs;
        var isMoved = Math.Abs(stepNs) > uncertaintyNs;
        var offsetNs = anchor.OffsetNs(monotonicNs);
        if (isMoved || (!anchor.IsSettled && offsetNs == anchor.WallOffsetNs))
        {
            var targetNs = isMoved ? wallOffsetNs : anchor.WallOffsetNs;
            // Partner: the reads in NowNs and WallAheadNs.
            Volatile.Write(ref _anchor, new Anchor(monotonicNs, offsetNs, targetNs));
        }

        if (Math.Abs(stepNs) >= LeastStepNs + uncertaintyNs)
        {
            // The count is written last, so that whoever sees it sees the step: the partners are the properties.
            Volatile.Write(ref _lastStepNs, stepNs);
            Volatile.Write(ref _stepCount, _stepCount + 1);
        }

        Volatile.Write(ref _isChecking, 0);
    }

    /// <summary>
    /// From one moment of the monotonic clock on: what is added to it, and what is to be added in the end.
    /// </summary>
    private sealed class Anchor(long fromNs, long offsetNs, long wallOffsetNs)
    {
        public readonly long WallOffsetNs = wallOffsetNs;
        public readonly bool IsSettled = offsetNs == wallOffsetNs;

        public long OffsetNs(long monotonicNs) => IsSettled ? WallOffsetNs : SlewedOffsetNs(monotonicNs);

        private long SlewedOffsetNs(long monotonicNs)
        {
            // Another thread's reading can be from just before this anchor.
            var mostNs = Math.Max(0, monotonicNs - fromNs) / SlewDivisor;
            return offsetNs + Math.Clamp(WallOffsetNs - offsetNs, -mostNs, mostNs);
        }
    }
}
