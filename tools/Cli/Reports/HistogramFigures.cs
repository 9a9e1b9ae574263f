using ExecutionPipeline.Cli.Histograms;

namespace ExecutionPipeline.Cli.Reports;

/// <summary>What the reports take from a histogram, and its form as text.</summary>
public static class HistogramFigures
{
    private const int PointsPerHalving = 10;

    // The plot has these exactly, so that what it reads out there is what the tables say.
    private static readonly double[] ShownPercentiles = [50, 90, 99, 99.9, 99.99];

    /// <summary>The percentiles that the reports show; zeros where nothing was recorded.</summary>
    public static LatencySummary Summarise(HistogramBase histogram)
    {
        ArgumentNullException.ThrowIfNull(histogram);
        if (histogram.TotalCount == 0)
            return new LatencySummary();

        return new LatencySummary
        {
            Count = histogram.TotalCount,
            Mean = Math.Round(histogram.GetMean(), 1),
            P50 = histogram.ValueAt(50),
            P90 = histogram.ValueAt(90),
            P99 = histogram.ValueAt(99),
            P999 = histogram.ValueAt(99.9),
            P9999 = histogram.ValueAt(99.99),
            Max = histogram.GetMaxValue(),
        };
    }

    /// <summary>The line of the percentile plot.</summary>
    public static PercentileCurve CurveOf(StageHistogram stage)
    {
        ArgumentNullException.ThrowIfNull(stage);
        if (stage.Histogram.TotalCount == 0)
            return new PercentileCurve(stage.Name, []);

        var points = stage.Histogram.Percentiles(PointsPerHalving)
            .Select(value => new PercentilePoint(value.PercentileLevelIteratedTo, value.ValueIteratedTo))
            .Concat(ShownPercentiles.Select(
                percentile => new PercentilePoint(percentile, stage.Histogram.GetValueAtPercentile(percentile))));
        return new PercentileCurve(
            stage.Name, [.. points.OrderBy(point => point.Percentile).ThenBy(point => point.ValueNs)]);
    }

    /// <summary>The histogram as HdrHistogram's compressed V2 encoding in base64.</summary>
    public static string Encode(HistogramBase histogram)
    {
        ArgumentNullException.ThrowIfNull(histogram);
        var buffer = ByteBuffer.Allocate(histogram.GetNeededByteBufferCapacity());
        var length = histogram.EncodeIntoCompressedByteBuffer(buffer);
        var bytes = new byte[length];
        buffer.Position = 0;
        for (var i = 0; i < length; i++)
            bytes[i] = buffer.Get();
        return Convert.ToBase64String(bytes);
    }

    /// <summary>Reads what <see cref="Encode"/> wrote.</summary>
    /// <exception cref="FormatException">The text is no base64, or what it holds is no whole histogram.</exception>
    public static HistogramBase Decode(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        try
        {
            return HistogramEncoding.DecodeFromCompressedByteBuffer(
                ByteBuffer.Allocate(Convert.FromBase64String(text)), 0);
        }
        catch (Exception problem) when (IsDamage(problem))
        {
            throw new FormatException($"not a histogram: {problem.Message}", problem);
        }
    }

    /// <summary>Whether a problem is one that the library finds in what it reads.</summary>
    public static bool IsDamage(Exception problem) => problem is FormatException or ArgumentException
        or NotSupportedException or InvalidDataException or IndexOutOfRangeException;
}
