namespace ExecutionPipeline.HdrHistogram.Tests.Contracts;

[TestFixture]
internal sealed class ShortHistogramTests : NarrowHistogramContract
{
    protected override int CountBytes => 2;

    protected override HistogramBase Create(long lowest, long highest, int digits)
        => new ShortHistogram(lowest, highest, digits);
}
