using ExecutionPipeline.Cli.Histograms;

namespace ExecutionPipeline.Cli.Reports;

/// <summary>What the reports take from a histogram.</summary>
public static class HistogramFigures
{
    private const int PointsPerHalving = 10;

    // The plot has these exactly, so that what it reads out there is what the tables say.
    private static readonly double[] ShownPercentiles = [50, 90, 99, 99.9, 99.99];

    /// <summary>The percentiles that the reports show; zeros where nothing was recorded.</summary>
    public static LatencySummary Summarise(HistogramBase histogram)
    {
        var values = Distribution.Of(histogram);
        return new LatencySummary
        {
            Count = values.Count,
            Mean = Math.Round(values.Mean, 1),
            P50 = values.ValueAt(50),
            P90 = values.ValueAt(90),
            P99 = values.ValueAt(99),
            P999 = values.ValueAt(99.9),
            P9999 = values.ValueAt(99.99),
            Max = values.Max,
        };
    }

    /// <summary>
    /// The distribution of the later of independent delays: how long whoever needs all of them waits. It counts as many
    /// values as the shortest of the histograms.
    /// </summary>
    public static LatencySummary SummariseLater(IReadOnlyList<HistogramBase> delays)
    {
        ArgumentNullException.ThrowIfNull(delays);
        Distribution[] each = [.. delays.Select(Distribution.Of).Where(values => values.Count > 0)];
        if (each.Length == 0)
            return new LatencySummary();

        long[] values = [.. each.SelectMany(one => one.Values).Distinct().Order()];
        double[] shares = [.. values.Select(value => each.Aggregate(1.0, (all, one) => all * one.ShareUpTo(value)))];
        return new LatencySummary
        {
            Count = each.Min(one => one.Count),
            Mean = Math.Round(values.Select((value, i) => value * (shares[i] - (i == 0 ? 0 : shares[i - 1]))).Sum(), 1),
            P50 = ValueAt(0.5),
            P90 = ValueAt(0.9),
            P99 = ValueAt(0.99),
            P999 = ValueAt(0.999),
            P9999 = ValueAt(0.9999),
            Max = values[^1],
        };

        long ValueAt(double share) => values[Array.FindIndex(shares, found => found >= Math.BitDecrement(share))];
    }

    /// <summary>The line of the percentile plot.</summary>
    public static PercentileCurve CurveOf(StageHistogram stage)
    {
        ArgumentNullException.ThrowIfNull(stage);
        var values = Distribution.Of(stage.Histogram);
        if (values.Count == 0)
            return new PercentileCurve(stage.Name, []);

        var points = values.Rows(PointsPerHalving)
            .Select(row => new PercentilePoint(row.Percentile, row.Value))
            .Concat(ShownPercentiles.Select(
                percentile => new PercentilePoint(percentile, values.ValueAt(percentile))));
        return new PercentileCurve(
            stage.Name, [.. points.OrderBy(point => point.Percentile).ThenBy(point => point.ValueNs)]);
    }
}

/// <summary>The latencies of one stage.</summary>
/// <param name="Name">As the JSON names it: "end_to_end", "inference", "platform_hiccup" and so on.</param>
/// <param name="Histogram">Nanoseconds.</param>
public sealed record StageHistogram(string Name, HistogramBase Histogram);

/// <summary>A line of the percentile plot.</summary>
/// <param name="Name">The stage, as the JSON names it: "end_to_end" and so on.</param>
/// <param name="Points">Ascending in percentile.</param>
public sealed record PercentileCurve(string Name, IReadOnlyList<PercentilePoint> Points);

/// <summary>A point of a percentile plot.</summary>
/// <param name="Percentile">[0, 100].</param>
/// <param name="ValueNs">The latency that this share of the events did not exceed.</param>
public readonly record struct PercentilePoint(double Percentile, long ValueNs);
