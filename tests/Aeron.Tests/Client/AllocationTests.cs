using ExecutionPipeline.Aeron.Buffers;
using ExecutionPipeline.Aeron.Client;

namespace ExecutionPipeline.Aeron.Tests.Client;

/// <summary>Sending and receiving in every way allocates nothing once warm.</summary>
public sealed class AllocationTests : StepTestBase
{
    private const int Warmup = 300;
    private const int Measured = 3_000;

    private readonly UnsafeBuffer _message = new(new byte[4096]);
    private readonly BufferClaim _claim = new();
    private readonly DirectBufferVector[] _vectors;
    private readonly FragmentHandler _onFragment;
    private readonly ControlledFragmentHandler _onControlled;
    private readonly BlockHandler _onBlock;
    private readonly RawBlockHandler _onRawBlock;
    private readonly ReservedValueSupplier _reserve = (_, _, _) => 7;
    private readonly FragmentAssembler _assembler;
    private readonly ControlledFragmentAssembler _controlled;
    private readonly ImageFragmentAssembler _imageAssembler;
    private long _sum;
    private object? _kept;

    public AllocationTests()
    {
        _vectors = [new DirectBufferVector(_message, 0, 40), new DirectBufferVector(_message, 64, 2000)];
        _onFragment = (buffer, offset, _, header) => _sum += buffer.GetByte(offset) + header.Position;
        _onControlled = (_, _, length, _) =>
        {
            _sum += length;
            return ControlledFragmentHandlerAction.COMMIT;
        };
        _onBlock = (_, _, length, _, _) => _sum += length;
        _onRawBlock = (_, fileOffset, _, _, _, _, _) => _sum += fileOffset;
        _assembler = new FragmentAssembler(_onFragment);
        _controlled = new ControlledFragmentAssembler(_onControlled);
        _imageAssembler = new ImageFragmentAssembler(_onFragment);
    }

    [TestCase(true)]
    [TestCase(false)]
    public void ShouldAllocateNothingWhenWarm(bool isExclusive)
    {
        var (publication, subscription) = AddStream(isExclusive);
        Assert.That(BytesOf(i => SendAndReceive(publication, subscription, i)), Is.Zero);
        Assert.That(_sum, Is.Positive);
        Assert.That(Errors, Is.Empty);
    }

    [Test]
    public void ShouldBeSeenWhenOneObjectIsAllocated()
    {
        var (publication, subscription) = AddStream(isExclusive: true);
        var bytes = BytesOf(i =>
        {
            SendAndReceive(publication, subscription, i);
            if (i % Measured == Warmup + 1)
                _kept = new object();
        });
        Assert.That(_kept, Is.Not.Null);
        Assert.That(bytes, Is.Positive);
    }

    private static long BytesOf(Action<int> body) => AllocationMeter.FewestBytesOf(body, Warmup, Measured);

    private (Publication Publication, Subscription Subscription) AddStream(bool isExclusive)
    {
        var aeron = ConnectStepped();
        var subscription = aeron.AddSubscription("aeron:ipc", StreamId);
        Publication publication = isExclusive
            ? aeron.AddExclusivePublication(Channel, StreamId)
            : aeron.AddPublication(Channel, StreamId);
        Step();
        return (publication, subscription);
    }

    private void SendAndReceive(Publication publication, Subscription subscription, int index)
    {
        if (publication.TryClaim(100, _claim) > 0)
        {
            _claim.Buffer.PutLong(_claim.Offset, index);
            _claim.Commit();
        }

        publication.Offer(_message, 0, 128);
        publication.Offer(_message, 0, 3000, _reserve);
        publication.Offer(_message, 0, 30, _message, 64, 100);
        publication.Offer(_vectors);
        (publication as ExclusivePublication)?.AppendPadding(32);
        var image = subscription.ImageAtIndex(0);
        image.ControlledPeek(image.Position, _onControlled, image.Position + 128);
        subscription.Poll(_assembler, 2);
        image.Poll(_imageAssembler, 1);
        subscription.ControlledPoll(_controlled, 1);
        image.BoundedPoll(_onFragment, image.Position + 64, 1);
        subscription.BlockPoll(_onBlock, 256);
        subscription.RawPoll(_onRawBlock, 256);
        while (subscription.Poll(_onFragment, 10) > 0)
        {
        }

        Driver.SharedAgentInvoker()!.Invoke();
    }
}
