namespace ExecutionPipeline.Disruptor.Tests.Sequencing;

public sealed class SequenceWaitResultTests
{
    [Test]
    public void ShouldHoldTheSequenceWhenMadeFromOne()
    {
        SequenceWaitResult result = 42;

        Assert.Multiple(() =>
        {
            Assert.That(result.IsTimeout, Is.False);
            Assert.That(result.AvailableSequence, Is.EqualTo(42));
            Assert.That(result == new SequenceWaitResult(42), Is.True);
            Assert.That(result != SequenceWaitResult.Timeout, Is.True);
            Assert.That(result.ToString(), Is.EqualTo("42"));
        });
    }

    [Test]
    public void ShouldHoldNoSequenceWhenTimedOut()
    {
        Assert.Multiple(() =>
        {
            Assert.That(SequenceWaitResult.Timeout.IsTimeout, Is.True);
            Assert.That(SequenceWaitResult.Timeout.AvailableSequence, Is.Null);
            Assert.That(SequenceWaitResult.Timeout.ToString(), Is.EqualTo("Timeout"));
        });
    }
}
