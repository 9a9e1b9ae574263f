using ExecutionPipeline.Aeron.Buffers;
using ExecutionPipeline.Aeron.Client;
using ExecutionPipeline.Aeron.Driver;
using ExecutionPipeline.Aeron.Protocol;

namespace ExecutionPipeline.Aeron.Tests.Fuzz;

/// <summary>
/// Anything in the ring to the driver: it answers or counts what cannot be, frees what was held, and serves others.
/// </summary>
public sealed class CommandFuzzTests : StepTestBase
{
    private const int LongestCommand = 512;
    private static readonly TimeSpan AllTimeouts = TimeSpan.FromSeconds(40);

    private readonly UnsafeBuffer _command = new(new byte[LongestCommand]);
    private readonly SortedSet<string> _unexpected = [];
#pragma warning disable NUnit1032 // Kept by the base class, which disposes it.
    private CncFile _cncFile = null!;
#pragma warning restore NUnit1032
    private ManyToOneRingBuffer _toDriver = null!;
    private Random _random = null!;
    private long _errorCount;

    [SetUp]
    public void MapCncFile()
    {
        _random = TestSeed.NewRandom();
        _cncFile = Keep(CncFile.Map(Path.Combine(Directory, CncFileDescriptor.CNC_FILE))!);
        _toDriver = new ManyToOneRingBuffer(_cncFile.ToDriverBuffer);
    }

    [Test]
    public void ShouldServeOthersWhateverTheCommandsAre()
    {
        var cases = FuzzCases.Percent(40);
        for (var i = 0L; i < cases; i++)
        {
            Write(i);
            Driver.SharedAgentInvoker()!.Invoke();
            if (_random.Next(4096) == 0)
                Pass(AllTimeouts);
        }

        Pass(2 * AllTimeouts);
        Assert.That(_toDriver.ConsumerPosition, Is.EqualTo(_toDriver.ProducerPosition).And.GreaterThan(16 * cases));
        Assert.That(_errorCount, Is.GreaterThan(cases / 4));
        Assert.That(_unexpected, Is.Empty);
        Assert.That(System.IO.Directory.GetFiles(Path.Combine(Directory, "publications")), Is.Empty);
        var aeron = ConnectStepped();
        var subscription = aeron.AddSubscription("aeron:ipc", StreamId);
        var publication = aeron.AddExclusivePublication(Channel, StreamId);
        Step();
        Assert.That(publication.Offer(new UnsafeBuffer(new byte[8])), Is.Positive);
        Assert.That(subscription.Poll((_, _, _, _) => { }, 10), Is.EqualTo(1));
    }

    protected override void Configure(MediaDriver.Context context) =>
        context.ErrorHandler(new CallbackErrorHandler(OnDriverError));

    // Errors by which the driver says what is wrong. Anything else would be a check that it lacks.
    private void OnDriverError(Exception exception)
    {
        _errorCount++;
        if (exception is not (ControlProtocolException or InvalidDataException or ArgumentException
            or InvalidOperationException or IOException))
            _unexpected.Add(exception.ToString());
    }

    private void Write(long number)
    {
        var kind = _random.Next(1024);
        if (kind < 8)
        {
            WriteNoiseOverRing();
        }
        else if (kind < 256)
        {
            WriteNoise();
        }
        else
        {
            var length = FuzzCases.Spoil(_random, _command, Compose(number));
            _toDriver.TryWrite(1 + _random.Next(0x13), _command, 0, length);
        }
    }

    private void WriteNoise()
    {
        for (var i = 0; i < LongestCommand; i += sizeof(int))
            _command.PutInt(i, FuzzCases.Number(_random));

        var typeId = Math.Max(1, FuzzCases.Number(_random) & int.MaxValue);
        _toDriver.TryWrite(typeId, _command, 0, _random.Next(LongestCommand));
    }

    private void WriteNoiseOverRing()
    {
        // As a writer leaves it that dies within its command, or one that has run wild.
        var index = _toDriver.TryClaim(1 + _random.Next(20), _random.Next(64));
        Assert.That(index, Is.Positive, "room in the ring");
        if (_random.Next(2) == 0)
        {
            for (var offset = -RecordDescriptor.HeaderLength; offset < 32; offset += sizeof(int))
                _toDriver.Buffer.PutInt((index + offset) % _toDriver.Capacity, FuzzCases.Number(_random));
        }

        Driver.SharedAgentInvoker()!.Invoke();
        if (_toDriver.ConsumerPosition != _toDriver.ProducerPosition)
            Pass(TimeSpan.FromSeconds(15));
    }

    /// <summary>The fields that all commands have in common or share the place of, with likely values.</summary>
    private int Compose(long number)
    {
        string[] channels =
        [
            Channel, "aeron:ipc", $"{Channel}|session-id=5|mtu=2048|linger=1s", $"{Channel}|tether=false|rejoin=false",
            $"{Channel}|init-term-id=7|term-id=9|term-offset=64", "aeron:udp?endpoint=localhost:40123", "",
        ];
        _command.PutLong(0, _random.Next(4));
        _command.PutLong(8, _random.Next(2) == 0 ? 1_000_000 + number : 1_000_000 + _random.NextInt64(number + 1));
        _command.PutInt(16, StreamId + _random.Next(3));
        if (_random.Next(2) == 0)
            return 20 + _command.PutStringAscii(20, channels[_random.Next(channels.Length)]);

        _command.PutLong(16, 1_000_000 + _random.NextInt64(number + 1));
        _command.PutInt(24, _random.Next(16));
        _command.PutLong(28, _random.Next(16));
        return 28 + sizeof(long) + _random.Next(64);
    }
}
