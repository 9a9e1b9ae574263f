namespace ExecutionPipeline.Disruptor.Tests.Layout;

/// <summary>The runtime keeps to the declared layout: objects really are as large as the attributes say.</summary>
public sealed class MeasuredLayoutTests
{
    [Test]
    public void ShouldTakeTheirPaddingWhenSequencesAreAllocated()
    {
        const int count = 64;
        const int headerBytes = 16;
        var sequences = new Sequence[count];

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < count; i++)
            sequences[i] = new Sequence(i);

        var bytes = GC.GetAllocatedBytesForCurrentThread() - before;
        Assert.That(bytes, Is.EqualTo(count * (headerBytes + 248)));
        Assert.That(sequences[count - 1].Value, Is.EqualTo(count - 1));
    }
}
