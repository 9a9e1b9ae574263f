using ExecutionPipeline.Aeron.Buffers;
using ExecutionPipeline.Aeron.Client;

namespace ExecutionPipeline.Aeron.Tests.Client;

public sealed class PublishSubscribeTests : AeronTestBase
{
    [Test]
    public void ShouldReceiveWhatWasOffered([Values] bool isExclusive)
    {
        LaunchDriver();
        var aeron = Connect();
        var subscription = aeron.AddSubscription(Channel, StreamId);
        Publication publication = isExclusive
            ? aeron.AddExclusivePublication(Channel, StreamId)
            : aeron.AddPublication(Channel, StreamId);
        Await(() => publication.IsConnected && subscription.IsConnected, "connection");

        var message = new UnsafeBuffer(new byte[128]);
        var expected = 0L;
        var received = 0L;
        FragmentHandler handler = (buffer, offset, length, _) =>
        {
            Assert.That(length, Is.EqualTo(128));
            Assert.That(buffer.GetLong(offset), Is.EqualTo(received));
            received++;
        };
        while (expected < 10_000)
        {
            message.PutLong(0, expected);
            if (publication.Offer(message, 0, 128) > 0)
                expected++;

            subscription.Poll(handler, 10);
        }

        Await(() => subscription.Poll(handler, 10) >= 0 && received == expected, "all messages");
        Assert.That(Errors, Is.Empty);
    }
}
