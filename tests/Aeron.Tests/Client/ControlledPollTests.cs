using ExecutionPipeline.Aeron.Buffers;
using ExecutionPipeline.Aeron.Client;
using ExecutionPipeline.Aeron.Protocol;
using static ExecutionPipeline.Aeron.Client.ControlledFragmentHandlerAction;

namespace ExecutionPipeline.Aeron.Tests.Client;

public sealed class ControlledPollTests : StepTestBase
{
    private readonly UnsafeBuffer _message = new(new byte[4096]);
    private Subscription _subscription = null!;
    private Publication _publication = null!;
    private Image _image = null!;

    [SetUp]
    public void AddStream()
    {
        var aeron = ConnectStepped();
        _subscription = aeron.AddSubscription("aeron:ipc", StreamId);
        _publication = aeron.AddExclusivePublication(Channel, StreamId);
        Step();
        _image = _subscription.ImageAtIndex(0);
        for (var i = 0; i < 5; i++)
            Assert.That(_publication.Offer(_message, 0, 32), Is.Positive);
    }

    [TestCase(0)]
    [TestCase(1L << 31)]
    [TestCase((1L << 32) - 1000)]
    [TestCase(1L << 33)]
    public void ShouldReadNothingWhenItIsBeyondTheLimit(long distance)
    {
        const string channel = "aeron:ipc?term-length=64k|init-term-id=0|term-id=200000|term-offset=64";
        var aeron = ConnectStepped();
        var subscription = aeron.AddSubscription("aeron:ipc", StreamId + 1);
        var publication = aeron.AddExclusivePublication(channel, StreamId + 1);
        Step();
        publication.Offer(_message, 0, 32);
        var image = subscription.ImageAtIndex(0);
        var limit = image.Position - distance;
        Assert.That(image.BoundedPoll((_, _, _, _) => { }, limit, 10), Is.Zero);
        Assert.That(image.BoundedControlledPoll((_, _, _, _) => CONTINUE, limit, 10), Is.Zero);
    }

    [Test]
    public void ShouldGoOnAsTheHandlerSays()
    {
        Assert.That(_subscription.ControlledPoll((_, _, _, _) => ABORT, 10), Is.Zero);
        Assert.That(_image.Position, Is.Zero);
        Assert.That(_subscription.ControlledPoll((_, _, _, _) => BREAK, 10), Is.EqualTo(1));
        Assert.That(_image.Position, Is.EqualTo(64));
        Assert.That(_subscription.ControlledPoll((_, _, _, _) => CONTINUE, 2), Is.EqualTo(2));
        Assert.That(_image.Position, Is.EqualTo(192));
        var positionsAtCommit = new List<long>();
        _subscription.ControlledPoll(
            (_, _, _, _) =>
            {
                positionsAtCommit.Add(_image.Position);
                return COMMIT;
            },
            10);
        Assert.That(positionsAtCommit, Is.EqualTo(new[] { 192L, 256L }));
    }

    [Test]
    public void ShouldStopAtALimit()
    {
        Assert.That(_image.BoundedPoll((_, _, _, _) => { }, 128, 10), Is.EqualTo(2));
        Assert.That(_image.BoundedPoll((_, _, _, _) => { }, 128, 10), Is.Zero);
    }

    [Test]
    public void ShouldGiveWholeFramesAsABlock()
    {
        var length = 0;
        var bytes = _subscription.BlockPoll((_, offset, blockLength, _, _) => length = blockLength + offset, 150);
        Assert.That(bytes, Is.EqualTo(128));
        Assert.That(length, Is.EqualTo(128));
        Assert.That(_image.Position, Is.EqualTo(128));
    }

    [Test]
    public void ShouldReportWhatAHandlerThrowsAndGoOnAfterIt()
    {
        Assert.That(_subscription.Poll((_, _, _, _) => throw new TimeoutException(), 10), Is.EqualTo(1));
        Assert.That(Errors.Single(), Is.TypeOf<TimeoutException>());
        Assert.That(_subscription.Poll((_, _, _, _) => { }, 10), Is.EqualTo(4));
    }

    [Test]
    public void ShouldGiveAnAssembledMessageAgainWhenItWasAborted()
    {
        var calls = 0;
        var assembler = new ControlledFragmentAssembler((_, _, length, _) =>
            length == 3000 && calls++ < 2 ? ABORT : CONTINUE);
        _publication.Offer(_message, 0, 3000);
        for (var i = 0; i < 3; i++)
            _subscription.ControlledPoll(assembler, 20);

        Assert.That(calls, Is.EqualTo(3));
        Assert.That(_image.Position, Is.EqualTo(_publication.Position));
    }

    [Test]
    public void ShouldSkipWithinTheTermAlone()
    {
        _image.Position = 128;
        Assert.That(_subscription.Poll((_, _, _, _) => { }, 10), Is.EqualTo(3));
        Assert.That(() => _image.Position = 64, Throws.ArgumentException);
        Assert.That(() => _image.Position = _image.Position + 1, Throws.ArgumentException);
    }

    [TestCase(31)]
    [TestCase(64 * 1024 + 32)]
    [TestCase(int.MaxValue)]
    public void ShouldDeliverNothingWhenAFrameIsImpossible(int frameLength)
    {
        using (var log = LogBuffers.Open(Path.Combine(Directory, "publications", $"{_image.CorrelationId}.logbuffer")))
            log.TermBuffers[0].PutInt(0, frameLength);

        for (var i = 0; i < 3; i++)
            Assert.That(_subscription.Poll((_, _, _, _) => Assert.Fail("nothing is to be delivered"), 10), Is.Zero);

        Assert.That(_image.Position, Is.Zero);
        Assert.That(Errors.Single(), Is.TypeOf<InvalidDataException>());
        Assert.That(Errors.Single().Message, Does.Contain($"{frameLength} bytes"));
    }
}
