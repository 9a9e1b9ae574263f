using ExecutionPipeline.Aeron.Buffers;

namespace ExecutionPipeline.Aeron.Tests.Buffers;

public sealed class BroadcastTests
{
    private const int Capacity = 1024;

    private readonly UnsafeBuffer _message = new(new byte[256]);
    private UnsafeBuffer _memory = null!;
    private BroadcastTransmitter _transmitter = null!;

    [SetUp]
    public void CreateBroadcast()
    {
        _memory = new UnsafeBuffer(new byte[Capacity + BroadcastBufferDescriptor.TrailerLength]);
        _transmitter = new BroadcastTransmitter(_memory);
    }

    [Test]
    public void ShouldGiveEveryReceiverAllMessagesWhenTheyKeepUp()
    {
        var receivers = new[] { NewReceiver(), NewReceiver() };
        var random = TestSeed.NewRandom();
        for (var i = 0L; i < 10_000; i++)
        {
            var length = random.Next(8, _transmitter.MaxMsgLength + 1);
            _message.PutLong(0, i);
            _transmitter.Transmit(3, _message, 0, length);
            foreach (var receiver in receivers)
            {
                var count = receiver.Receive((type, buffer, index, received) =>
                {
                    Assert.That(type, Is.EqualTo(3));
                    Assert.That(received, Is.EqualTo(length));
                    Assert.That(buffer.GetLong(index), Is.EqualTo(i));
                });
                Assert.That(count, Is.EqualTo(1));
            }
        }
    }

    [Test]
    public void ShouldReceiveNothingWhenNothingIsNew()
    {
        var receiver = NewReceiver();
        Assert.That(receiver.Receive((_, _, _, _) => Assert.Fail("nothing was sent")), Is.Zero);
    }

    [Test]
    public void ShouldThrowWhenTheReceiverWasLapped()
    {
        var receiver = NewReceiver();
        for (var i = 0; i < 100; i++)
            _transmitter.Transmit(1, _message, 0, 64);

        Assert.That(() => receiver.Receive((_, _, _, _) => { }), Throws.InvalidOperationException);
    }

    [Test]
    public void ShouldBeginWithTheLatestMessageWhenJoiningLate()
    {
        for (var i = 0L; i < 5; i++)
        {
            _message.PutLong(0, i);
            _transmitter.Transmit(1, _message, 0, 16);
        }

        var receiver = NewReceiver();
        var first = -1L;
        receiver.Receive((_, buffer, index, _) => first = buffer.GetLong(index));
        Assert.That(first, Is.EqualTo(4));
    }

    [Test]
    public void ShouldSeeThatAMessageWasOverwrittenWhileItWasRead()
    {
        var receiver = new BroadcastReceiver(_memory);
        _transmitter.Transmit(1, _message, 0, 64);
        Assert.That(receiver.TryReceiveNext(), Is.True);
        Assert.That(receiver.IsValid(), Is.True);
        for (var i = 0; i < Capacity / 64; i++)
            _transmitter.Transmit(1, _message, 0, 64);

        Assert.That(receiver.IsValid(), Is.False);
    }

    [Test]
    public void ShouldThrowOrReceiveAndNothingElseWhenTheMemoryIsNoise()
    {
        var random = TestSeed.NewRandom();
        var noise = new byte[_memory.Capacity];
        for (var i = 0; i < 20_000; i++)
        {
            random.NextBytes(noise);
            _memory.PutBytes(0, noise);
            _memory.PutLong(Capacity + BroadcastBufferDescriptor.TailCounterOffset, random.Next(0, 4096));
            _memory.PutLong(Capacity + BroadcastBufferDescriptor.LatestCounterOffset, random.Next(0, 4096));
            var receiver = NewReceiver();
            try
            {
                for (var j = 0; j < 4; j++)
                    receiver.Receive((_, buffer, index, length) => buffer.BoundsCheck(index, length));
            }
            catch (InvalidOperationException)
            {
                // The answer to what cannot be.
            }
        }
    }

    [Test]
    public void ShouldThrowThatMessagesAreLostWhenALengthLeadsOutOfTheMemory()
    {
        var receiver = NewReceiver();
        var record = 0;
        for (; record < Capacity - 128; record += 64)
        {
            _transmitter.Transmit(1, _message, 0, 56);
            Assert.That(receiver.Receive((_, _, _, _) => { }), Is.EqualTo(1));
        }

        _transmitter.Transmit(1, _message, 0, 56);
        _memory.PutInt(record + RecordDescriptor.LengthOffset, Capacity);
        Assert.That(() => receiver.Receive((_, _, _, _) => { }), Throws.InvalidOperationException);
    }

    /// <summary>
    /// Lengths differ, so that whoever is lapped in the middle of a record finds the next one's bytes where a length
    /// was, and the same with padding.
    /// </summary>
    [Test]
    public void ShouldReceiveOnlyWhatWasSentWhenItIsLappedAtAnyMoment()
    {
        const int messageCount = 3_000_000;
        var seed = TestSeed.Next();
        var sending = Task.Factory.StartNew(
            () =>
            {
                var random = new Random(seed);
                for (var number = 1L; number <= messageCount; number++)
                {
                    var length = random.Next(1, 17) * 8;
                    for (var offset = 0; offset < length; offset += 8)
                        _message.PutLong(offset, number * 32 + length / 8);
                    _transmitter.Transmit(1, _message, 0, length);
                }
            },
            TaskCreationOptions.LongRunning);
        var last = 0L;
        while (!sending.IsCompleted)
            ReceiveUntilLapped(NewReceiver(), sending, ref last);

        Assert.That(sending.IsCompletedSuccessfully, Is.True);
        Assert.That(last, Is.Positive);
    }

    private static void ReceiveUntilLapped(CopyBroadcastReceiver receiver, Task sending, ref long last)
    {
        var (previous, failure) = (0L, "");
        MessageHandler handler = (type, buffer, index, length) =>
        {
            var word = length < 8 ? 0 : buffer.GetLong(index);
            for (var offset = 8; offset + 8 <= length; offset += 8)
                word = buffer.GetLong(index + offset) == word ? word : 0;
            var isNext = previous == 0 || word / 32 == previous + 1;
            if (type != 1 || word % 32 * 8 != length || !isNext)
                failure = $"type {type}, {length} bytes, word {word} behind {previous}";
            previous = word / 32;
        };
        try
        {
            while (failure.Length == 0 && !sending.IsCompleted)
                receiver.Receive(handler);
        }
        catch (InvalidOperationException)
        {
            // It was lapped, and knows.
        }

        Assert.That(failure, Is.Empty);
        last = Math.Max(last, previous);
    }

    private CopyBroadcastReceiver NewReceiver() => new(new BroadcastReceiver(_memory));
}
