using System.Globalization;
using ExecutionPipeline.HdrHistogram.Iteration;

namespace ExecutionPipeline.HdrHistogram.Output;

/// <summary>The fixed-width text that HdrHistogram's plotting tools read (.hgrm).</summary>
internal sealed class HgrmOutputFormatter(TextWriter writer, int significantDigits, double scalingRatio)
    : IOutputFormatter
{
    private readonly string _valueFormat = $"F{significantDigits}";

    public void WriteHeader()
        => writer.Write($"{"Value",12} {"Percentile",14} {"TotalCount",10} {"1/(1-Percentile)",14}\n\n");

    public void WriteValue(HistogramIterationValue value)
    {
        var level = value.PercentileLevelIteratedTo / 100.0;
        writer.Write(string.Create(
            CultureInfo.InvariantCulture,
            $"{Scaled(value.ValueIteratedTo)} {level:F12} {value.TotalCountToThisValue,10}"));

        // The inverse of what is left to 1 is infinite on the last line, so it is left out there.
        if (!value.IsLastValue())
            writer.Write(string.Create(CultureInfo.InvariantCulture, $" {1 / (1.0 - level),14:F2}"));
        writer.Write('\n');
    }

    public void WriteFooter(HistogramBase histogram)
    {
        writer.Write($"#[Mean    = {Scaled(histogram.GetMean())}, ");
        writer.Write($"StdDeviation   = {Scaled(histogram.GetStdDeviation())}]\n");
        writer.Write($"#[Max     = {Scaled(histogram.GetMaxValue())}, ");
        writer.Write(string.Create(
            CultureInfo.InvariantCulture, $"Total count    = {histogram.TotalCount,12}]\n"));
        writer.Write(string.Create(
            CultureInfo.InvariantCulture,
            $"#[Buckets = {histogram.BucketCount,12}, SubBuckets     = {histogram.SubBucketCount,12}]\n"));
    }

    private string Scaled(double value)
        => (value / scalingRatio).ToString(_valueFormat, CultureInfo.InvariantCulture).PadLeft(12);
}
