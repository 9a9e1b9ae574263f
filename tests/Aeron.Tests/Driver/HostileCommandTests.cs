using ExecutionPipeline.Aeron.Buffers;
using ExecutionPipeline.Aeron.Client;
using ExecutionPipeline.Aeron.Driver;
using ExecutionPipeline.Aeron.Protocol;

namespace ExecutionPipeline.Aeron.Tests.Driver;

/// <summary>Any process of the user may write anything into the driver's memory.</summary>
public sealed class HostileCommandTests : StepTestBase
{
#pragma warning disable NUnit1032 // Kept by the base class, which disposes it.
    private CncFile _cncFile = null!;
#pragma warning restore NUnit1032
    private ManyToOneRingBuffer _toDriver = null!;

    [SetUp]
    public void MapCncFile()
    {
        _cncFile = Keep(CncFile.Map(Path.Combine(Directory, CncFileDescriptor.CNC_FILE))!);
        _toDriver = new ManyToOneRingBuffer(_cncFile.ToDriverBuffer);
    }

    [Test]
    public void ShouldServeOthersWhenCommandsAreNoise()
    {
        var random = TestSeed.NewRandom();
        var noise = new byte[512];
        var command = new UnsafeBuffer(noise);
        for (var i = 0; i < 20_000; i++)
        {
            random.NextBytes(noise);
            // Small numbers are likelier to pass for lengths.
            for (var j = 0; j < noise.Length; j += 4)
            {
                if (random.Next(2) == 0)
                    command.PutInt(j, random.Next(-8, 64));
            }

            _toDriver.TryWrite(random.Next(1, 0x14), command, 0, random.Next(noise.Length));
            Driver.SharedAgentInvoker()!.Invoke();
        }

        AssertDriverServes();
    }

    [Test]
    public void ShouldServeOthersWhenCommandsAreNearlyRight()
    {
        var random = TestSeed.NewRandom();
        var command = new UnsafeBuffer(new byte[256]);
        const string channel = "aeron:ipc?term-length=64k|mtu=2048|session-id=5|linger=1s";
        for (var i = 0; i < 5_000; i++)
        {
            command.PutLong(0, random.Next(4));
            command.PutLong(8, 1_000_000 + i);
            command.PutInt(16, StreamId);
            var length = 20 + command.PutStringAscii(20, channel);
            for (var mutations = random.Next(4); mutations > 0; mutations--)
                command.PutByte(random.Next(length), (byte)random.Next(256));

            var sent = random.Next(8) == 0 ? random.Next(length) : length;
            _toDriver.TryWrite(random.Next(2) == 0 ? 1 : 3, command, 0, sent);
            Driver.SharedAgentInvoker()!.Invoke();
            if (i % 50 == 0)
                Pass(TimeSpan.FromSeconds(15));
        }

        AssertDriverServes();
    }

    [Test]
    public void ShouldServeOthersWhenAClientsLogAndPositionsAreNoise()
    {
        var random = TestSeed.NewRandom();
        var aeron = ConnectStepped();
        aeron.AddSubscription("aeron:ipc", StreamId);
        var publication = aeron.AddPublication(Channel, StreamId);
        Step();
        using var log = LogBuffers.Open(
            Path.Combine(Directory, "publications", $"{publication.RegistrationId}.logbuffer"));
        var position = CounterOf(AeronCounters.DriverSubscriberPositionTypeId);
        for (var i = 0; i < 5_000; i++)
        {
            for (var j = 0; j < 4; j++)
                log.MetaDataBuffer.PutLong(j * 8, random.NextInt64() >> random.Next(64));

            log.TermBuffers[random.Next(3)].PutInt(random.Next(2048) * 32, random.Next(int.MinValue, int.MaxValue));
            _cncFile.CountersValuesBuffer.PutLong(
                CountersDescriptor.CounterOffset(position), random.NextInt64() >> random.Next(64));
            Pass(TimeSpan.FromSeconds(0.6));
        }

        Assert.That(Errors.OfType<IndexOutOfRangeException>(), Is.Empty);
        AssertDriverServes();
    }

