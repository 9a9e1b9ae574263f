using ExecutionPipeline.Aeron.Buffers;
using ExecutionPipeline.Aeron.Client;
using ExecutionPipeline.Aeron.Protocol;

namespace ExecutionPipeline.Aeron.Tests.Client;

public sealed class ExclusivePublicationTests : StepTestBase
{
    private const int SessionId = 77;
    private const int TermLength = 64 * 1024;
    private const int InitialTermId = 5;
    private const int FrameLength = 64;

    private readonly UnsafeBuffer _message = new(new byte[TermLength]);
    private readonly List<long> _received = [];
    private Subscription _subscription = null!;
    private ExclusivePublication _publication = null!;

    [SetUp]
    public void AddStream()
    {
        _received.Clear();
        _message.SetMemory(0, _message.Capacity, 0);
        var aeron = ConnectStepped();
        _subscription = aeron.AddSubscription("aeron:ipc", StreamId);
        _publication = aeron.AddExclusivePublication(
            $"{Channel}|session-id={SessionId}|init-term-id={InitialTermId}|term-id={InitialTermId}|term-offset=0",
            StreamId);
        Step();
    }

    [Test]
    public void ShouldLetSubscribersSkipPadding()
    {
        Assert.That(_publication.AppendPadding(100), Is.EqualTo(160));
        Assert.That(_publication.Offer(_message, 0, 8), Is.EqualTo(224));
        Assert.That(_publication.AppendPadding(0), Is.EqualTo(256));
        Assert.That(_subscription.Poll(Receive, 10), Is.EqualTo(1));
        Assert.That(_subscription.ImageAtIndex(0).Position, Is.EqualTo(256));
        Assert.That(() => _publication.AppendPadding(-1), Throws.ArgumentException);
        Assert.That(() => _publication.AppendPadding(TermLength), Throws.ArgumentException);
    }

    [Test]
    public void ShouldGoOnInTheNextTermWhenPaddingDoesNotFit()
    {
        FillTermUpTo(TermLength - 64);
        Assert.That(_publication.AppendPadding(64), Is.EqualTo(Publication.ADMIN_ACTION));
        Assert.That(_publication.AppendPadding(64), Is.EqualTo(TermLength + 96));
        Assert.That((_publication.TermId(), _publication.TermOffset()), Is.EqualTo((InitialTermId + 1, 96)));
    }

    [Test]
    public void ShouldDeliverABlockOfFrames()
    {
        Assert.That(_publication.Offer(_message, 0, 8), Is.EqualTo(FrameLength));
        PutFrame(blockOffset: 96, termOffset: FrameLength, value: 11);
        PutFrame(blockOffset: 96 + FrameLength, termOffset: 2 * FrameLength, value: 12);
        Assert.That(_publication.OfferBlock(_message, 96, 2 * FrameLength), Is.EqualTo(3 * FrameLength));
        Assert.That(_publication.Position, Is.EqualTo(3 * FrameLength));
        Assert.That(_subscription.Poll(Receive, 10), Is.EqualTo(3));
        Assert.That(_received, Is.EqualTo(new long[] { 0, 11, 12 }));
    }

    [Test]
    public void ShouldDeliverABlockInTheNextTermWhenOneIsFull()
    {
        FillTermUpTo(TermLength);
        PutFrame(0, 0, 13, InitialTermId + 1);
        Assert.That(_publication.OfferBlock(_message, 0, FrameLength), Is.EqualTo(TermLength + FrameLength));
        while (_subscription.Poll(Receive, 100) > 0)
        {
        }

        Assert.That(_received[^1], Is.EqualTo(13));
    }

    [Test]
    public void ShouldThrowWhenABlockDoesNotContinueTheStream()
    {
        PutFrame(0, termOffset: 32, value: 1);
        Refuses("termOffset");
        PutFrame(0, 0, 1, termId: InitialTermId + 1);
        Refuses("termId");
        PutFrame(0, 0, 1);
        _message.PutInt(DataHeaderFlyweight.SessionIdFieldOffset, 1);
        Refuses("sessionId");
        PutFrame(0, 0, 1);
        _message.PutInt(DataHeaderFlyweight.StreamIdFieldOffset, 1);
        Refuses("streamId");
        PutFrame(0, 0, 1);
        _message.PutShort(HeaderFlyweight.TypeFieldOffset, HeaderFlyweight.HeaderTypePad);
        Refuses("frameType");
        PutFrame(0, 0, 1);
        Refuses("block length", TermLength + 32);
        Refuses("block length", 40);
        Assert.That(_publication.Position, Is.Zero);
        Assert.That(_subscription.Poll(Receive, 10), Is.Zero);

        void Refuses(string reason, int length = FrameLength) => Assert.That(
            () => _publication.OfferBlock(_message, 0, length), Throws.ArgumentException.With.Message.Contain(reason));
    }

    [Test]
    public void ShouldSayWhyABlockCannotGo()
    {
        PutFrame(0, 0, 1);
        _subscription.Dispose();
        Step();
        Pass(TimeSpan.FromSeconds(1));
        FillTermUpTo(TermLength / 2);
        Assert.That(_publication.OfferBlock(_message, 0, FrameLength), Is.EqualTo(Publication.NOT_CONNECTED));
        _publication.Dispose();
        Assert.That(_publication.OfferBlock(_message, 0, FrameLength), Is.EqualTo(Publication.CLOSED));
        Assert.That(_publication.AppendPadding(8), Is.EqualTo(Publication.CLOSED));
    }

    private void Receive(IDirectBuffer buffer, int offset, int length, Header header) =>
        _received.Add(buffer.GetLong(offset));

    private void FillTermUpTo(int termOffset)
    {
        while (_publication.Position < termOffset && _publication.AppendPadding(32) > 0)
        {
            _subscription.Poll(Receive, 10);
            Step();
        }
    }

    private void PutFrame(int blockOffset, int termOffset, long value, int termId = InitialTermId)
    {
        DataHeaderFlyweight.WriteDefault(_message, blockOffset, SessionId, StreamId, termId, termOffset);
        _message.PutInt(blockOffset, DataHeaderFlyweight.HEADER_LENGTH + sizeof(long));
        _message.PutByte(blockOffset + HeaderFlyweight.FlagsFieldOffset, FrameDescriptor.Unfragmented);
        _message.PutLong(blockOffset + DataHeaderFlyweight.HEADER_LENGTH, value);
    }
}
