namespace ExecutionPipeline.HdrHistogram.Encoding;

/// <summary>A snapshot of a histogram for an encoder.</summary>
internal sealed record RecordedData(
    int Cookie,
    int NumberOfSignificantValueDigits,
    long LowestDiscernibleValue,
    long HighestTrackableValue,
    long[] Counts) : IRecordedData
{
    public int NormalizingIndexOffset => 0;

    public double IntegerToDoubleValueConversionRatio => 1.0;
}
