using ExecutionPipeline.Aeron.Buffers;
using ExecutionPipeline.Aeron.Client;
using ExecutionPipeline.Aeron.Driver;

namespace ExecutionPipeline.Aeron.Tests.Driver;

/// <summary>Publishers of the driver's own process do not wait for its turns.</summary>
public sealed class OwnLimitTests : StepTestBase
{
    private const int MessageCount = 10_000;

    [TestCase(true)]
    [TestCase(false)]
    public void ShouldPublishWithoutTheDriverWhenItSleeps(bool isExclusive)
    {
        var aeron = ConnectStepped();
        var subscription = aeron.AddSubscription("aeron:ipc", StreamId);
        Publication publication = isExclusive
            ? aeron.AddExclusivePublication(Channel, StreamId)
            : aeron.AddPublication(Channel, StreamId);
        Step();
        var message = new UnsafeBuffer(new byte[96]);
        var (sent, received) = (0, 0);
        FragmentHandler handler = (buffer, offset, _, _) =>
            Assert.That(buffer.GetInt(offset), Is.EqualTo(received++));
        for (var turn = 0; turn < MessageCount && received < MessageCount; turn++)
        {
            while (sent < MessageCount)
            {
                message.PutInt(0, sent);
                var result = publication.Offer(message);
                sent += result > 0 ? 1 : 0;
                if (result == Publication.BACK_PRESSURED)
                    break;
            }

            subscription.Poll(handler, 100);
        }

        Assert.That(received, Is.EqualTo(MessageCount));
        Assert.That(publication.Position, Is.GreaterThan(10L * publication.TermBufferLength));
    }

    [Test]
    public void ShouldMoveTheLimitOfEveryStreamWhenOneHasUsedItsWindow()
    {
        var aeron = ConnectStepped();
        var subscription = aeron.AddSubscription("aeron:ipc", StreamId);
        var otherSubscription = aeron.AddSubscription("aeron:ipc", StreamId + 1);
        var publication = aeron.AddExclusivePublication(Channel, StreamId);
        var other = aeron.AddExclusivePublication(Channel, StreamId + 1);
        Step();
        var message = new UnsafeBuffer(new byte[96]);
        var otherLimit = other.PositionLimit;
        while (publication.Offer(message) > 0 && other.Offer(message) > 0)
        {
        }

        while (subscription.Poll((_, _, _, _) => { }, 100) > 0 && otherSubscription.Poll((_, _, _, _) => { }, 100) > 0)
        {
        }

        Assert.That(publication.Offer(message), Is.Positive, "this one moves the limits");
        Assert.That(other.PositionLimit, Is.GreaterThan(otherLimit));
    }

    [Test]
    public void ShouldStayWithinTheWindowWhenNobodyReads()
    {
        var aeron = ConnectStepped();
        aeron.AddSubscription("aeron:ipc", StreamId);
        var publication = aeron.AddExclusivePublication(Channel, StreamId);
        Step();
        var message = new UnsafeBuffer(new byte[96]);
        for (var i = 0; i < MessageCount; i++)
            publication.Offer(message);

        Assert.That(publication.Offer(message), Is.EqualTo(Publication.BACK_PRESSURED));
        Assert.That(publication.Position, Is.LessThanOrEqualTo(publication.TermBufferLength / 2 + 128));
    }

    [Test]
    public void ShouldLeaveTheLimitAloneWhenTheDriverIsGone()
    {
        var aeron = ConnectStepped();
        aeron.AddSubscription("aeron:ipc", StreamId);
        var publication = aeron.AddExclusivePublication(Channel, StreamId);
        Step();
        Driver.Dispose();
        var message = new UnsafeBuffer(new byte[96]);
        for (var i = 0; i < MessageCount; i++)
            publication.Offer(message);

        Assert.That(publication.Offer(message), Is.EqualTo(Publication.BACK_PRESSURED));
    }
}
