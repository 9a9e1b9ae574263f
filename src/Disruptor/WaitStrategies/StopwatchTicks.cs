using System.Diagnostics;

namespace ExecutionPipeline.Disruptor;

/// <summary>Times in the unit of <see cref="Stopwatch.GetTimestamp"/>.</summary>
internal static class StopwatchTicks
{
    public static long From(TimeSpan time) => (long)(time.TotalSeconds * Stopwatch.Frequency);
}
