using ExecutionPipeline.Disruptor.Tests.Support;

namespace ExecutionPipeline.Disruptor.Tests.Sequencing;

public sealed class MultiProducerSequencerTests : SequencerContract
{
    [Test]
    public void ShouldShowNothingPastAGapWhenPublishedOutOfOrder()
    {
        var sequencer = NewSequencer();
        sequencer.Next(4);
        sequencer.Publish(0);
        sequencer.Publish(2, 3);
        Assert.That(sequencer.GetHighestPublishedSequence(0, sequencer.Cursor), Is.Zero);

        sequencer.Publish(1);
        Assert.That(sequencer.GetHighestPublishedSequence(0, sequencer.Cursor), Is.EqualTo(3));
    }

    [Test]
    public void ShouldNotTakeTheLastLapForThisOneWhenALapIsMissing()
    {
        var sequencer = NewSequencer();
        sequencer.Publish(0, sequencer.Next(8));
        sequencer.Next(2);
        sequencer.Publish(9);

        Assert.Multiple(() =>
        {
            Assert.That(sequencer.IsAvailable(8), Is.False);
            Assert.That(sequencer.IsAvailable(9), Is.True);
            Assert.That(sequencer.GetHighestPublishedSequence(8, 9), Is.EqualTo(7));
        });
    }

    [Test]
    public void ShouldHandOutEachSequenceOnceWhenTwoThreadsClaim([Values] bool isTry)
    {
        const int claimsEach = 20_000;
        var sequencer = NewSequencer(1024, new BusySpinWaitStrategy());
        var claimed = new int[2 * claimsEach];

        void ClaimAll()
        {
            for (var i = 0; i < claimsEach; i++)
            {
                long sequence;
                if (!isTry)
                    sequence = sequencer.Next();
                else if (!sequencer.TryNext(out sequence))
                    continue;

                Interlocked.Increment(ref claimed[sequence]);
                sequencer.Publish(sequence);
            }
        }

        Eventually.Completes(Task.WhenAll(Task.Run(ClaimAll), Task.Run(ClaimAll)), "both producers");
        Assert.That(claimed, Is.All.EqualTo(1));
    }

    protected override ISequencer NewSequencer(int bufferSize, IWaitStrategy waitStrategy)
    {
        return new MultiProducerSequencer(bufferSize, waitStrategy);
    }
}
