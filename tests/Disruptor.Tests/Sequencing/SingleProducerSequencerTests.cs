namespace ExecutionPipeline.Disruptor.Tests.Sequencing;

public sealed class SingleProducerSequencerTests : SequencerContract
{
    [Test]
    public void ShouldKeepTheCursorWhenClaiming()
    {
        var sequencer = NewSequencer();
        sequencer.Next(3);

        Assert.That(sequencer.Cursor, Is.EqualTo(-1));
    }

    protected override ISequencer NewSequencer(int bufferSize, IWaitStrategy waitStrategy)
    {
        return new SingleProducerSequencer(bufferSize, waitStrategy);
    }
}
