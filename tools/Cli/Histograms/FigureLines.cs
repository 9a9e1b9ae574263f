using System.Globalization;
using System.Text;
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

/// <summary>
/// The percentile plot in characters: across, each nine is as wide as the one before (logarithmic in 1/(1-p)); up,
/// the values, logarithmic too.
/// </summary>
public static class TerminalPlot
{
    private const int Columns = 64;
    private const int Rows = 14;
    private const int LabelWidth = 13;

    /// <summary>Two histograms in one plot: A, B, and * where both are.</summary>
    public static IReadOnlyList<string> Lines(HistogramBase baseline, HistogramBase candidate)
    {
        ArgumentNullException.ThrowIfNull(baseline);
        ArgumentNullException.ThrowIfNull(candidate);

        // To where one value of the larger histogram stands for the rest.
        var rarest = Math.Max(1, Math.Log10(Math.Max(1, Math.Max(baseline.TotalCount, candidate.TotalCount))));
        var (left, right) = (ValuesOf(baseline, rarest), ValuesOf(candidate, rarest));

        // The single lowest value, in the first column, would take half of the height.
        var low = Math.Log10(Math.Max(1, Math.Min(left[1], right[1])));
        var high = Math.Max(Math.Log10(Math.Max(1, Math.Max(left.Max(), right.Max()))), low + 0.01);

        var cells = new char[Rows, Columns];
        for (var column = 0; column < Columns; column++)
        {
            var (a, b) = (RowOf(left[column]), RowOf(right[column]));
            cells[a, column] = 'A';
            cells[b, column] = a == b ? '*' : 'B';
        }

        return [.. Enumerable.Range(0, Rows).Select(LineOf), .. AxisOf(rarest)];

        int RowOf(long value) =>
            (int)Math.Round((high - Math.Max(low, Math.Log10(Math.Max(1, value)))) / (high - low) * (Rows - 1));

        string LineOf(int row)
        {
            var value = Math.Pow(10, high - (high - low) * row / (Rows - 1));
            var line = Enumerable.Range(0, Columns).Select(column => cells[row, column]);
            return $"{ReportNames.Microseconds(value),LabelWidth} |{string.Concat(line).Replace('\0', ' ')}".TrimEnd();
        }
    }

    private static long[] ValuesOf(HistogramBase histogram, double rarest)
    {
        var values = Distribution.Of(histogram);
        return
        [
            .. Enumerable.Range(0, Columns).Select(column => values.ValueAt(
                100 * (1 - Math.Pow(10, -rarest * column / (Columns - 1))))),
        ];
    }

    private static string[] AxisOf(double rarest)
    {
        var labels = new StringBuilder();
        for (var nines = 0; nines <= rarest; nines++)
        {
            var text = nines switch
            {
                0 => "0 %",
                1 => "90",
                _ => "99" + (nines == 2 ? "" : "." + new string('9', nines - 2)),
            };
            var column = (int)(nines / rarest * (Columns - 1));
            if (column > labels.Length || nines == 0)
                labels.Append(' ', column - labels.Length).Append(text);
        }

        var indent = new string(' ', LabelWidth + 1);
        return [$"{indent}+{new string('-', Columns)}", $"{indent} {labels}"];
    }
}
