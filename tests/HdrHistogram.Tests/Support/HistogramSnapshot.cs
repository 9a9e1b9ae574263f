namespace ExecutionPipeline.HdrHistogram.Tests.Support;

/// <summary>What a histogram holds, in a form that two of them can be compared in.</summary>
internal static class HistogramSnapshot
{
    internal static (long Value, long Count)[] CountsOf(HistogramBase histogram)
        => [.. histogram.RecordedValues().Select(step => (step.ValueIteratedTo, step.CountAtValueIteratedTo))];

    internal static void AssertSame(HistogramBase actual, HistogramBase expected)
    {
        using (Assert.EnterMultipleScope())
        {
            Assert.That(actual.TotalCount, Is.EqualTo(expected.TotalCount));
            Assert.That(actual.LowestTrackableValue, Is.EqualTo(expected.LowestTrackableValue));
            Assert.That(actual.HighestTrackableValue, Is.EqualTo(expected.HighestTrackableValue));
            Assert.That(
                actual.NumberOfSignificantValueDigits, Is.EqualTo(expected.NumberOfSignificantValueDigits));
            Assert.That(CountsOf(actual), Is.EqualTo(CountsOf(expected)));
        }
    }
}
