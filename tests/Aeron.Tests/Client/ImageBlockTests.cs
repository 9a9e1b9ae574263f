using ExecutionPipeline.Aeron.Buffers;
using ExecutionPipeline.Aeron.Client;
using static ExecutionPipeline.Aeron.Client.ControlledFragmentHandlerAction;

namespace ExecutionPipeline.Aeron.Tests.Client;

public sealed class ImageBlockTests : StepTestBase
{
    private readonly UnsafeBuffer _message = new(new byte[4096]);
    private readonly List<long> _peeked = [];
    private Subscription _subscription = null!;
    private ExclusivePublication _publication = null!;
    private Image _image = null!;

    [SetUp]
    public void AddStream()
    {
        _peeked.Clear();
        var aeron = ConnectStepped();
        _subscription = aeron.AddSubscription("aeron:ipc", StreamId);
        _publication = aeron.AddExclusivePublication(Channel, StreamId);
        Step();
        _image = _subscription.ImageAtIndex(0);
        for (var i = 0; i < 3; i++)
            Send(i);
    }

    [Test]
    public void ShouldGiveTheFileThatABlockLiesIn()
    {
        var fromFile = Array.Empty<byte>();
        var fromTerm = Array.Empty<byte>();
        RawBlockHandler handler = (file, fileOffset, termBuffer, termOffset, length, sessionId, termId) =>
        {
            Assert.That((sessionId, termId), Is.EqualTo((_publication.SessionId, _publication.TermId())));
            fromTerm = termBuffer.AsSpan(termOffset, length).ToArray();
            fromFile = new byte[length];
            RandomAccess.Read(file.SafeFileHandle, fromFile, fileOffset);
        };
        SkipTerm();
        Send(42);
        Assert.That(_subscription.RawPoll(handler, 1000), Is.EqualTo(64));
        Assert.That(fromFile, Is.EqualTo(fromTerm));
        Assert.That(BitConverter.ToInt64(fromFile, 32), Is.EqualTo(42));
        Assert.That(_image.Position, Is.EqualTo(_publication.Position));
        Assert.That(_subscription.RawPoll(handler, 1000), Is.Zero);
    }

    [Test]
    public void ShouldGoOnAfterABlockWhoseHandlerThrows()
    {
        Assert.That(_image.BlockPoll((_, _, _, _, _) => throw new TimeoutException(), 64), Is.EqualTo(64));
        Assert.That(Errors.Single(), Is.TypeOf<TimeoutException>());
        Assert.That(_image.Position, Is.EqualTo(64));
    }

    [Test]
    public void ShouldPeekWithoutReading()
    {
        Assert.That(_image.ControlledPeek(64, new Peeker(_peeked, CONTINUE), long.MaxValue), Is.EqualTo(192));
        Assert.That(_peeked, Is.EqualTo(new long[] { 1, 2 }));
        Assert.That(_image.Position, Is.Zero);
        Assert.That(_image.ControlledPeek(0, new Peeker(_peeked, BREAK), long.MaxValue), Is.EqualTo(64));
        Assert.That(_image.ControlledPeek(0, new Peeker(_peeked, ABORT), long.MaxValue), Is.Zero);
        Assert.That(_image.ControlledPeek(0, new Peeker(_peeked, CONTINUE), 128), Is.EqualTo(128));
        Assert.That(_image.ControlledPeek(128, new Peeker(_peeked, CONTINUE), 128), Is.EqualTo(128));
        Assert.That(() => _image.ControlledPeek(8, (_, _, _, _) => CONTINUE, 128), Throws.ArgumentException);
        _image.Position = 128;
        Assert.That(() => _image.ControlledPeek(0, (_, _, _, _) => CONTINUE, 128), Throws.ArgumentException);
    }

    [Test]
    public void ShouldPeekUpToTheLastWholeMessage()
    {
        _publication.Offer(_message, 0, 3000);
        var fragments = 0;
        var end = _image.ControlledPeek(0, (_, _, _, _) => ++fragments == 5 ? BREAK : CONTINUE, long.MaxValue);
        Assert.That(end, Is.EqualTo(192));
        Assert.That(PeekAll(), Is.EqualTo(_publication.Position));
        _publication.AppendPadding(8);
        Assert.That(PeekAll(), Is.EqualTo(_publication.Position));
    }

