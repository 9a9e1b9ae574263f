using ExecutionPipeline.Aeron.Buffers;
using ExecutionPipeline.Aeron.Client;

namespace ExecutionPipeline.Aeron.Tests.Client;

/// <summary>The fragment whose handler threw has been read, even where the handler of errors throws as well.</summary>
public sealed class ThrowingErrorHandlerTests : StepTestBase
{
    private readonly UnsafeBuffer _message = new(new byte[32]);
    private Image _image = null!;

    [SetUp]
    public void AddStream()
    {
        var aeron = ConnectStepped(context =>
            context.SubscriberErrorHandler(new CallbackErrorHandler(exception => throw exception)));
        var subscription = aeron.AddSubscription("aeron:ipc", StreamId);
        var publication = aeron.AddExclusivePublication(Channel, StreamId);
        Step();
        _image = subscription.ImageAtIndex(0);
        for (var i = 0L; i < 3; i++)
        {
            _message.PutLong(0, i);
            Assert.That(publication.Offer(_message, 0, 32), Is.Positive);
        }
    }

    [Test]
    public void ShouldHandTheNextFragmentOverWhenOneThrew()
    {
        var seen = new List<long>();
        FragmentHandler handler = (buffer, offset, _, _) =>
        {
            seen.Add(buffer.GetLong(offset));
            if (seen.Count == 2)
                throw new TimeZoneNotFoundException();
        };
        Assert.That(() => _image.Poll(handler, 10), Throws.TypeOf<TimeZoneNotFoundException>());
        Assert.That(_image.Position, Is.EqualTo(128));
        Assert.That(_image.Poll(handler, 10), Is.EqualTo(1));
        Assert.That(seen, Is.EqualTo(new long[] { 0, 1, 2 }));
    }

    [Test]
    public void ShouldReadTheFragmentWhenAControlledHandlerThrew()
    {
        ControlledFragmentHandler handler = (_, _, _, _) => throw new TimeZoneNotFoundException();
        Assert.That(() => _image.ControlledPoll(handler, 10), Throws.TypeOf<TimeZoneNotFoundException>());
        Assert.That(_image.Position, Is.EqualTo(64));
    }

    [Test]
    public void ShouldReadTheBlockWhenItsHandlerThrew()
    {
        Assert.That(
            () => _image.BlockPoll((_, _, _, _, _) => throw new TimeZoneNotFoundException(), 128),
            Throws.TypeOf<TimeZoneNotFoundException>());
        Assert.That(_image.Position, Is.EqualTo(128));
    }
}
