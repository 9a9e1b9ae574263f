using System.Net;
using ExecutionPipeline.Aeron.Buffers;
using ExecutionPipeline.Aeron.Client;
using ExecutionPipeline.Aeron.Driver;
using ExecutionPipeline.Aeron.Protocol;

namespace ExecutionPipeline.Aeron.Tests.Driver;

public sealed class DriverCommandTests : StepTestBase
{
    [TestCase("aeron:udp?endpoint=localhost:40123", ErrorCode.NOT_SUPPORTED, "official media driver")]
    [TestCase("aeron-spy:aeron:udp?endpoint=localhost:40123", ErrorCode.NOT_SUPPORTED, "official media driver")]
    [TestCase("aeron:ipc?term-length=12345", ErrorCode.GENERIC_ERROR, "Term length less than min length of 65536")]
    [TestCase("aeron:ipc?term-length=100k", ErrorCode.GENERIC_ERROR, "not a power of 2")]
    [TestCase("aeron:ipc?term-length=2g", ErrorCode.GENERIC_ERROR, "more than max length")]
    [TestCase("aeron:ipc?term-length=sixty", ErrorCode.INVALID_CHANNEL, "term-length")]
    [TestCase("aeron:ipc?mtu=100", ErrorCode.GENERIC_ERROR, "FRAME_ALIGNMENT")]
    [TestCase("aeron:ipc?term-length=64k|mtu=16k", ErrorCode.INVALID_CHANNEL, "max message length")]
    [TestCase("aeron:ipc?init-term-id=1", ErrorCode.INVALID_CHANNEL, "complete set")]
    [TestCase("aeron:ipc?init-term-id=1|term-id=0|term-offset=0", ErrorCode.INVALID_CHANNEL, "term-id")]
    [TestCase("aeron:ipc?init-term-id=1|term-id=1|term-offset=8", ErrorCode.INVALID_CHANNEL, "FRAME_ALIGNMENT")]
    [TestCase("aeron:ipc?session-id=abc", ErrorCode.INVALID_CHANNEL, "must be a number")]
    [TestCase("aeron:ipc?pub-wnd=64k|term-length=64k", ErrorCode.INVALID_CHANNEL, "pub-wnd")]
    [TestCase("aeron:ipc?linger=5x", ErrorCode.INVALID_CHANNEL, "linger")]
    [TestCase("aeron:ipc?tags=1,x", ErrorCode.INVALID_CHANNEL, "must be a number")]
    [TestCase("aeron:ipc?tags=1,-1", ErrorCode.INVALID_CHANNEL, "reserved")]
    [TestCase("aeron:ipc?session-id=tag:x", ErrorCode.INVALID_CHANNEL, "invalid tag")]
    [TestCase("aeron:ipc?session-id=tag:7", ErrorCode.INVALID_CHANNEL, "must reference an IPC publication")]
    [TestCase("aeron:ipc?max-resend=257", ErrorCode.INVALID_CHANNEL, "max-resend")]
    [TestCase("aeron:ipc?control-mode=response", ErrorCode.INVALID_CHANNEL, "no response-correlation-id set")]
    [TestCase("aeron:ipc?response-correlation-id=-2", ErrorCode.INVALID_CHANNEL, "must be a number from -1")]
    [TestCase("aeron:ipc?response-correlation-id=777", ErrorCode.INVALID_CHANNEL, "find response subscription")]
    [TestCase("aeron:ipc?control-mode=response|response-correlation-id=7", ErrorCode.INVALID_CHANNEL, "no such image")]
    public void ShouldRefuseAPublicationWhenItsChannelCannotBe(string channel, ErrorCode code, string reason)
    {
        var aeron = ConnectStepped();
        Assert.That(
            () => aeron.AddPublication(channel, StreamId),
            Throws.TypeOf<RegistrationException>()
                .With.Matches<RegistrationException>(refusal => refusal.ErrorCode() == code)
                .And.Message.Contain(reason));
        Assert.That(System.IO.Directory.GetFiles(Directory, "*.logbuffer", SearchOption.AllDirectories), Is.Empty);
    }

