using System.Diagnostics;
using ExecutionPipeline.HdrHistogram.Iteration;
using ExecutionPipeline.HdrHistogram.Output;

namespace ExecutionPipeline.HdrHistogram;

/// <summary>Statistics, iterations and output on top of a histogram's counts.</summary>
public static class HistogramExtensions
{
    /// <summary>The highest recorded value, as the highest of its slot; that of 0 when nothing is recorded.</summary>
    public static long GetMaxValue(this HistogramBase histogram)
        => histogram.HighestValueAtIndex(Math.Max(histogram.LastRecordedIndex(), 0));

    /// <summary>The lowest recorded value, as the lowest of its slot; 0 when nothing is recorded.</summary>
    public static long GetMinValue(this HistogramBase histogram)
    {
        for (var index = 0; index < histogram.CountsArrayLength; index++)
        {
            if (histogram.CountAtIndex(index) != 0)
                return histogram.LowestValueAtIndex(index);
        }

        return 0;
    }

    /// <summary>The mean of the recorded values, each taken as the middle of its slot; 0 when empty.</summary>
    public static double GetMean(this HistogramBase histogram)
    {
        var totalCount = histogram.TotalCount;
        if (totalCount == 0)
            return 0.0;

        // The sum of a long run's nanoseconds passes the range of a long.
        var sum = 0.0;
        for (var index = 0; index < histogram.CountsArrayLength; index++)
        {
            var count = histogram.CountAtIndex(index);
            if (count != 0)
                sum += (double)histogram.MedianValueAtIndex(index) * count;
        }

        return sum / totalCount;
    }

    /// <summary>The standard deviation of the recorded values (over all, not of a sample); 0 when empty.</summary>
    public static double GetStdDeviation(this HistogramBase histogram)
    {
        var totalCount = histogram.TotalCount;
        if (totalCount == 0)
            return 0.0;

        var mean = histogram.GetMean();
        var squares = 0.0;
        for (var index = 0; index < histogram.CountsArrayLength; index++)
        {
            var count = histogram.CountAtIndex(index);
            if (count == 0)
                continue;
            var deviation = histogram.MedianValueAtIndex(index) - mean;
            squares += deviation * deviation * count;
        }

        return Math.Sqrt(squares / totalCount);
    }

    /// <summary>The highest value that shares the slot of the given one.</summary>
    public static long HighestEquivalentValue(this HistogramBase histogram, long value)
        => histogram.NextNonEquivalentValue(value) - 1;

    /// <summary>Replaces the target's counts and time stamps by the source's.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The source covers values that the target cannot.</exception>
    public static void CopyInto(this HistogramBase source, HistogramBase targetHistogram)
    {
        targetHistogram.Reset();
        targetHistogram.Add(source);
        targetHistogram.StartTimeStamp = source.StartTimeStamp;
        targetHistogram.EndTimeStamp = source.EndTimeStamp;
    }

    /// <summary>
    /// Steps through percentiles: as many ticks as given in each half of what remains to 100 percent.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">There is not at least one tick.</exception>
    public static IEnumerable<HistogramIterationValue> Percentiles(
        this HistogramBase histogram, int percentileTicksPerHalfDistance)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(percentileTicksPerHalfDistance, 1);
        return new HistogramEnumerable(() => new PercentileEnumerator(histogram, percentileTicksPerHalfDistance));
    }

    /// <summary>Steps through ranges of values of the given width, up to the last recorded value.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The width is not at least 1.</exception>
    public static IEnumerable<HistogramIterationValue> LinearBucketValues(
        this HistogramBase histogram, long valueUnitsPerBucket)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(valueUnitsPerBucket, 1);
        return new HistogramEnumerable(() => new LinearEnumerator(histogram, valueUnitsPerBucket));
    }

    /// <summary>
    /// Steps through ranges of values up to the last recorded one: the first of the given width, and each ending
    /// at the given factor of where the one before ended.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The width is below 1, or the factor not above it.</exception>
    public static IEnumerable<HistogramIterationValue> LogarithmicBucketValues(
        this HistogramBase histogram, long valueUnitsInFirstBucket, double logBase)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(valueUnitsInFirstBucket, 1);
        if (!(logBase > 1.0 && double.IsFinite(logBase)))
            throw new ArgumentOutOfRangeException(nameof(logBase), logBase, "logBase must be a number above 1");
        return new HistogramEnumerable(
            () => new LogarithmicEnumerator(histogram, valueUnitsInFirstBucket, logBase));
    }

    /// <summary>Writes the percentiles, as text for plotting tools or as comma-separated values.</summary>
    /// <param name="histogram">The histogram to write.</param>
    /// <param name="writer">Where to.</param>
    /// <param name="percentileTicksPerHalfDistance">Lines for each half of what remains to 100 percent.</param>
    /// <param name="outputValueUnitScalingRatio">What values are divided by; 1 unless given.</param>
    /// <param name="useCsvFormat">Whether to write comma-separated values.</param>
    public static void OutputPercentileDistribution(
        this HistogramBase histogram,
        TextWriter writer,
        int percentileTicksPerHalfDistance = 5,
        double outputValueUnitScalingRatio = OutputScalingFactor.None,
        bool useCsvFormat = false)
    {
        var digits = histogram.NumberOfSignificantValueDigits;
        IOutputFormatter formatter = useCsvFormat
            ? new CsvOutputFormatter(writer, digits, outputValueUnitScalingRatio)
            : new HgrmOutputFormatter(writer, digits, outputValueUnitScalingRatio);
        try
        {
            formatter.WriteHeader();
            foreach (var value in histogram.Percentiles(percentileTicksPerHalfDistance))
                formatter.WriteValue(value);
            formatter.WriteFooter(histogram);
        }
        catch (ArgumentOutOfRangeException) when (histogram.HasOverflowed())
        {
            writer.Write("# Histogram counts indicate OVERFLOW values");
        }
    }

    /// <summary>Runs an action and records how long it took, in <see cref="Stopwatch"/> ticks.</summary>
    public static void Record(this IRecorder recorder, Action action)
    {
        var startTicks = Stopwatch.GetTimestamp();
        action();
        recorder.RecordValue(Stopwatch.GetTimestamp() - startTicks);
    }

    /// <summary>Records the time until the returned object is disposed of, in <see cref="Stopwatch"/> ticks.</summary>
    public static IDisposable RecordScope(this IRecorder recorder) => new RecordingScope(recorder);

    private sealed class RecordingScope(IRecorder recorder) : IDisposable
    {
        private readonly long _startTicks = Stopwatch.GetTimestamp();

        public void Dispose() => recorder.RecordValue(Stopwatch.GetTimestamp() - _startTicks);
    }
}
