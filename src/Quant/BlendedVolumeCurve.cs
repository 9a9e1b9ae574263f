namespace ExecutionPipeline.Quant;

/// <summary>
/// How a day's volume is spread over its session: an average day's curve from history, into which what has traded today
/// is blended. The position in a session is counted in buckets from its open: 2.5 is the middle of the third.
/// </summary>
/// <remarks>
/// With <c>H</c> the share of an average day that has passed, <c>D</c> the volume of an average day and <c>V</c>
/// today's volume so far, a whole day is expected to have <c>E = (1 - H) D + H (V / H)</c>: what today extrapolates to,
/// weighted by how much of the day has been seen, and history for the rest. The day's total is expected to be
/// <c>V + (1 - H) E</c>; what is still to come is spread as in history. The curve always begins at 0 and ends at 1.
/// </remarks>
public sealed class BlendedVolumeCurve
{
    private readonly double[] _historyUntil;
    private readonly double[] _today;
    private readonly double _averageVolume;
    private double _todayVolume;
    private double _now;

    /// <param name="averageDay">Volume by bucket of an average day; at least one is above 0, none below.</param>
    /// <exception cref="ArgumentException">A volume is negative or no number, or all are 0.</exception>
    public BlendedVolumeCurve(ReadOnlySpan<double> averageDay)
    {
        _historyUntil = new double[averageDay.Length + 1];
        _today = new double[averageDay.Length];
        for (var i = 0; i < averageDay.Length; i++)
        {
            if (!(averageDay[i] >= 0 && double.IsFinite(averageDay[i])))
                throw new ArgumentException($"the volume of bucket {i} is {averageDay[i]}, not 0 or more");

            _historyUntil[i + 1] = _historyUntil[i] + averageDay[i];
        }

        _averageVolume = _historyUntil[^1];
        if (!(_averageVolume > 0))
            throw new ArgumentException("an average day must have volume");

        for (var i = 0; i < _historyUntil.Length; i++)
            _historyUntil[i] /= _averageVolume;
    }

    /// <summary>Buckets of a session.</summary>
    public int Buckets => _today.Length;

    /// <summary>Volume that has traded today.</summary>
    public double TodayVolume => _todayVolume;

    /// <summary>What the whole day is expected to have.</summary>
    public double ExpectedVolume => _todayVolume + ToCome(Buckets);

    /// <summary>Begins a day: nothing has traded.</summary>
    public void StartDay()
    {
        Array.Clear(_today);
        (_todayVolume, _now) = (0, 0);
    }

    /// <summary>
    /// Time passes without a trade. Positions before the latest one and outside the session are cut off.
    /// </summary>
    public void PassTime(double position) => _now = Math.Max(_now, Inside(position));

    /// <summary>A trade of today.</summary>
    public void AddTrade(double position, double quantity)
    {
        PassTime(position);
        _today[Math.Min((int)Inside(position), Buckets - 1)] += quantity;
        _todayVolume += quantity;
    }

    /// <summary>
    /// Share of the day's expected volume until a position, in [0, 1]; 0 at the open and 1 at the close.
    /// </summary>
    public double ShareUntil(double position)
    {
        position = Inside(position);
        if (position == 0)
            return 0;
        if (position == Buckets)
            return 1;

        return (position <= _now ? TradedUntil(position) : _todayVolume + ToCome(position)) / ExpectedVolume;
    }

    /// <summary>Volume that is expected from a position to another one; what has traded already is known.</summary>
    public double VolumeBetween(double from, double to) => (ShareUntil(to) - ShareUntil(from)) * ExpectedVolume;

    /// <summary>What is expected to trade from now until a position.</summary>
    private double ToCome(double position)
    {
        var seen = HistoryUntil(_now);
        var wholeDay = (1 - seen) * _averageVolume + _todayVolume;
        return Math.Max(0, HistoryUntil(position) - seen) * wholeDay;
    }

    /// <summary>Within a bucket that has passed its volume is taken as even.</summary>
    private double TradedUntil(double position)
    {
        var bucket = Math.Min((int)position, Buckets - 1);
        var traded = 0.0;
        for (var i = 0; i < bucket; i++)
            traded += _today[i];

        var passed = Math.Min(_now - bucket, 1);
        return passed > 0 ? traded + _today[bucket] * (position - bucket) / passed : traded;
    }

    private double HistoryUntil(double position)
    {
        var bucket = Math.Min((int)position, Buckets - 1);
        return _historyUntil[bucket] + (position - bucket) * (_historyUntil[bucket + 1] - _historyUntil[bucket]);
    }

    private double Inside(double position) => double.IsNaN(position) ? 0 : Math.Clamp(position, 0, Buckets);
}
