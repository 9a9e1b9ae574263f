using ExecutionPipeline.Aeron.Buffers;
using ExecutionPipeline.Aeron.Client;
using ExecutionPipeline.Aeron.Protocol;

namespace ExecutionPipeline.Aeron.Tests.Fuzz;

/// <summary>
/// Anything in a log, its metadata and its positions: a subscriber hands over only what lies within a term, and the
/// driver goes on.
/// </summary>
public sealed class FrameFuzzTests : StepTestBase
{
    private const int FragmentLimit = 10;

    private readonly FragmentAssembler _assembler;
#pragma warning disable NUnit1032 // Kept by the base class, which disposes it.
    private CncFile _cncFile = null!;
    private LogBuffers _log = null!;
#pragma warning restore NUnit1032
    private Random _random = null!;
    private long _bytesTouched;

    public FrameFuzzTests() => _assembler = new FragmentAssembler(Touch);

    [SetUp]
    public void SeedRandom()
    {
        _random = TestSeed.NewRandom();
        _cncFile = Keep(CncFile.Map(Path.Combine(Directory, CncFileDescriptor.CNC_FILE))!);
    }

    [Test]
    public void ShouldStayWithinTheTermWhateverTheFramesAre()
    {
        var image = NewImage(StreamId);
        var positionOffset = CountersDescriptor.CounterOffset(image.SubscriberPositionId);
        var cases = FuzzCases.Percent(30);
        for (var i = 0L; i < cases; i++)
        {
            var position = image.Position;
            if (_random.Next(32) == 0)
                position = _random.NextInt64() >> _random.Next(64) & (_random.Next(4) == 0 ? -1 : -32);

            _cncFile.CountersValuesBuffer.PutLong(positionOffset, position);
            foreach (var term in _log.TermBuffers)
                WriteFrames(term, (int)position & 0xFFE0);

            Poll(image);
        }

        Assert.That(_bytesTouched, Is.GreaterThan(cases));
        Assert.That(Errors, Has.All.TypeOf<InvalidDataException>().Or.TypeOf<IndexOutOfRangeException>());
    }

    [Test]
    public void ShouldServeOthersWhateverTheLogsMetaDataAre()
    {
        var cases = FuzzCases.Percent(10);
        for (var i = 0L; i < cases; i++)
        {
            if (i % 4096 == 0)
                NewImage(StreamId + (int)(i / 4096));

            for (var j = 0; j < 4; j++)
                _log.MetaDataBuffer.PutLong(j * sizeof(long), _random.NextInt64() >> _random.Next(64));

            WriteFrames(_log.TermBuffers[_random.Next(3)], _random.Next(2048) * 32);
            Driver.SharedAgentInvoker()!.Invoke();
            if (i % 16 == 0)
                Pass(TimeSpan.FromSeconds(_random.Next(2)));
        }

        Assert.That(Errors, Is.Empty);
        NewImage(1);
    }

    private void Touch(IDirectBuffer buffer, int offset, int length, Header header)
    {
        var bytes = buffer.AsSpan(offset, length);
        if (length > 0)
            _bytesTouched += (bytes[0] ^ bytes[^1] ^ header.Type) >= 0 ? length : 0;
    }

    private Image NewImage(int streamId)
    {
        var aeron = ConnectStepped();
        var subscription = aeron.AddSubscription("aeron:ipc", streamId);
        var publication = aeron.AddPublication(Channel, streamId);
        Step();
        _log = Keep(LogBuffers.Open(
            Path.Combine(Directory, "publications", $"{publication.RegistrationId}.logbuffer")));
        Assert.That(subscription.Images, Has.Count.EqualTo(1));
        return subscription.Images[0];
    }

    private void WriteFrames(UnsafeBuffer term, int offset)
    {
        for (var frames = 1 + _random.Next(3); frames > 0 && offset <= term.Capacity - 32; frames--)
        {
            var length = FuzzCases.Number(_random);
            term.PutInt(offset, length);
            term.PutInt(offset + sizeof(int), FuzzCases.Number(_random) & (_random.Next(2) == 0 ? 0xFFFF : 0xC001_00));
            term.PutInt(offset + DataHeaderFlyweight.TermOffsetFieldOffset, FuzzCases.Number(_random));
            offset += length is > 0 and < 8192 ? BitUtil.Align(length, FrameDescriptor.FrameAlignment) : 32;
        }
    }

    private void Poll(Image image)
    {
        switch (_random.Next(6))
        {
            case 0:
                image.Poll(Touch, FragmentLimit);
                break;
            case 1:
                image.Poll(_assembler, FragmentLimit);
                break;
            case 2:
                image.ControlledPoll(
                    (buffer, offset, length, header) =>
                    {
                        Touch(buffer, offset, length, header);
                        return (ControlledFragmentHandlerAction)_random.Next(1, 5);
                    },
                    FragmentLimit);
                break;
            case 3:
                image.BoundedPoll(Touch, _random.NextInt64() >> _random.Next(64), FragmentLimit);
                break;
            case 4:
                image.BlockPoll(
                    (buffer, offset, length, _, _) => Assert.That(buffer.AsSpan(offset, length).IsEmpty, Is.False),
                    FuzzCases.Number(_random));
                break;
            default:
                image.Poll(_assembler, FuzzCases.Number(_random));
                break;
        }
    }
}