    [TestCase("aeron:ipc?init-term-id=1", "complete set")]
    [TestCase("aeron:ipc?init-term-id=1|term-id=0|term-offset=0", "term-id")]
    [TestCase("aeron:ipc?init-term-id=1|term-id=1|term-offset=2g", "must be a number")]
    [TestCase("aeron:ipc?session-id=abc", "must be a number")]
    public void ShouldRefuseASubscriptionWhenItsChannelCannotBe(string channel, string reason)
    {
        var aeron = ConnectStepped();
        Assert.That(
            () => aeron.AddSubscription(channel, StreamId),
            Throws.TypeOf<RegistrationException>()
                .With.Matches<RegistrationException>(refusal => refusal.ErrorCode() == ErrorCode.INVALID_CHANNEL)
                .And.Message.Contain(reason));
    }

    [Test]
    public void ShouldStartWhereTheChannelSays()
    {
        var aeron = ConnectStepped();
        var publication = aeron.AddExclusivePublication(
            "aeron:ipc?term-length=64k|init-term-id=5|term-id=9|term-offset=96|session-id=77", StreamId);
        Assert.That(publication.Position, Is.EqualTo(4 * 65536 + 96));
        Assert.That(publication.SessionId, Is.EqualTo(77));
        Assert.That(publication.InitialTermId, Is.EqualTo(5));
        var subscription = aeron.AddSubscription("aeron:ipc?session-id=77", StreamId);
        Step();
        Assert.That(publication.Offer(new UnsafeBuffer(new byte[8])), Is.Positive);
        var termId = 0;
        Assert.That(subscription.Poll((_, _, _, header) => termId = header.TermId, 10), Is.EqualTo(1));
        Assert.That(termId, Is.EqualTo(9));
    }

    [Test]
    public void ShouldShareASessionWhenAPublicationIsReferredToByItsTag()
    {
        var aeron = ConnectStepped();
        var tagged = aeron.AddExclusivePublication("aeron:ipc?term-length=128k|mtu=2048|tags=1,7", StreamId);

        var other = aeron.AddExclusivePublication("aeron:ipc?session-id=tag:7", StreamId + 1);

        Assert.That(other.SessionId, Is.EqualTo(tagged.SessionId));
        Assert.That(other.TermBufferLength, Is.EqualTo(128 * 1024));
        Assert.That(other.MaxPayloadLength, Is.EqualTo(2048 - 32));
        Assert.That(
            () => aeron.AddExclusivePublication("aeron:ipc?session-id=tag:7|mtu=1408", StreamId + 2),
            Throws.TypeOf<RegistrationException>().With.Message.Contain("does not match session-id tag value"));
        Assert.That(
            () => aeron.AddExclusivePublication("aeron:ipc?tags=2,7", StreamId + 2),
            Throws.TypeOf<RegistrationException>().With.Message.Contain("already in use"));
    }

