namespace ExecutionPipeline.HdrHistogram.Utilities;

/// <summary>Between <see cref="DateTime"/> and time since 1970-01-01 UTC.</summary>
public static class UnixTimeExtensions
{
    /// <summary>Seconds since 1970-01-01 UTC.</summary>
    /// <exception cref="ArgumentException">The time does not say whether it is local or universal.</exception>
    public static double SecondsSinceUnixEpoch(this DateTime source)
        => TicksSinceUnixEpoch(source) / (double)TimeSpan.TicksPerSecond;

    /// <summary>Whole milliseconds since 1970-01-01 UTC.</summary>
    /// <exception cref="ArgumentException">The time does not say whether it is local or universal.</exception>
    public static long MillisecondsSinceUnixEpoch(this DateTime source)
        => TicksSinceUnixEpoch(source) / TimeSpan.TicksPerMillisecond;

    /// <summary>The universal time that is the given number of seconds after 1970-01-01.</summary>
    public static DateTime ToDateFromSecondsSinceEpoch(this double secondsSinceUnixEpoch)
        => DateTime.UnixEpoch.AddTicks((long)Math.Round(secondsSinceUnixEpoch * TimeSpan.TicksPerSecond));

    /// <summary>The universal time that is the given number of milliseconds after 1970-01-01.</summary>
    public static DateTime ToDateFromMillisecondsSinceEpoch(this long millisecondsSinceUnixEpoch)
        => DateTime.UnixEpoch.AddTicks(millisecondsSinceUnixEpoch * TimeSpan.TicksPerMillisecond);

    private static long TicksSinceUnixEpoch(DateTime source)
    {
        if (source.Kind == DateTimeKind.Unspecified)
            throw new ArgumentException("DateTime must have kind specified.", nameof(source));
        return source.ToUniversalTime().Ticks - DateTime.UnixEpoch.Ticks;
    }
}
