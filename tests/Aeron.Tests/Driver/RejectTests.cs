using ExecutionPipeline.Aeron.Buffers;
using ExecutionPipeline.Aeron.Client;
using ExecutionPipeline.Aeron.Protocol;

namespace ExecutionPipeline.Aeron.Tests.Driver;

/// <summary>What a subscriber that rejects an image does to the others and to itself.</summary>
public sealed class RejectTests : StepTestBase
{
    private readonly UnsafeBuffer _message = new(new byte[992]);

    [Test]
    public void ShouldRepeatNothingThatWasReadWhenTheStreamIsConnectedAgain()
    {
        var aeron = ConnectStepped();
        var subscription = aeron.AddSubscription("aeron:ipc", StreamId);
        var publication = aeron.AddExclusivePublication(Channel, StreamId);
        Step();
        for (var i = 0; i < 5; i++)
            Assert.That(publication.Offer(_message), Is.Positive);

        // The driver takes the rejection in before it has taken a look at what was read.
        Assert.That(subscription.Poll((_, _, _, _) => { }, 10), Is.EqualTo(5));
        subscription.ImageAtIndex(0).Reject("enough");
        Pass(TimeSpan.FromSeconds(15));
        Assert.That(subscription.ImageAtIndex(0).JoinPosition, Is.EqualTo(publication.Position));
        Assert.That(subscription.Poll((_, _, _, _) => { }, 10), Is.Zero);
    }

    [Test]
    public void ShouldFreeThePositionOfASubscriberThatRests()
    {
        var aeron = ConnectStepped();
        var slow = aeron.AddSubscription("aeron:ipc?tether=false|rejoin=true", StreamId);
        var fast = aeron.AddSubscription("aeron:ipc", StreamId);
        var publication = aeron.AddExclusivePublication(Channel, StreamId);
        Step();
        for (var i = 0; i < 100 && slow.ImageCount > 0; i++)
        {
            while (publication.Offer(_message) > 0)
            {
            }

            fast.Poll((_, _, _, _) => { }, 1000);
            Pass(TimeSpan.FromSeconds(0.6));
        }

        Pass(TimeSpan.FromSeconds(6));
        fast.ImageAtIndex(0).Reject("enough");
        slow.Dispose();
        fast.Dispose();
        publication.Dispose();
        Pass(TimeSpan.FromSeconds(5));
        var left = 0;
        aeron.CountersReader.ForEach((_, typeId, _, _) =>
            left += typeId == AeronCounters.DriverSubscriberPositionTypeId ? 1 : 0);
        Assert.That(left, Is.Zero, "positions that belong to nobody");
    }
}
