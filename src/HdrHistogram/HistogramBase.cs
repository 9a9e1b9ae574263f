using System.Numerics;

namespace ExecutionPipeline.HdrHistogram;

/// <summary>
/// A histogram of integer values with a fixed relative precision over a wide range (High Dynamic Range).
/// </summary>
/// <remarks>
/// Counts live in one array. The first bucket has a slot per unit up to the sub-bucket count (a power of two
/// that resolves the wanted number of decimal digits); each further bucket covers twice the range of the one
/// before with half as many slots, each twice as wide. So a value's slot follows from the position of its
/// highest bit and the few bits below it, with no search and no floating point.
/// </remarks>
public abstract partial class HistogramBase : IRecorder
{
    // A sum of the sub-bucket and unit magnitudes beyond this leaves no non-negative value for the first bucket.
    private const int MagnitudeMax = 62;

    // Counts down, and recorders' ids up, so that the two never meet. Drawn with one interlocked step, no partner.
    private static long _lastInstanceId = -1;

    private readonly int _subBucketHalfCountMagnitude;
    private readonly int _unitMagnitude;
    private readonly int _shiftWithoutLeadingZeros;
    private readonly long _subBucketMask;
    private string? _tag;

    /// <summary>Makes a histogram with an instance id that no other histogram made so has.</summary>
    /// <inheritdoc cref="HistogramBase(long, long, long, int)"/>
    protected HistogramBase(
        long lowestTrackableValue, long highestTrackableValue, int numberOfSignificantValueDigits)
        : this(
            Interlocked.Decrement(ref _lastInstanceId),
            lowestTrackableValue,
            highestTrackableValue,
            numberOfSignificantValueDigits)
    {
    }

    /// <summary>Makes a histogram.</summary>
    /// <param name="instanceId">Identifies the histogram, so that a recorder knows its own.</param>
    /// <param name="lowestTrackableValue">
    /// The lowest value to tell from 0, at least 1; rounded down to a power of two inside. 1000 for values in
    /// nanoseconds of which only microseconds matter.
    /// </param>
    /// <param name="highestTrackableValue">The highest value to track, at least twice the lowest.</param>
    /// <param name="numberOfSignificantValueDigits">Decimal digits to which values are kept apart, 0 to 5.</param>
    /// <exception cref="ArgumentException">An argument is outside the range stated for it.</exception>
    protected HistogramBase(
        long instanceId, long lowestTrackableValue, long highestTrackableValue, int numberOfSignificantValueDigits)
    {
        Validate(lowestTrackableValue, highestTrackableValue, numberOfSignificantValueDigits);

        InstanceId = instanceId;
        LowestTrackableValue = lowestTrackableValue;
        HighestTrackableValue = highestTrackableValue;
        NumberOfSignificantValueDigits = numberOfSignificantValueDigits;

        _unitMagnitude = BitOperations.Log2((ulong)lowestTrackableValue);
        var subBucketCountMagnitude = SubBucketCountMagnitude(numberOfSignificantValueDigits);
        if (_unitMagnitude + subBucketCountMagnitude > MagnitudeMax)
        {
            throw new ArgumentException(
                $"lowestTrackableValue {lowestTrackableValue} leaves no room for "
                + $"{numberOfSignificantValueDigits} significant digits above it",
                nameof(lowestTrackableValue));
        }

        SubBucketCount = 1 << subBucketCountMagnitude;
        SubBucketHalfCount = SubBucketCount / 2;
        _subBucketHalfCountMagnitude = subBucketCountMagnitude - 1;
        _subBucketMask = (SubBucketCount - 1L) << _unitMagnitude;
        _shiftWithoutLeadingZeros = 63 - _subBucketHalfCountMagnitude;
        BucketCount = BucketsNeededToCover(highestTrackableValue);
        CountsArrayLength = (BucketCount + 1) * SubBucketHalfCount;
    }

