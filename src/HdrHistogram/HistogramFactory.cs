namespace ExecutionPipeline.HdrHistogram;

/// <summary>
/// Builds histograms and recorders: first the size of a count, then range and precision, then whether several
/// threads write or another thread reads.
/// </summary>
public abstract class HistogramFactory
{
    private HistogramFactory()
    {
    }

    /// <summary>The lowest value to tell from 0; 1 unless set.</summary>
    protected long LowestTrackableValue { get; set; } = 1;

    /// <summary>The highest value to track; ten minutes of stopwatch ticks unless set.</summary>
    protected long HighestTrackableValue { get; set; } = TimeStamp.Minutes(10);

    /// <summary>Decimal digits to which values are kept apart; 3 unless set.</summary>
    protected int NumberOfSignificantValueDigits { get; set; } = 3;

    /// <summary>Begins a histogram with 64-bit counts.</summary>
    public static HistogramFactory With64BitBucketSize() => new Kind(
        (id, low, high, digits) => new LongHistogram(id, low, high, digits),
        (low, high, digits) => new LongHistogram(low, high, digits),
        () => new Kind(
            (id, low, high, digits) => new LongConcurrentHistogram(id, low, high, digits),
            (low, high, digits) => new LongConcurrentHistogram(low, high, digits)));

    /// <summary>Begins a histogram with 32-bit counts.</summary>
    public static HistogramFactory With32BitBucketSize() => new Kind(
        (id, low, high, digits) => new IntHistogram(id, low, high, digits),
        (low, high, digits) => new IntHistogram(low, high, digits),
        () => new Kind(
            (id, low, high, digits) => new IntConcurrentHistogram(id, low, high, digits),
            (low, high, digits) => new IntConcurrentHistogram(low, high, digits)));

    /// <summary>Begins a histogram with 16-bit counts.</summary>
    public static HistogramFactory With16BitBucketSize() => new Kind(
        (id, low, high, digits) => new ShortHistogram(id, low, high, digits),
        (low, high, digits) => new ShortHistogram(low, high, digits),
        () => throw new NotSupportedException("Short(16bit) Histograms do not support thread safe writes."));

    /// <summary>Lets several threads record at once.</summary>
    /// <exception cref="NotSupportedException">Counts have 16 bits.</exception>
    public abstract HistogramFactory WithThreadSafeWrites();

    /// <summary>Lets a thread read while others record, by building recorders from here on.</summary>
    public abstract RecorderFactory WithThreadSafeReads();

    /// <summary>Makes a histogram with the given settings, whatever was set before.</summary>
    /// <exception cref="ArgumentException">The settings are not those of a histogram.</exception>
    public abstract HistogramBase Create(
        long lowestDiscernibleValue, long highestTrackableValue, int numberOfSignificantValueDigits);

    /// <summary>Makes a histogram with the given instance id and settings, whatever was set before.</summary>
    /// <exception cref="ArgumentException">The settings are not those of a histogram.</exception>
    public abstract HistogramBase Create(
        long instanceId,
        long lowestDiscernibleValue,
        long highestTrackableValue,
        int numberOfSignificantValueDigits);

    /// <summary>Makes a histogram.</summary>
    /// <exception cref="ArgumentException">The settings are not those of a histogram.</exception>
    public HistogramBase Create()
        => Create(LowestTrackableValue, HighestTrackableValue, NumberOfSignificantValueDigits);

    /// <summary>Sets the lowest value to tell from 0.</summary>
    public HistogramFactory WithValuesFrom(long lowestDiscernibleValue)
    {
        LowestTrackableValue = lowestDiscernibleValue;
        return this;
    }

    /// <summary>Sets the highest value to track.</summary>
    public HistogramFactory WithValuesUpTo(long highestTrackableValue)
    {
        HighestTrackableValue = highestTrackableValue;
        return this;
    }

    /// <summary>Sets the decimal digits to which values are kept apart.</summary>
    public HistogramFactory WithPrecisionOf(int numberOfSignificantValueDigits)
    {
        NumberOfSignificantValueDigits = numberOfSignificantValueDigits;
        return this;
    }

    /// <summary>Builds recorders.</summary>
    public sealed class RecorderFactory
    {
        private readonly HistogramFactory _histograms;

        internal RecorderFactory(HistogramFactory histograms) => _histograms = histograms;

        /// <summary>Makes a recorder.</summary>
        /// <exception cref="ArgumentException">The settings are not those of a histogram.</exception>
        public Recorder Create() => new(
            _histograms.LowestTrackableValue,
            _histograms.HighestTrackableValue,
            _histograms.NumberOfSignificantValueDigits,
            _histograms.Create);
    }

    private sealed class Kind(
        HistogramFactoryDelegate createWithId,
        Func<long, long, int, HistogramBase> create,
        Func<Kind>? concurrent = null) : HistogramFactory
    {
        public override HistogramFactory WithThreadSafeWrites()
        {
            if (concurrent is null)
                return this;

            var kind = concurrent();
            kind.LowestTrackableValue = LowestTrackableValue;
            kind.HighestTrackableValue = HighestTrackableValue;
            kind.NumberOfSignificantValueDigits = NumberOfSignificantValueDigits;
            return kind;
        }

        public override RecorderFactory WithThreadSafeReads() => new(this);

        public override HistogramBase Create(
            long lowestDiscernibleValue, long highestTrackableValue, int numberOfSignificantValueDigits)
            => create(lowestDiscernibleValue, highestTrackableValue, numberOfSignificantValueDigits);

        public override HistogramBase Create(
            long instanceId,
            long lowestDiscernibleValue,
            long highestTrackableValue,
            int numberOfSignificantValueDigits)
            => createWithId(
                instanceId, lowestDiscernibleValue, highestTrackableValue, numberOfSignificantValueDigits);
    }
}
