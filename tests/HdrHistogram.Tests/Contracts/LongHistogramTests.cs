namespace ExecutionPipeline.HdrHistogram.Tests.Contracts;

[TestFixture]
internal sealed class LongHistogramTests : HistogramContract
{
    protected override int CountBytes => 8;

    protected override HistogramBase Create(long lowest, long highest, int digits)
        => new LongHistogram(lowest, highest, digits);
}
