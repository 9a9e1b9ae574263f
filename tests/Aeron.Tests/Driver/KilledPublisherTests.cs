using ExecutionPipeline.Aeron.Buffers;
using ExecutionPipeline.Aeron.Client;
using ExecutionPipeline.Aeron.Protocol;

namespace ExecutionPipeline.Aeron.Tests.Driver;

/// <summary>A publisher that is killed between two instructions of an offer.</summary>
public sealed class KilledPublisherTests : StepTestBase
{
    private const int ClaimedLength = 128;

    [TestCase(true, 0)]
    [TestCase(false, 0)]
    [TestCase(true, -ClaimedLength)]
    [TestCase(false, -ClaimedLength)]
    public void ShouldEndTheStreamWhenAClaimedFrameWasNeverWritten(bool isExclusive, int frameLength)
    {
        var (killed, living) = (ConnectStepped(), ConnectStepped());
        var subscription = living.AddSubscription("aeron:ipc", StreamId);
        Publication publication = isExclusive
            ? killed.AddExclusivePublication(Channel, StreamId)
            : killed.AddPublication(Channel, StreamId);
        Step();
        Assert.That(publication.Offer(new UnsafeBuffer(new byte[8])), Is.Positive);
        var log = publication.LogBuffers;
        log.MetaDataBuffer.GetAndAddLong(LogBufferDescriptor.TailOffset(0), ClaimedLength);
        log.TermBuffers[0].PutInt((int)subscription.ImageAtIndex(0).Position + 64, frameLength);
        Forget(killed);
        Pass(TimeSpan.FromSeconds(20));
        Assert.That(subscription.Poll((_, _, _, _) => { }, 10), Is.EqualTo(1), "what was offered before");
        subscription.Poll((_, _, _, _) => Assert.Fail("the frame was never written"), 10);
        Pass(TimeSpan.FromSeconds(5));
        subscription.Poll((_, _, _, _) => Assert.Fail("the frame was never written"), 10);
        Pass(TimeSpan.FromSeconds(5));
        Assert.That(subscription.HasNoImages, Is.True);
        Assert.That(System.IO.Directory.GetFiles(Directory, "*.logbuffer", SearchOption.AllDirectories), Is.Empty);
    }
}
