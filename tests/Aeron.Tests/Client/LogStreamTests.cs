using ExecutionPipeline.Aeron.Buffers;
using ExecutionPipeline.Aeron.Client;
using ExecutionPipeline.Aeron.Protocol;

namespace ExecutionPipeline.Aeron.Tests.Client;

/// <summary>What holds for both kinds of publication and the images that read them.</summary>
[TestFixture(true)]
[TestFixture(false)]
public sealed class LogStreamTests(bool isExclusive) : StepTestBase
{
    private readonly UnsafeBuffer _message = new(new byte[16 * 1024]);
    private readonly List<byte[]> _received = [];
    private Subscription _subscription = null!;
    private Publication _publication = null!;
    private FragmentAssembler _assembler = null!;

    [SetUp]
    public void AddStream()
    {
        _received.Clear();
        var aeron = ConnectStepped();
        _subscription = aeron.AddSubscription("aeron:ipc", StreamId);
        _publication = isExclusive
            ? aeron.AddExclusivePublication(Channel, StreamId)
            : aeron.AddPublication(Channel, StreamId);
        Step();
        _assembler = new FragmentAssembler((IDirectBuffer buffer, int offset, int length, Header _) =>
            _received.Add(buffer.AsSpan(offset, length).ToArray()));
    }

    [Test]
    public void ShouldReceiveMessagesOfAllLengthsWhenTheLogRotatesManyTimes()
    {
        var random = TestSeed.NewRandom();
        var sent = new Queue<byte[]>();
        for (var i = 0; i < 3000; i++)
        {
            var payload = new byte[random.Next(3) == 0 ? random.Next(8193) : random.Next(200)];
            random.NextBytes(payload);
            _message.PutBytes(0, payload);
            Send(() => _publication.Offer(_message, 0, payload.Length));
            sent.Enqueue(payload);
            if (random.Next(4) == 0)
                Drain();
        }

        Drain();
        Assert.That(_received, Is.EqualTo(sent));
        Assert.That(_publication.Position, Is.GreaterThan(20 * 64 * 1024));
        Assert.That(_subscription.ImageAtIndex(0).Position, Is.EqualTo(_publication.Position));
        Assert.That(Errors, Is.Empty);
    }

    [Test]
    public void ShouldReceiveAClaimOnlyOnceItIsCommitted()
    {
        var claim = new BufferClaim();
        Assert.That(_publication.TryClaim(8, claim), Is.EqualTo(64));
        claim.AsSpan().Fill(7);
        Assert.That(_subscription.Poll(_assembler, 10), Is.Zero);
        claim.Commit();
        Assert.That(_subscription.Poll(_assembler, 10), Is.EqualTo(1));
        Assert.That(_received.Single(), Is.EqualTo(Enumerable.Repeat((byte)7, 8)));
    }

    [Test]
    public void ShouldSkipAClaimThatWasAborted()
    {
        var claim = new BufferClaim();
        _publication.TryClaim(8, claim);
        claim.Abort();
        _publication.Offer(_message, 0, 1);
        Assert.That(_subscription.Poll(_assembler, 10), Is.EqualTo(1));
        Assert.That(_received.Single(), Has.Length.EqualTo(1));
    }

    [Test]
    public void ShouldBePressedBackWhenTheSubscriberIsAWindowBehind()
    {
        var result = 0L;
        for (var i = 0; i < 1000 && result >= 0; i++)
            result = _publication.Offer(_message, 0, 992);

        Assert.That(result, Is.EqualTo(Publication.BACK_PRESSURED));
        Assert.That(_publication.Position, Is.EqualTo(32 * 1024), "a window is half a term");
        Assert.That(_publication.AvailableWindow, Is.Zero);
        Drain();
        Assert.That(_publication.Offer(_message, 0, 992), Is.Positive);
    }

    [Test]
    public void ShouldNotBeConnectedWhenTheSubscriberHasGone()
    {
        Assert.That(_publication.IsConnected, Is.True);
        Assert.That(_publication.ChannelStatus, Is.EqualTo(1));
        _subscription.Dispose();
        Step();
        Assert.That(_publication.IsConnected, Is.False);
        Assert.That(_publication.Offer(_message, 0, 8), Is.EqualTo(Publication.NOT_CONNECTED));
    }

    [Test]
    public void ShouldReturnClosedWhenThePublicationIsClosed()
    {
        _publication.Dispose();
        Assert.That(_publication.Offer(_message, 0, 8), Is.EqualTo(Publication.CLOSED));
        Assert.That(_publication.TryClaim(8, new BufferClaim()), Is.EqualTo(Publication.CLOSED));
        Assert.That(_publication.Position, Is.EqualTo(Publication.CLOSED));
        Assert.That(Publication.ErrorString(_publication.Position), Is.EqualTo("CLOSED"));
    }

