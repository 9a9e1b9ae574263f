using System.Globalization;
using ExecutionPipeline.Cli.CommandLine;
using ExecutionPipeline.Cli.Histograms;

namespace ExecutionPipeline.Cli.Reports;

/// <summary>The whole percentile distributions as text, in microseconds, in HdrHistogram's usual form.</summary>
public static class PercentileText
{
    private const int TicksPerHalving = 5;
    private const double NanosPerMicro = 1000;

    /// <summary>Writes the distributions to a file, over what was there.</summary>
    public static void Write(string path, IReadOnlyList<StageHistogram> stages)
    {
        using var file = new WholeFile(path);
        using (var writer = new StreamWriter(file.Stream))
            Write(writer, stages);
        file.Complete();
    }

    /// <summary>Writes the distributions one after the other, each under its name.</summary>
    public static void Write(TextWriter writer, IReadOnlyList<StageHistogram> stages)
    {
        ArgumentNullException.ThrowIfNull(writer);
        ArgumentNullException.ThrowIfNull(stages);
        foreach (var stage in stages)
        {
            writer.WriteLine($"{PrintableText.Escape(ReportNames.Words(stage.Name))}, us");
            var values = Distribution.Of(stage.Histogram);
            if (values.Count > 0)
                Write(writer, stage.Histogram, values);
            else
                writer.WriteLine("nothing was recorded");
            writer.WriteLine();
        }
    }

    private static void Write(TextWriter writer, HistogramBase histogram, Distribution values)
    {
        var digits = "0." + new string('0', histogram.NumberOfSignificantValueDigits);
        writer.WriteLine($"{"Value",12} {"Percentile",14} {"TotalCount",10} {"1/(1-Percentile)",14}");
        writer.WriteLine();
        foreach (var row in values.Rows(TicksPerHalving))
        {
            var value = Scaled(row.Value).ToString(digits, CultureInfo.InvariantCulture);
            var share = row.Percentile / 100;
            var rarity = row.Percentile < 100 ? Text($" {1 / (1 - share),14:0.00}") : "";
            writer.WriteLine(Text($"{value,12} {share:0.000000000000} {row.CountUpToIt,10}{rarity}"));
        }

        var (mean, deviation) = (Scaled(values.Mean), Scaled(values.StandardDeviation));
        writer.WriteLine(Text($"#[Mean    = {mean,12:0.000}, StdDeviation   = {deviation,12:0.000}]"));
        writer.WriteLine(Text($"#[Max     = {Scaled(values.Max),12:0.000}, Total count    = {values.Count,12}]"));
        var (buckets, slots) = (histogram.BucketCount, histogram.SubBucketCount);
        writer.WriteLine(Text($"#[Buckets = {buckets,12}, SubBuckets     = {slots,12}]"));
    }

    private static double Scaled(double nanoseconds) => nanoseconds / NanosPerMicro;

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
