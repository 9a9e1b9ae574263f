using System.Globalization;

namespace ExecutionPipeline.Cli.Demo;

/// <summary>What a run says when somebody set the system's clock meanwhile.</summary>
public static class ClockSteps
{
    private const double SecondNs = 1e9;

    /// <summary>Lines for the terminal; none where the clock was left alone.</summary>
    /// <param name="steps">How often it was stepped.</param>
    /// <param name="lastStepNs">By how much the last time, in nanoseconds; negative for backwards.</param>
    public static IReadOnlyList<string> Describe(long steps, long lastStepNs)
    {
        if (steps == 0)
            return [];

        var last = (lastStepNs / SecondNs).ToString("+0.###;-0.###", CultureInfo.InvariantCulture);
        var times = steps == 1 ? $"once, by {last} s" : $"{steps} times, last by {last} s";
        return [$"the system's time was stepped {times}:", "the pipeline's time ran on and follows at 1 %"];
    }
}
