using System.Globalization;
using ExecutionPipeline.HdrHistogram.Iteration;

namespace ExecutionPipeline.HdrHistogram.Output;

/// <summary>Comma-separated values with a line of column names.</summary>
internal sealed class CsvOutputFormatter(TextWriter writer, int significantDigits, double scalingRatio)
    : IOutputFormatter
{
    private readonly string _valueFormat = $"F{significantDigits}";

    public void WriteHeader() => writer.Write("\"Value\",\"Percentile\",\"TotalCount\",\"1/(1-Percentile)\"\n");

    public void WriteValue(HistogramIterationValue value)
    {
        var level = value.PercentileLevelIteratedTo / 100.0;
        var scaled = (value.ValueIteratedTo / scalingRatio).ToString(_valueFormat, CultureInfo.InvariantCulture);
        var inverse = value.IsLastValue()
            ? "Infinity"
            : (1 / (1.0 - level)).ToString("F2", CultureInfo.InvariantCulture);
        writer.Write(string.Create(
            CultureInfo.InvariantCulture,
            $"{scaled},{level:F12},{value.TotalCountToThisValue},{inverse}\n"));
    }

    public void WriteFooter(HistogramBase histogram)
    {
        // Comma-separated values have no place for totals.
    }
}
