namespace ExecutionPipeline.HdrHistogram;

/// <summary>Makes a histogram.</summary>
/// <param name="instanceId">Identifies the histogram, so that a recorder knows its own.</param>
/// <param name="lowestDiscernibleValue">The lowest value to tell from 0.</param>
/// <param name="highestTrackableValue">The highest value to track.</param>
/// <param name="numberOfSignificantValueDigits">Decimal digits to which values are kept apart, 0 to 5.</param>
public delegate HistogramBase HistogramFactoryDelegate(
    long instanceId, long lowestDiscernibleValue, long highestTrackableValue, int numberOfSignificantValueDigits);
