namespace ExecutionPipeline.HdrHistogram.Tests.Contracts;

[TestFixture]
internal sealed class IntHistogramTests : NarrowHistogramContract
{
    protected override int CountBytes => 4;

    protected override HistogramBase Create(long lowest, long highest, int digits)
        => new IntHistogram(lowest, highest, digits);
}
