namespace ExecutionPipeline.HdrHistogram;

/// <summary>What values are recorded into: a histogram, or a <see cref="Recorder"/> that swaps histograms.</summary>
public interface IRecorder
{
    /// <summary>Counts one occurrence of a value.</summary>
    /// <param name="value">The value, in the recorder's own unit.</param>
    /// <exception cref="IndexOutOfRangeException">The value is negative or beyond the range covered.</exception>
    void RecordValue(long value);

    /// <summary>Counts several occurrences of a value.</summary>
    /// <param name="value">The value, in the recorder's own unit.</param>
    /// <param name="count">How many occurrences to add.</param>
    /// <exception cref="IndexOutOfRangeException">The value is negative or beyond the range covered.</exception>
    void RecordValueWithCount(long value, long count);

    /// <summary>
    /// Counts a value together with the values that a stalled sampler would have missed: one every
    /// <paramref name="expectedIntervalBetweenValueSamples"/> below it (correction for coordinated omission).
    /// </summary>
    /// <param name="value">The value, in the recorder's own unit.</param>
    /// <param name="expectedIntervalBetweenValueSamples">The sampling interval, in the same unit; 0 for none.</param>
    /// <exception cref="IndexOutOfRangeException">The value is negative or beyond the range covered.</exception>
    void RecordValueWithExpectedInterval(long value, long expectedIntervalBetweenValueSamples);
}