    [Test]
    public void ShouldPollWithinTheLogWhenItsFramesAreNoise()
    {
        var random = TestSeed.NewRandom();
        var noise = new byte[4096];
        var sum = 0L;
        for (var i = 0; i < 200; i++)
        {
            var aeron = ConnectStepped();
            var subscription = aeron.AddSubscription("aeron:ipc", StreamId + i);
            var publication = aeron.AddExclusivePublication(Channel, StreamId + i);
            Step();
            using var log = LogBuffers.Open(
                Path.Combine(Directory, "publications", $"{publication.RegistrationId}.logbuffer"));
            random.NextBytes(noise);
            for (var offset = 0; offset < noise.Length; offset += 32)
                BitConverter.TryWriteBytes(noise.AsSpan(offset), random.Next(-64, 640));

            log.TermBuffers[0].PutBytes(0, noise);
            var assembler = new FragmentAssembler((IDirectBuffer buffer, int offset, int length, Header _) =>
            {
                foreach (var value in buffer.AsSpan(offset, length))
                    sum += value;
            });
            for (var poll = 0; poll < 20; poll++)
                subscription.Poll(assembler, 10);

            aeron.Dispose();
            Forget(aeron);
            Step();
        }

        Assert.That(Errors, Has.All.TypeOf<InvalidDataException>());
        Assert.That(sum, Is.Positive);
        AssertDriverServes();
    }

    [Test]
    public void ShouldCountAnErrorWhenACommandIsUnknown()
    {
        var errors = _cncFile.CountersValuesBuffer;
        var offset = CountersDescriptor.CounterOffset((int)SystemCounterId.Errors);
        var before = errors.GetLong(offset);
        _toDriver.TryWrite(999, new UnsafeBuffer(new byte[16]), 0, 16);
        _toDriver.TryWrite(ControlProtocolEvents.AddDestination, new UnsafeBuffer(new byte[32]), 0, 32);
        Step();
        Assert.That(errors.GetLong(offset), Is.EqualTo(before + 2));
        var texts = new List<string>();
        ErrorLogReader.Read(_cncFile.ErrorLogBuffer, (_, _, _, text) => texts.Add(text));
        Assert.That(texts, Has.Some.Contain("999"));
    }

    [Test]
    public void ShouldEndOnlyWhenTheValidatorAgrees()
    {
        var isEnded = false;
        using var other = MediaDriver.LaunchEmbedded(new MediaDriver.Context()
            .AeronDirectoryName(Directory)
            .ThreadingMode(ThreadingMode.INVOKER)
            .TerminationValidator(token => token.SequenceEqual("secret"u8))
            .TerminationHook(() => isEnded = true));
        using var cncFile = CncFile.Map(Path.Combine(other.AeronDirectoryName, CncFileDescriptor.CNC_FILE))!;
        var toDriver = new ManyToOneRingBuffer(cncFile.ToDriverBuffer);
        Terminate(toDriver, "guess"u8);
        other.SharedAgentInvoker()!.Invoke();
        Assert.That(isEnded, Is.False);
        Terminate(toDriver, "secret"u8);
        other.SharedAgentInvoker()!.Invoke();
        Assert.That(isEnded, Is.True);
    }

    [Test]
    public void ShouldCloseWhenTheTerminationHookClosesItInItsTurn()
    {
        MediaDriver? closing = null;
        using var other = closing = MediaDriver.LaunchEmbedded(new MediaDriver.Context()
            .AeronDirectoryName(Directory)
            .ThreadingMode(ThreadingMode.INVOKER)
            .TerminationValidator(_ => true)
            .TerminationHook(() => closing!.Dispose())
            .ErrorHandler(new CallbackErrorHandler(Record)));
        using (var cncFile = CncFile.Map(Path.Combine(other.AeronDirectoryName, CncFileDescriptor.CNC_FILE))!)
            Terminate(new ManyToOneRingBuffer(cncFile.ToDriverBuffer), "any"u8);

        var turn = Task.Run(() => other.SharedAgentInvoker()!.Invoke());
        Assert.That(turn.Wait(Patience), Is.True, "the turn ends");
        Assert.That(other.IsClosed, Is.True);
        Assert.That(System.IO.Directory.Exists(other.AeronDirectoryName), Is.False);
        Assert.That(Errors, Is.Empty);
    }

    private static void Terminate(ManyToOneRingBuffer toDriver, ReadOnlySpan<byte> token)
    {
        var command = new UnsafeBuffer(new byte[64]);
        command.PutInt(16, token.Length);
        command.PutBytes(20, token);
        Assert.That(toDriver.TryWrite(ControlProtocolEvents.TerminateDriver, command, 0, 20 + token.Length), Is.True);
    }

    private int CounterOf(int typeId)
    {
        var found = -1;
        new CountersReader(_cncFile.CountersMetaDataBuffer, _cncFile.CountersValuesBuffer).ForEach(
            (id, type, _, _) => found = type == typeId ? id : found);
        return found;
    }

    private void AssertDriverServes()
    {
        var aeron = ConnectStepped();
        var subscription = aeron.AddSubscription("aeron:ipc", 777_777);
        var publication = aeron.AddExclusivePublication(Channel, 777_777);
        Step();
        Assert.That(publication.Offer(new UnsafeBuffer(new byte[8])), Is.Positive);
        Assert.That(subscription.Poll((_, _, _, _) => { }, 10), Is.EqualTo(1));
    }
}
