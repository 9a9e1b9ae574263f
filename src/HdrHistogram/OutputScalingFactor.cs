using System.Diagnostics;

namespace ExecutionPipeline.HdrHistogram;

/// <summary>What recorded values are divided by on output.</summary>
public static class OutputScalingFactor
{
    /// <summary>Values as they were recorded.</summary>
    public const double None = 1.0;

    /// <summary>From <see cref="Stopwatch"/> ticks to microseconds.</summary>
    public static readonly double TimeStampToMicroseconds = Stopwatch.Frequency / 1_000_000.0;

    /// <summary>From <see cref="Stopwatch"/> ticks to milliseconds.</summary>
    public static readonly double TimeStampToMilliseconds = Stopwatch.Frequency / 1_000.0;

    /// <summary>From <see cref="Stopwatch"/> ticks to seconds.</summary>
    public static readonly double TimeStampToSeconds = Stopwatch.Frequency;
}