    /// <summary>Identifies the histogram; those of one recorder share an id.</summary>
    public long InstanceId { get; }

    /// <summary>The highest value the histogram was asked to track.</summary>
    public long HighestTrackableValue { get; }

    /// <summary>The lowest value, apart from 0, that the histogram was asked to tell apart.</summary>
    public long LowestTrackableValue { get; }

    /// <summary>Decimal digits to which values are kept apart.</summary>
    public int NumberOfSignificantValueDigits { get; }

    /// <summary>When recording began: by convention milliseconds since 1970-01-01 UTC.</summary>
    public long StartTimeStamp { get; set; }

    /// <summary>When recording ended: by convention milliseconds since 1970-01-01 UTC.</summary>
    public long EndTimeStamp { get; set; }

    /// <summary>A name that tells the histogram's line in a log from others; null for none.</summary>
    /// <exception cref="ArgumentException">The tag holds a comma, a space or a line break.</exception>
    public string? Tag
    {
        get => _tag;
        set
        {
            if (value.AsSpan().ContainsAny(", \r\n"))
                throw new ArgumentException("Tag string cannot contain commas, spaces, or line breaks.", nameof(value));
            _tag = value;
        }
    }

    /// <summary>Which sample a percentile names when it falls between two.</summary>
    public PercentileRank PercentileRank { get; set; }

    /// <summary>How many values have been recorded.</summary>
    public abstract long TotalCount { get; protected set; }

    /// <summary>How many power-of-two ranges the counts are kept in.</summary>
    public int BucketCount { get; }

    /// <summary>How many slots the first range has; the others have half as many.</summary>
    public int SubBucketCount { get; }

    internal int SubBucketHalfCount { get; }

    /// <summary>How many slots there are in all.</summary>
    internal int CountsArrayLength { get; }

    /// <summary>Bytes one slot takes in memory.</summary>
    protected abstract int WordSizeInBytes { get; }

    /// <summary>The highest count that one slot holds.</summary>
    protected abstract long MaxAllowableCount { get; }

    /// <summary>Makes an independent histogram with the same settings, counts, tag and time stamps.</summary>
    public abstract HistogramBase Copy();

    /// <summary>An estimate, rather too high than too low, of the memory that the histogram takes, in bytes.</summary>
    public virtual int GetEstimatedFootprintInBytes() => 512 + WordSizeInBytes * CountsArrayLength;

    private static void Validate(long lowest, long highest, int digits)
    {
        if (lowest < 1)
            throw new ArgumentException("lowestTrackableValue must be >= 1", "lowestTrackableValue");

        // Halving the one cannot overflow where doubling the other could.
        if (highest / 2 < lowest)
        {
            throw new ArgumentException(
                "highestTrackableValue must be >= 2 * lowestTrackableValue", "highestTrackableValue");
        }

        if (digits is < 0 or > 5)
        {
            throw new ArgumentException(
                "numberOfSignificantValueDigits must be between 0 and 5", "numberOfSignificantValueDigits");
        }
    }

    private static int SubBucketCountMagnitude(int significantDigits)
    {
        // Unit steps up to 2 * 10^digits keep the relative error within 10^-digits from there on.
        var singleUnitResolutionMax = 2;
        for (var digit = 0; digit < significantDigits; digit++)
            singleUnitResolutionMax *= 10;
        return BitOperations.Log2((uint)(singleUnitResolutionMax - 1)) + 1;
    }

    private int BucketsNeededToCover(long value)
    {
        // A bucket more than this could hold no non-negative value; without it a negative value's slot lies
        // beyond the array, so that the array's own bounds check is all that recording needs.
        var bucketsMax = _shiftWithoutLeadingZeros - _unitMagnitude;
        var covered = _subBucketMask;
        var buckets = 1;
        while (covered < value && buckets < bucketsMax)
        {
            covered <<= 1;
            buckets++;
        }

        return buckets;
    }
}