    [Test]
    public void ShouldThrowWhenALengthIsImpossible()
    {
        var claim = new BufferClaim();
        Assert.That(() => _publication.Offer(_message, 0, _publication.MaxMessageLength + 1), Throws.ArgumentException);
        Assert.That(() => _publication.Offer(_message, 0, -1), Throws.ArgumentException);
        Assert.That(() => _publication.TryClaim(_publication.MaxPayloadLength + 1, claim), Throws.ArgumentException);
        Assert.That(() => _publication.TryClaim(-1, claim), Throws.ArgumentException);
        Assert.That(_publication.Position, Is.Zero);
    }

    [TestCase(10)]
    [TestCase(5000)]
    public void ShouldPutMessagesTogetherFromSeveralBuffers(int length)
    {
        var payload = Enumerable.Range(0, length).Select(i => (byte)i).ToArray();
        var buffer = new UnsafeBuffer(payload);
        Send(() => _publication.Offer(buffer, 0, 3, buffer, 3, length - 3));
        Send(() => _publication.Offer(
        [
            new DirectBufferVector(buffer, 0, 1),
            new DirectBufferVector(buffer, 1, 6),
            new DirectBufferVector(buffer, 7, length - 7),
        ]));
        Drain();
        Assert.That(_received, Is.EqualTo(new[] { payload, payload }));
    }

    [Test]
    public void ShouldSupplyReservedValuesToEveryFragment()
    {
        var frames = 0;
        Send(() => _publication.Offer(_message, 0, 3000, (_, offset, frameLength) =>
        {
            frames++;
            return offset * 10_000L + frameLength;
        }));
        var seen = 0;
        _subscription.Poll(
            (buffer, _, length, header) =>
            {
                seen++;
                Assert.That(header.ReservedValue, Is.EqualTo(header.TermOffset * 10_000L + length + 32));
                Assert.That(header.FrameLength, Is.EqualTo(length + 32));
            },
            10);
        Assert.That(seen, Is.EqualTo(3).And.EqualTo(frames));
    }

    [Test]
    public void ShouldDescribeAnAssembledMessageAsOne()
    {
        Header? seen = null;
        var positionSeen = 0L;
        var assembler = new FragmentAssembler((IDirectBuffer _, int _, int _, Header header) =>
        {
            seen = header;
            positionSeen = header.Position;
        });
        Send(() => _publication.Offer(_message, 0, 100));
        Send(() => _publication.Offer(_message, 0, 3000));
        _subscription.Poll(assembler, 10);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(positionSeen, Is.EqualTo(_publication.Position));
            Assert.That(seen!.Flags, Is.EqualTo(FrameDescriptor.Unfragmented));
            Assert.That(seen.FrameLength, Is.EqualTo(3000 + 32));
            Assert.That(seen.SessionId, Is.EqualTo(_publication.SessionId));
            Assert.That(seen.StreamId, Is.EqualTo(StreamId));
            Assert.That(seen.Context, Is.SameAs(_subscription.ImageAtIndex(0)));
        }
    }

    [Test]
    public void ShouldAllocateNothingWhenOfferingClaimingAndPolling()
    {
        var claim = new BufferClaim();
        var handled = 0L;
        FragmentHandler handler = (buffer, offset, length, _) => handled += buffer.AsSpan(offset, length)[0];
        Assert.That(
            AllocationMeter.FewestBytesOf(_ => Exchange(claim, handler), warmUp: 1, measured: 200), Is.Zero);
        Assert.That(handled, Is.Positive);
    }

    private void Exchange(BufferClaim claim, FragmentHandler handler)
    {
        for (var i = 0; i < 16; i++)
        {
            _message.PutByte(0, 1);
            _publication.Offer(_message, 0, 500);
            _publication.Offer(_message, 0, 2000);
            if (_publication.TryClaim(100, claim) > 0)
            {
                claim.AsSpan()[0] = 1;
                claim.Commit();
            }
        }

        while (_subscription.Poll(handler, 100) > 0)
        {
        }

        Driver.SharedAgentInvoker()!.Invoke();
    }

    private void Send(Func<long> offer)
    {
        for (var i = 0; i < 1000; i++)
        {
            var result = offer();
            if (result > 0)
                return;

            if (result == Publication.BACK_PRESSURED)
                Drain();
        }

        Assert.Fail("never accepted");
    }

    private void Drain()
    {
        while (_subscription.Poll(_assembler, 100) > 0)
            Step();

        // An image that stopped at the end of a term goes on in the next.
        while (_subscription.Poll(_assembler, 100) > 0)
            Step();

        Step();
    }
}
