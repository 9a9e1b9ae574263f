using System.Text.Json;
using System.Text.Json.Serialization;

namespace ExecutionPipeline.HdrHistogram.Tests.Support;

/// <summary>The statistics of one histogram, as another implementation computed them.</summary>
internal sealed record ExpectedInterval(
    int Interval,
    int Digits,
    string Tag,
    long Total,
    long Min,
    long Max,
    double Mean,
    [property: JsonPropertyName("stddev")] double StdDeviation,
    [property: JsonPropertyName("p50")] long P50,
    [property: JsonPropertyName("p90")] long P90,
    [property: JsonPropertyName("p99")] long P99,
    [property: JsonPropertyName("p99_9")] long P999,
    [property: JsonPropertyName("p99_99")] long P9999)
{
    // The reference values are written with six decimals.
    private const double Tolerance = 1e-6;

    internal static ExpectedInterval[] Parse(string json)
        => JsonSerializer.Deserialize<ExpectedInterval[]>(json, JsonSerializerOptions.Web)!;

    internal void AssertMatches(HistogramBase histogram)
    {
        using (Assert.EnterMultipleScope())
        {
            Assert.That(histogram.NumberOfSignificantValueDigits, Is.EqualTo(Digits));
            Assert.That(histogram.TotalCount, Is.EqualTo(Total));
            Assert.That(histogram.GetMinValue(), Is.EqualTo(Min));
            Assert.That(histogram.GetMaxValue(), Is.EqualTo(Max));
            Assert.That(histogram.GetMean(), Is.EqualTo(Mean).Within(Tolerance + Mean * 1e-14));
            Assert.That(
                histogram.GetStdDeviation(), Is.EqualTo(StdDeviation).Within(Tolerance + StdDeviation * 1e-14));
            Assert.That(histogram.GetValueAtPercentile(50), Is.EqualTo(P50));
            Assert.That(histogram.GetValueAtPercentile(90), Is.EqualTo(P90));
            Assert.That(histogram.GetValueAtPercentile(99), Is.EqualTo(P99));
            Assert.That(histogram.GetValueAtPercentile(99.9), Is.EqualTo(P999));
            Assert.That(histogram.GetValueAtPercentile(99.99), Is.EqualTo(P9999));
        }
    }
}
