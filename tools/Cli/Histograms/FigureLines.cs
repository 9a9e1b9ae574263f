using System.Globalization;
using ExecutionPipeline.Cli.CommandLine;
using ExecutionPipeline.Cli.Reports;

namespace ExecutionPipeline.Cli.Histograms;

/// <summary>The figures of histograms as lines: text in microseconds, comma-separated values in nanoseconds.</summary>
public static class FigureLines
{
    private const int TicksPerHalving = 5;

    /// <summary>The names over <see cref="Csv"/>; times are seconds, the start since 1970.</summary>
    public const string CsvHeader =
        "tag,start_s,length_s,count,mean_ns,p50_ns,p90_ns,p99_ns,p99_9_ns,p99_99_ns,max_ns";

    /// <summary>The names over <see cref="PercentilesCsv"/>.</summary>
    public const string PercentilesCsvHeader = "tag,percentile,value_ns,count_up_to_it";

    /// <summary>
    /// Columns that a line of <see cref="Text"/> takes; a narrow one has its figures in lines of their own.
    /// </summary>
    public static int TextColumns { get; } = TextHeader(isNarrow: false).Length;

    /// <summary>The names over <see cref="Text"/>.</summary>
    public static string TextHeader(bool isNarrow) => Line(
        "start s", "length s", "tag", ["count", "mean us", "p50", "p90", "p99", "p99.9", "p99.99", "max"], isNarrow);

    /// <summary>Count, mean, percentiles and maximum, in microseconds.</summary>
    public static string[] Cells(HistogramBase histogram)
    {
        var figures = HistogramFigures.Summarise(histogram);
        double[] values =
            [figures.Mean, figures.P50, figures.P90, figures.P99, figures.P999, figures.P9999, figures.Max];
        return [ReportNames.Count(figures.Count), .. values.Select(ReportNames.Microseconds)];
    }

    /// <summary>
    /// An interval; its start counts from the log's. If narrow, its figures are in two lines below it.
    /// </summary>
    public static string Text(HistogramBase interval, long logStartMs, bool isNarrow)
    {
        ArgumentNullException.ThrowIfNull(interval);
        return Line(
            Seconds(interval.StartTimeStamp - logStartMs),
            Seconds(interval.EndTimeStamp - interval.StartTimeStamp),
            PrintableText.Escape(TagTotals.NameOf(interval)),
            Cells(interval),
            isNarrow);
    }

    /// <summary>A histogram, with when it began and how long it lasted.</summary>
    public static string Csv(HistogramBase histogram)
    {
        ArgumentNullException.ThrowIfNull(histogram);
        var figures = HistogramFigures.Summarise(histogram);
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{CsvTag(histogram)},{Seconds(histogram.StartTimeStamp)},"
            + $"{Seconds(histogram.EndTimeStamp - histogram.StartTimeStamp)},{figures.Count},{figures.Mean},"
            + $"{figures.P50},{figures.P90},{figures.P99},{figures.P999},{figures.P9999},{figures.Max}");
    }

    /// <summary>A histogram's percentile distribution, a line a percentile.</summary>
    public static IEnumerable<string> PercentilesCsv(HistogramBase histogram)
    {
        ArgumentNullException.ThrowIfNull(histogram);
        return Distribution.Of(histogram).Rows(TicksPerHalving).Select(row => string.Create(
            CultureInfo.InvariantCulture,
            $"{CsvTag(histogram)},{row.Percentile},{row.Value},{row.CountUpToIt}"));
    }

    private static string Line(string start, string length, string tag, string[] cells, bool isNarrow)
    {
        if (!isNarrow)
            return $"{start,12} {length,9}  {tag,-18}{Figures(cells, 11)}";

        var half = cells.Length / 2;
        return $"{start,12} {length,9}  {tag}\n    {Figures(cells[..half], 17)}\n    {Figures(cells[half..], 17)}";
    }

    private static string Figures(string[] cells, int width) =>
        string.Concat(cells.Select(cell => " " + cell.PadLeft(width)));

    private static string Seconds(long ms) => (ms / 1000m).ToString("0.000", CultureInfo.InvariantCulture);

    // No tag has a comma, as a log has none within a field.
    private static string CsvTag(HistogramBase histogram) =>
        histogram.Tag is { } tag && tag.Contains('"') ? $"\"{tag.Replace("\"", "\"\"")}\"" : histogram.Tag ?? "";
}
