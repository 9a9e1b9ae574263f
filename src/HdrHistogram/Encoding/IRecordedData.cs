namespace ExecutionPipeline.HdrHistogram.Encoding;

/// <summary>What an encoder writes of a histogram.</summary>
public interface IRecordedData
{
    /// <summary>Identifies the format and its version.</summary>
    int Cookie { get; }

    /// <summary>By how many slots the counts were shifted; 0, as shifting is not offered.</summary>
    int NormalizingIndexOffset { get; }

    /// <summary>Decimal digits to which values are kept apart.</summary>
    int NumberOfSignificantValueDigits { get; }

    /// <summary>The lowest value, apart from 0, that is told apart.</summary>
    long LowestDiscernibleValue { get; }

    /// <summary>The highest value tracked.</summary>
    long HighestTrackableValue { get; }

    /// <summary>What values are to be multiplied by; 1, as histograms of doubles are not offered.</summary>
    double IntegerToDoubleValueConversionRatio { get; }

    /// <summary>The counts up to the last slot that has one.</summary>
    long[] Counts { get; }
}
