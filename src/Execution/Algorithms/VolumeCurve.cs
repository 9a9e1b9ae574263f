namespace ExecutionPipeline.Execution.Algorithms;

/// <summary>How the volume of a usual day is spread over its time.</summary>
public interface IVolumeCurve
{
    /// <summary>Share of a day's volume that usually trades from one time to a later one; 0 or more.</summary>
    double ShareBetween(long fromNs, long toNs);
}

/// <summary>A day of 24 hours in equal buckets, each with its share of the volume.</summary>
public sealed class VolumeCurve : IVolumeCurve
{
    private const long DayNs = 86_400_000_000_000;

    private readonly double[] _cumulative;
    private readonly long _originNs;
    private readonly double _bucketNs;

    /// <param name="volumes">Of each bucket, in any unit; not negative, and not all 0.</param>
    /// <param name="originNs">When the first bucket begins after midnight, UTC.</param>
    /// <exception cref="ArgumentException">There is no volume, or it is negative or not a number.</exception>
    public VolumeCurve(ReadOnlySpan<double> volumes, long originNs = 0)
    {
        _cumulative = new double[volumes.Length + 1];
        for (var i = 0; i < volumes.Length; i++)
        {
            if (!double.IsFinite(volumes[i]) || volumes[i] < 0)
                throw new ArgumentException($"The volume of bucket {i} is {volumes[i]}: it must be 0 or more.");
            _cumulative[i + 1] = _cumulative[i] + volumes[i];
        }

        var total = _cumulative[^1];
        if (!(total > 0) || !double.IsFinite(total))
            throw new ArgumentException("A volume curve needs a bucket with a volume.");
        for (var i = 0; i < _cumulative.Length; i++)
            _cumulative[i] /= total;
        _originNs = originNs;
        _bucketNs = (double)DayNs / volumes.Length;
    }

    /// <summary>As much at any time as at any other: for where nothing is known.</summary>
    public static VolumeCurve Even { get; } = new([1.0]);

    public double ShareBetween(long fromNs, long toNs)
    {
        var (fromDay, fromShare) = Grown(fromNs);
        var (toDay, toShare) = Grown(toNs);
        return Math.Max(0, toDay - fromDay + (toShare - fromShare));
    }

    /// <summary>
    /// Days since the epoch, and the share of the day's volume. Apart, because together little would be left of the
    /// digits of some seconds' share.
    /// </summary>
    private (long Day, double Share) Grown(long timeNs)
    {
        var (day, restNs) = Math.DivRem(timeNs - _originNs, DayNs);
        if (restNs < 0)
            (day, restNs) = (day - 1, restNs + DayNs);

        var place = restNs / _bucketNs;
        var bucket = Math.Min((int)place, _cumulative.Length - 2);
        var within = (place - bucket) * (_cumulative[bucket + 1] - _cumulative[bucket]);
        return (day, _cumulative[bucket] + within);
    }
}