    [Test]
    public void ShouldReportWhatAPeekerThrows()
    {
        Assert.That(_image.ControlledPeek(0, (_, _, _, _) => throw new TimeoutException(), 128), Is.Zero);
        Assert.That(Errors.Single(), Is.TypeOf<TimeoutException>());
    }

    [Test]
    public void ShouldStopAHandlerAtALimit()
    {
        var peeker = new Peeker(_peeked, COMMIT);
        Assert.That(_image.BoundedControlledPoll(peeker, 64, 10), Is.EqualTo(1));
        Assert.That(_image.BoundedPoll(peeker, 128, 10), Is.EqualTo(1));
        Assert.That(_image.BoundedControlledPoll(peeker, 128, 10), Is.Zero);
        Assert.That(_peeked, Is.EqualTo(new long[] { 0, 1 }));
        Assert.That(_image.Position, Is.EqualTo(128));
    }

    [Test]
    public void ShouldReadNothingMoreOnceClosed()
    {
        Assert.That(_image.ActiveTransportCount(), Is.Zero);
        _subscription.ForEachImage(image => Assert.That(image, Is.SameAs(_image)));
        Assert.That(_subscription.Images, Is.EqualTo(new[] { _image }));
        _subscription.Dispose();
        Assert.That(_image.ControlledPeek(7, (_, _, _, _) => CONTINUE, 128), Is.EqualTo(7));
        Assert.That(_image.BlockPoll((_, _, _, _, _) => { }, 128), Is.Zero);
        Assert.That(_image.ToString(), Does.Contain("isClosed=True"));
        Assert.That(_subscription.Images, Is.Empty);
    }

    [TestCase(false)]
    [TestCase(true)]
    public void ShouldAssembleTheMessagesOfOneImage(bool isControlled)
    {
        var lengths = new List<int>();
        _publication.Offer(_message, 0, 3000);
        _publication.Offer(_message, 0, 8);
        if (isControlled)
        {
            var aborts = 2;
            var assembler = new ImageControlledFragmentAssembler((_, _, length, _) =>
            {
                if (length == 3000 && aborts-- > 0)
                    return ABORT;

                lengths.Add(length);
                return CONTINUE;
            });
            for (var i = 0; i < 3; i++)
                _image.ControlledPoll(assembler, 100);
        }
        else
        {
            _image.Poll(new ImageFragmentAssembler((_, _, length, _) => lengths.Add(length)), 100);
        }

        Assert.That(lengths, Is.EqualTo(new[] { 8, 8, 8, 3000, 8 }));
        Assert.That(_image.Position, Is.EqualTo(_publication.Position));
    }

    private long PeekAll() => _image.ControlledPeek(0, (_, _, _, _) => CONTINUE, long.MaxValue);

    private void Send(long value)
    {
        _message.PutLong(0, value);
        Assert.That(_publication.Offer(_message, 0, sizeof(long)), Is.Positive);
    }

    private void SkipTerm()
    {
        var termId = _publication.TermId();
        while (_publication.TermId() == termId)
        {
            _publication.AppendPadding(4000);
            _subscription.Poll((_, _, _, _) => { }, 100);
            Step();
        }

        while (_image.Position < _publication.Position)
            _subscription.Poll((_, _, _, _) => { }, 100);
    }

    private sealed class Peeker(List<long> values, ControlledFragmentHandlerAction action)
        : IControlledFragmentHandler, IFragmentHandler
    {
        ControlledFragmentHandlerAction IControlledFragmentHandler.OnFragment(
            IDirectBuffer buffer, int offset, int length, Header header)
        {
            values.Add(buffer.GetLong(offset));
            return action;
        }

        void IFragmentHandler.OnFragment(IDirectBuffer buffer, int offset, int length, Header header) =>
            values.Add(buffer.GetLong(offset));
    }
}
