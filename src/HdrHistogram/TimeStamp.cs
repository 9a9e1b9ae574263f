using System.Diagnostics;

namespace ExecutionPipeline.HdrHistogram;

/// <summary>Durations in <see cref="Stopwatch"/> ticks, to state a histogram's range in.</summary>
public static class TimeStamp
{
    /// <summary>Ticks in the given number of seconds.</summary>
    public static long Seconds(long seconds) => Stopwatch.Frequency * seconds;

    /// <summary>Ticks in the given number of minutes.</summary>
    public static long Minutes(long minutes) => Seconds(60 * minutes);

    /// <summary>Ticks in the given number of hours.</summary>
    public static long Hours(int hours) => Minutes(60L * hours);
}
