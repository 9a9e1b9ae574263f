using ExecutionPipeline.HdrHistogram.Utilities;

namespace ExecutionPipeline.HdrHistogram;

/// <summary>
/// Records values while another thread takes the histogram of each interval, with no value lost or counted
/// twice, and without ever making the recording thread wait.
/// </summary>
/// <remarks>
/// Two histograms take turns. A sample exchanges them and waits until recordings into the former one have
/// ended. How many threads may record at once is up to the histograms that the factory makes.
/// </remarks>
public class Recorder : IRecorder
{
    private static readonly TimeSpan WriterPollPeriod = TimeSpan.FromMilliseconds(0.5);

    // Drawn with one interlocked step, which needs no partner.
    private static long _lastInstanceId;

    private readonly Lock _gate = new();
    private readonly long _instanceId = Interlocked.Increment(ref _lastInstanceId);
    private readonly WriterReaderPhaser _phaser = new();
    private readonly HistogramFactoryDelegate _histogramFactory;
    private HistogramBase _active;
    private HistogramBase? _inactive;

    /// <summary>Makes a recorder.</summary>
    /// <param name="lowestDiscernibleValue">The lowest value to tell from 0.</param>
    /// <param name="highestTrackableValue">The highest value to track.</param>
    /// <param name="numberOfSignificantValueDigits">Decimal digits to which values are kept apart, 0 to 5.</param>
    /// <param name="histogramFactory">Makes the histograms that take turns.</param>
    /// <exception cref="ArgumentException">The settings are not those of a histogram.</exception>
    public Recorder(
        long lowestDiscernibleValue,
        long highestTrackableValue,
        int numberOfSignificantValueDigits,
        HistogramFactoryDelegate histogramFactory)
    {
        ArgumentNullException.ThrowIfNull(histogramFactory);
        _histogramFactory = histogramFactory;
        _active = histogramFactory(
            _instanceId, lowestDiscernibleValue, highestTrackableValue, numberOfSignificantValueDigits);
        _inactive = NewLikeActive();
        _active.StartTimeStamp = DateTime.UtcNow.MillisecondsSinceUnixEpoch();
    }

    /// <inheritdoc/>
    public void RecordValue(long value)
    {
        var entered = _phaser.WriterCriticalSectionEnter();
        try
        {
            _active.RecordValue(value);
        }
        finally
        {
            _phaser.WriterCriticalSectionExit(entered);
        }
    }

    /// <inheritdoc/>
    public void RecordValueWithCount(long value, long count)
    {
        var entered = _phaser.WriterCriticalSectionEnter();
        try
        {
            _active.RecordValueWithCount(value, count);
        }
        finally
        {
            _phaser.WriterCriticalSectionExit(entered);
        }
    }

    /// <inheritdoc/>
    public void RecordValueWithExpectedInterval(long value, long expectedIntervalBetweenValueSamples)
    {
        var entered = _phaser.WriterCriticalSectionEnter();
        try
        {
            _active.RecordValueWithExpectedInterval(value, expectedIntervalBetweenValueSamples);
        }
        finally
        {
            _phaser.WriterCriticalSectionExit(entered);
        }
    }

    /// <summary>Takes the histogram of the interval since the last sample, and begins a new interval.</summary>
    public HistogramBase GetIntervalHistogram() => GetIntervalHistogram(null);

    /// <summary>
    /// Takes the histogram of the interval since the last sample, and begins a new interval; a loop that hands
    /// back the histogram before allocates none.
    /// </summary>
    /// <param name="histogramToRecycle">One taken from this recorder before, to be used again; or null.</param>
    /// <exception cref="InvalidOperationException">The histogram to use again is not from this recorder.</exception>
    public HistogramBase GetIntervalHistogram(HistogramBase? histogramToRecycle)
    {
        lock (_gate)
        {
            ValidateIsOwn(histogramToRecycle);
            _inactive = histogramToRecycle ?? _inactive;
            var sample = TakeSample();

            // Whoever has the sample may keep it, so it takes part again only when it is handed back.
            _inactive = null;
            return sample;
        }
    }

    /// <summary>
    /// Copies the histogram of the interval since the last sample over another, and begins a new interval.
    /// </summary>
    /// <param name="targetHistogram">Where to; its counts and time stamps are replaced.</param>
    /// <exception cref="ArgumentOutOfRangeException">The target does not cover the recorder's range.</exception>
    public void GetIntervalHistogramInto(HistogramBase targetHistogram)
    {
        ArgumentNullException.ThrowIfNull(targetHistogram);
        lock (_gate)
        {
            // A target that cannot take the sample is refused while the sample is still being recorded.
            ArgumentOutOfRangeException.ThrowIfLessThan(
                targetHistogram.HighestTrackableValue, _active.HighestTrackableValue, nameof(targetHistogram));
            TakeSample().CopyInto(targetHistogram);
        }
    }

    /// <summary>Forgets all values recorded so far.</summary>
    public void Reset()
    {
        lock (_gate)
            TakeSample().Reset();
    }

    private HistogramBase NewLikeActive() => _histogramFactory(
        _instanceId,
        _active.LowestTrackableValue,
        _active.HighestTrackableValue,
        _active.NumberOfSignificantValueDigits);

    private HistogramBase TakeSample()
    {
        _phaser.ReaderLock();
        try
        {
            var next = _inactive ?? NewLikeActive();
            next.Reset();
            var sample = _active;
            var nowMs = DateTime.UtcNow.MillisecondsSinceUnixEpoch();
            next.StartTimeStamp = nowMs;

            // Pairs with the interlocked increment at the start of a recording: one that begins after the flip
            // sees the new histogram.
            Volatile.Write(ref _active, next);
            _inactive = sample;
            sample.EndTimeStamp = nowMs;

            // A recording that began before may have read the former histogram and still be at it.
            _phaser.FlipPhase(WriterPollPeriod);
            return sample;
        }
        finally
        {
            _phaser.ReaderUnlock();
        }
    }

    private void ValidateIsOwn(HistogramBase? histogram)
    {
        if (histogram is null)
            return;
        if (histogram.InstanceId != _instanceId || ReferenceEquals(histogram, _active))
        {
            throw new InvalidOperationException(
                "Replacement histogram must have been obtained via a previous GetIntervalHistogram() call "
                + $"from this {GetType().Name} instance");
        }
    }
}
