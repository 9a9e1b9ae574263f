using System.Text;
using ExecutionPipeline.Cli.Reports;

namespace ExecutionPipeline.Cli.Histograms;

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