    [Test]
    public void ShouldShareAPublicationWhenItIsConcurrent()
    {
        var aeron = ConnectStepped();
        var first = aeron.AddPublication(Channel, StreamId);
        var second = aeron.AddPublication("aeron:ipc", StreamId);
        var exclusive = aeron.AddExclusivePublication(Channel, StreamId);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(second.SessionId, Is.EqualTo(first.SessionId));
            Assert.That(first.IsOriginal, Is.True);
            Assert.That(second.IsOriginal, Is.False);
            Assert.That(exclusive.SessionId, Is.Not.EqualTo(first.SessionId));
            Assert.That(
                () => aeron.AddPublication("aeron:ipc?term-length=128k", StreamId),
                Throws.TypeOf<RegistrationException>().With.Message.Contain("different 'term-length'"));
            Assert.That(
                () => aeron.AddExclusivePublication($"aeron:ipc?session-id={first.SessionId}", StreamId),
                Throws.TypeOf<RegistrationException>().With.Message.Contain("clashing"));
        }
    }

    [Test]
    public void ShouldDeleteALogWhenItsPublicationEndsAndHasBeenRead()
    {
        var aeron = ConnectStepped();
        var gone = new List<Image>();
        var subscription = aeron.AddSubscription("aeron:ipc", StreamId, null, gone.Add);
        var publication = aeron.AddPublication(Channel, StreamId);
        Step();
        publication.Offer(new UnsafeBuffer(new byte[8]));
        var image = subscription.ImageAtIndex(0);
        publication.Dispose();
        Pass(TimeSpan.FromSeconds(3));
        Assert.That(gone, Is.Empty, "the message has not been read");
        Assert.That(image.IsEndOfStream, Is.False);
        Assert.That(subscription.Poll((_, _, _, _) => { }, 10), Is.EqualTo(1));
        Assert.That(image.IsEndOfStream, Is.True);
        Pass(TimeSpan.FromSeconds(5));
        Assert.That(gone, Is.EqualTo(new[] { image }));
        Assert.That(subscription.HasNoImages, Is.True);
        Assert.That(System.IO.Directory.GetFiles(Directory, "*.logbuffer", SearchOption.AllDirectories), Is.Empty);
    }

    [Test]
    public void ShouldDropWhatWasNotReadWhenAPublicationIsRevoked()
    {
        var aeron = ConnectStepped();
        var subscription = aeron.AddSubscription("aeron:ipc", StreamId);
        var publication = aeron.AddExclusivePublication(Channel, StreamId);
        Step();
        publication.Offer(new UnsafeBuffer(new byte[8]));
        publication.Revoke();
        Pass(TimeSpan.FromSeconds(5));
        Assert.That(subscription.HasNoImages, Is.True);
    }

    [Test]
    public void ShouldDisconnectAPublicationForAWhileWhenItsImageIsRejected()
    {
        var reports = new ReportLog();
        var aeron = ConnectStepped(context => context.PublicationErrorFrameHandler(reports));
        var subscription = aeron.AddSubscription("aeron:ipc", StreamId);
        var publication = aeron.AddExclusivePublication(Channel, StreamId);
        Step();
        subscription.ImageAtIndex(0).Reject("not what was agreed");
        Step();
        Assert.That(publication.IsConnected, Is.False);
        Assert.That(subscription.HasNoImages, Is.True);
        Assert.That(reports.Frames.Single(), Is.EqualTo(
            (publication.OriginalRegistrationId, publication.SessionId, StreamId, ErrorCode.IMAGE_REJECTED,
             "not what was agreed", new IPEndPoint(IPAddress.Loopback, 0))));
        Pass(TimeSpan.FromSeconds(15));
        Assert.That(publication.IsConnected, Is.True);
    }

    [Test]
    public void ShouldDropAnUntetheredSubscriberWhenItFallsBehind()
    {
        var aeron = ConnectStepped();
        var slow = aeron.AddSubscription("aeron:ipc?tether=false|rejoin=true", StreamId);
        var fast = aeron.AddSubscription("aeron:ipc", StreamId);
        var publication = aeron.AddExclusivePublication(Channel, StreamId);
        Step();
        var message = new UnsafeBuffer(new byte[992]);
        var sent = 0;
        for (var i = 0; i < 40; i++)
        {
            while (publication.Offer(message) > 0)
                sent++;

            fast.Poll((_, _, _, _) => { }, 1000);
            Pass(TimeSpan.FromSeconds(0.6));
        }

        Assert.That(sent, Is.GreaterThan(64), "the slow subscriber must not hold the publisher back for ever");
        // The publisher has stopped, so from its next return on the subscriber is not behind any more.
        Pass(TimeSpan.FromSeconds(25));
        Assert.That(slow.ImageCount, Is.EqualTo(1), "it has joined again");
    }

    /// <summary>Who cannot be waited for holds nothing up when the stream ends, either.</summary>
    [TestCase(true, int.MaxValue)]
    [TestCase(false, int.MaxValue)]
    [TestCase(false, 2)]
    public void ShouldFreeAStreamWhenItEndsAheadOfAnUntetheredSubscriber(bool isDroppedBefore, int messages)
    {
        var aeron = ConnectStepped();
        var slow = aeron.AddSubscription("aeron:ipc?tether=false", StreamId);
        var fast = aeron.AddSubscription("aeron:ipc", StreamId);
        var publication = aeron.AddExclusivePublication(Channel, StreamId);
        Step();
        var message = new UnsafeBuffer(new byte[992]);
        var (sent, read) = (0, 0);
        do
        {
            while (sent < messages && publication.Offer(message) > 0)
                sent++;

            read += fast.Poll((_, _, _, _) => { }, 1000);
            Pass(TimeSpan.FromSeconds(0.6));
            Assert.That(sent, Is.InRange(1, 64), "nobody reads, and the slow one is to be dropped");
        }
        while (isDroppedBefore && slow.ImageCount > 0);

        publication.Dispose();
        read += fast.Poll((_, _, _, _) => { }, 1000);
        Pass(TimeSpan.FromSeconds(30));
        var later = aeron.AddSubscription("aeron:ipc", StreamId);
        Step();

        using (Assert.EnterMultipleScope())
        {
            Assert.That(read, Is.EqualTo(sent));
            Assert.That(System.IO.Directory.GetFiles(Directory, "*.logbuffer", SearchOption.AllDirectories), Is.Empty);
            Assert.That(fast.HasNoImages, Is.True);
            Assert.That(slow.HasNoImages, Is.True);
            Assert.That(later.HasNoImages, Is.True);
        }
    }

    /// <summary>Reading at a message in three seconds, it comes to the end behind the time for those that stand still.
    /// </summary>
    [Test]
    public void ShouldWaitForAnUntetheredSubscriberWhenItReadsOnBehindTheStreamsEnd()
    {
        const int messages = 8;
        var aeron = ConnectStepped();
        var slow = aeron.AddSubscription("aeron:ipc?tether=false", StreamId);
        var publication = aeron.AddExclusivePublication(Channel, StreamId);
        Step();
        var message = new UnsafeBuffer(new byte[992]);
        for (var i = 0; i < messages; i++)
            Assert.That(publication.Offer(message), Is.Positive);

        publication.Dispose();
        var read = 0;
        for (var i = 0; i < messages; i++)
        {
            Pass(TimeSpan.FromSeconds(3));
            read += slow.Poll((_, _, _, _) => { }, 1);
        }

        Assert.That(read, Is.EqualTo(messages));
    }

    [Test]
    public void ShouldOfferCountersToEverybody()
    {
        var added = new List<int>();
        var removed = new List<int>();
        var first = ConnectStepped();
        ConnectStepped(context => context
            .AvailableCounterHandler((_, _, id) => added.Add(id))
            .UnavailableCounterHandler((_, _, id) => removed.Add(id)));
        var counter = first.AddCounter(5001, [1, 2, 3], "mine");
        counter.SetRelease(42);
        Step();
        Assert.That(first.CountersReader.GetCounterValue(counter.Id), Is.EqualTo(42));
        Assert.That(first.CountersReader.GetCounterLabel(counter.Id), Is.EqualTo("mine"));
        Assert.That(added, Does.Contain(counter.Id));
        counter.Dispose();
        Step();
        Assert.That(removed, Does.Contain(counter.Id));
    }

    [Test]
    public void ShouldKeepAStaticCounterWhenItsClientHasGone()
    {
        var first = ConnectStepped();
        var id = first.AddStaticCounter(5002, "for ever", 99).Id;
        first.Dispose();
        Pass(TimeSpan.FromSeconds(15));
        Assert.That(ConnectStepped().AddStaticCounter(5002, "for ever", 99).Id, Is.EqualTo(id));
    }

    [Test]
    public void ShouldFreeWhatAClientHeldWhenItFallsSilent()
    {
        var silent = ConnectStepped();
        var living = ConnectStepped();
        var publication = living.AddExclusivePublication(Channel, StreamId);
        var subscription = living.AddSubscription("aeron:ipc", StreamId + 1);
        silent.AddSubscription("aeron:ipc", StreamId);
        silent.AddPublication(Channel, StreamId + 1);
        var counter = silent.AddCounter(5001, "held");
        Step();
        Assert.That(publication.IsConnected && subscription.IsConnected, Is.True);
        Forget(silent);
        Pass(TimeSpan.FromSeconds(20));
        var reader = living.CountersReader;
        using (Assert.EnterMultipleScope())
        {
            Assert.That(publication.IsConnected, Is.False);
            Assert.That(subscription.IsConnected, Is.False);
            Assert.That(reader.GetCounterState(counter.Id), Is.EqualTo(CountersDescriptor.RecordReclaimed));
            Assert.That(reader.GetCounterValue((int)SystemCounterId.ClientTimeouts), Is.EqualTo(1));
            Assert.That(
                System.IO.Directory.GetFiles(Directory, "*.logbuffer", SearchOption.AllDirectories),
                Has.Length.EqualTo(1));
        }
    }

    [Test]
    public void ShouldTellAClientThatItWasGivenUp()
    {
        var silent = ConnectStepped();
        var publication = silent.AddPublication(Channel, StreamId);
        Forget(silent);
        Pass(TimeSpan.FromSeconds(20));
        silent.ConductorAgentInvoker!.Invoke();
        Assert.That(Errors.Single(), Is.InstanceOf<AeronException>());
        Assert.That(publication.IsClosed, Is.True);
        Assert.That(publication.Offer(new UnsafeBuffer(new byte[8])), Is.EqualTo(Publication.CLOSED));
    }

    [Test]
    public void ShouldUnblockAStreamWhenAClaimIsNeverCommitted()
    {
        var aeron = ConnectStepped();
        var subscription = aeron.AddSubscription("aeron:ipc", StreamId);
        var publication = aeron.AddPublication(Channel, StreamId);
        Step();
        publication.TryClaim(64, new BufferClaim());
        publication.Offer(new UnsafeBuffer(new byte[8]));
        Assert.That(subscription.Poll((_, _, _, _) => { }, 10), Is.Zero);
        Pass(TimeSpan.FromSeconds(20));
        Assert.That(subscription.Poll((_, _, length, _) => Assert.That(length, Is.EqualTo(8)), 10), Is.EqualTo(1));
        Assert.That(
            aeron.CountersReader.GetCounterValue((int)SystemCounterId.UnblockedPublications), Is.EqualTo(1));
    }

    [Test]
    public void ShouldGiveSessionIdsThatAreFree()
    {
        var aeron = ConnectStepped();
        var ids = Enumerable.Range(0, 10).Select(_ => aeron.NextSessionId(StreamId)).ToArray();
        Assert.That(ids, Is.Unique);
    }

    [Test]
    public void ShouldAnswerAsyncCommandsWhenTheyAreDone()
    {
        var aeron = ConnectStepped();
        var good = aeron.AsyncAddExclusivePublication(Channel, StreamId);
        var bad = aeron.AsyncAddPublication("aeron:ipc?term-length=1", StreamId);
        var subscription = aeron.AsyncAddSubscription("aeron:ipc", StreamId);
        Assert.That(aeron.GetExclusivePublication(good), Is.Null);
        Assert.That(aeron.IsCommandActive(good), Is.True);
        Step();
        Assert.That(aeron.GetExclusivePublication(good)!.StreamId, Is.EqualTo(StreamId));
        Assert.That(aeron.GetSubscription(subscription)!.ImageCount, Is.EqualTo(1));
        Assert.That(() => aeron.GetPublication(bad), Throws.TypeOf<RegistrationException>());
        Assert.That(aeron.IsCommandActive(good), Is.False);
    }

    private sealed class ReportLog : IPublicationErrorFrameHandler
    {
        public List<(long Id, int Session, int Stream, ErrorCode Code, string Text, IPEndPoint From)> Frames { get; } =
            [];

        public void OnPublicationError(PublicationErrorFrame errorFrame) => Frames.Add(
            (errorFrame.RegistrationId(), errorFrame.SessionId(), errorFrame.StreamId(), errorFrame.ErrorCode(),
             errorFrame.ErrorMessage(), errorFrame.SourceAddress()));
    }
}
