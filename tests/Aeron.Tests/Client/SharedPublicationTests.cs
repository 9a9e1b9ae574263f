using ExecutionPipeline.Aeron.Buffers;
using ExecutionPipeline.Aeron.Client;

namespace ExecutionPipeline.Aeron.Tests.Client;

/// <summary>Threads that write one publication at once, while its log rotates under them.</summary>
public sealed class SharedPublicationTests : AeronTestBase
{
    private const int Writers = 2;
    private const int MessagesPerWriter = 30_000;

    [TestCase(40, false)]
    [TestCase(40, true)]
    [TestCase(2000, false)]
    public void ShouldKeepEachWritersOrderWhenThreadsShareAPublication(int length, bool isClaiming)
    {
        LaunchDriver();
        var aeron = Connect();
        var subscription = aeron.AddSubscription("aeron:ipc", StreamId);
        var publication = aeron.AddPublication(Channel, StreamId);
        Await(() => publication.IsConnected && subscription.IsConnected, "connection");
        var count = length > 1000 ? MessagesPerWriter / 10 : MessagesPerWriter;
        var threads = Enumerable.Range(0, Writers)
            .Select(writer => new Thread(() => Write(publication, writer, count, length, isClaiming)))
            .ToArray();
        foreach (var thread in threads)
            thread.Start();

        var next = new long[Writers];
        var assembler = new FragmentAssembler((IDirectBuffer buffer, int offset, int received, Header _) =>
        {
            var writer = buffer.GetInt(offset);
            Assert.That(received, Is.EqualTo(length));
            Assert.That(buffer.GetLong(offset + 8), Is.EqualTo(next[writer]++));
        });
        Await(() => subscription.Poll(assembler, 100) >= 0 && next.All(seen => seen == count), "all messages");
        foreach (var thread in threads)
            Assert.That(thread.Join(Patience), Is.True);

        Assert.That(Errors, Is.Empty);
        Assert.That(subscription.Poll(assembler, 100), Is.Zero);
    }

    private static void Write(Publication publication, int writer, int count, int length, bool isClaiming)
    {
        var message = new UnsafeBuffer(new byte[length]);
        var claim = new BufferClaim();
        message.PutInt(0, writer);
        for (var i = 0L; i < count;)
        {
            message.PutLong(8, i);
            var result = isClaiming ? publication.TryClaim(length, claim) : publication.Offer(message);
            if (result > 0)
            {
                i++;
                if (isClaiming)
                    claim.PutBytes(message, 0, length).Commit();
            }
            else if (result == Publication.BACK_PRESSURED)
            {
                Thread.Yield();
            }
            else if (result == Publication.CLOSED)
            {
                return;
            }
        }
    }
}
