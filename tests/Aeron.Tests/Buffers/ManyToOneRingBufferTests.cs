using ExecutionPipeline.Aeron.Buffers;

namespace ExecutionPipeline.Aeron.Tests.Buffers;

public sealed class ManyToOneRingBufferTests
{
    private const int Capacity = 1024;

    private readonly UnsafeBuffer _message = new(new byte[256]);
    private readonly List<(int Type, int Length, long First)> _read = [];
    private UnsafeBuffer _memory = null!;
    private ManyToOneRingBuffer _ring = null!;

    [SetUp]
    public void CreateRing()
    {
        _read.Clear();
        _memory = new UnsafeBuffer(new byte[Capacity + RingBufferDescriptor.TrailerLength]);
        _ring = new ManyToOneRingBuffer(_memory);
    }

    [Test]
    public void ShouldReadMessagesInOrderWhenTheRingWrapsManyTimes()
    {
        // A plain queue says what is to be read: the ring may differ in nothing but where the bytes lie.
        var reference = new Queue<(int, int, long)>();
        var random = TestSeed.NewRandom();
        for (var i = 0L; i < 20_000; i++)
        {
            var length = random.Next(8, _ring.MaxMsgLength + 1);
            var type = random.Next(1, 100);
            _message.PutLong(0, i);
            if (_ring.TryWrite(type, _message, 0, length))
                reference.Enqueue((type, length, i));

            if (random.Next(3) == 0)
                _ring.Read(Record, random.Next(1, 5));

            while (_read.Count > 0)
            {
                Assert.That(_read[0], Is.EqualTo(reference.Dequeue()));
                _read.RemoveAt(0);
            }
        }

        Assert.That(_ring.ConsumerPosition, Is.GreaterThan(100 * Capacity));
    }

    [Test]
    public void ShouldRefuseWhenFull()
    {
        var written = 0;
        while (_ring.TryWrite(1, _message, 0, 120))
            written++;

        Assert.That(written, Is.EqualTo(Capacity / 128));
        Assert.That(_ring.Read(Record, 1), Is.EqualTo(1));
        Assert.That(_ring.TryWrite(1, _message, 0, 120), Is.True);
    }

    [Test]
    public void ShouldThrowWhenAMessageIsImpossible()
    {
        Assert.That(() => _ring.TryWrite(0, _message, 0, 8), Throws.ArgumentException);
        Assert.That(() => _ring.TryWrite(1, _message, 0, _ring.MaxMsgLength + 1), Throws.ArgumentException);
        Assert.That(() => _ring.TryWrite(1, _message, 0, -1), Throws.InstanceOf<ArgumentOutOfRangeException>());
        Assert.That(() => new ManyToOneRingBuffer(new UnsafeBuffer(new byte[1000])), Throws.ArgumentException);
    }

    [Test]
    public void ShouldNotReadAClaimUntilItIsCommitted()
    {
        var index = _ring.TryClaim(7, 16);
        _memory.PutLong(index, 99);
        Assert.That(_ring.Read(Record), Is.Zero);
        _ring.Commit(index);
        Assert.That(_ring.Read(Record), Is.EqualTo(1));
        Assert.That(_read[0], Is.EqualTo((7, 16, 99L)));
        Assert.That(() => _ring.Commit(index), Throws.InvalidOperationException);
    }

    [Test]
    public void ShouldSkipAClaimThatWasAborted()
    {
        _ring.Abort(_ring.TryClaim(7, 16));
        _ring.TryWrite(8, _message, 0, 16);
        Assert.That(_ring.Read(Record), Is.EqualTo(1));
        Assert.That(_read[0].Type, Is.EqualTo(8));
    }

    [Test]
    public void ShouldCountAMessageAsReadWhenItsHandlerThrows()
    {
        _ring.TryWrite(1, _message, 0, 16);
        _ring.TryWrite(2, _message, 0, 16);
        Assert.That(() => _ring.Read((_, _, _, _) => throw new TimeoutException()), Throws.TypeOf<TimeoutException>());
        Assert.That(_ring.Read(Record), Is.EqualTo(1));
        Assert.That(_read[0].Type, Is.EqualTo(2));
    }

    [Test]
    public void ShouldUnblockWhenAClaimWasNeverCommitted()
    {
        _ring.TryClaim(7, 16);
        _ring.TryWrite(8, _message, 0, 16);
        Assert.That(_ring.Read(Record), Is.Zero);
        Assert.That(_ring.TryUnblock(), Is.True);
        Assert.That(_ring.Read(Record), Is.EqualTo(1));
        Assert.That(_read[0].Type, Is.EqualTo(8));
        Assert.That(_ring.TryUnblock(), Is.False);
    }

    [Test]
    public void ShouldUnblockWhenAWriterDiedBeforeItsHeader()
    {
        // The tail was moved and nothing written; the next writer went on after it.
        _memory.PutLong(Capacity + RingBufferDescriptor.TailPositionOffset, 32);
        _ring.TryWrite(8, _message, 0, 16);
        Assert.That(_ring.TryUnblock(), Is.True);
        Assert.That(_ring.Read(Record), Is.EqualTo(1));
        Assert.That(_read[0].Type, Is.EqualTo(8));
    }

    [TestCase(1)]
    [TestCase(7)]
    [TestCase(Capacity + 1)]
    [TestCase(int.MaxValue)]
    public void ShouldDropEverythingUnreadWhenALengthIsImpossible(int length)
    {
        _ring.TryWrite(1, _message, 0, 16);
        _ring.TryWrite(2, _message, 0, 16);
        _memory.PutInt(0, length);
        Assert.That(() => _ring.Read(Record), Throws.TypeOf<InvalidDataException>());
        Assert.That(_read, Is.Empty);
        Assert.That(_ring.Read(Record), Is.Zero);
        Assert.That(_ring.TryWrite(3, _message, 0, 16), Is.True);
        Assert.That(_ring.Read(Record), Is.EqualTo(1));
    }

    [Test]
    public void ShouldUnblockWhenANegativeLengthIsImpossible([Values(int.MinValue, -Capacity - 8)] int length)
    {
        _ring.TryWrite(1, _message, 0, 16);
        _memory.PutInt(0, length);
        Assert.That(_ring.TryUnblock(), Is.True);
        Assert.That(_ring.Read(Record), Is.Zero);
        Assert.That(_ring.ConsumerPosition, Is.EqualTo(_ring.ProducerPosition));
    }

    [Test]
    public void ShouldGoOnAtTheStartWhenAWriterDiedAtTheEndBeforeItWroteAnything()
    {
        for (var i = 0; i < Capacity / 64 - 1; i++)
        {
            _ring.TryWrite(1, _message, 0, 56);
            _ring.Read(Record);
        }

        _read.Clear();
        // Claimed: the 64 bytes at the end, to be skipped, and 32 at the start.
        _memory.PutLong(Capacity + RingBufferDescriptor.TailPositionOffset, Capacity + 32);
        Assert.That(_ring.TryWrite(7, _message, 0, 16), Is.True);
        for (var i = 0; i < 2; i++)
        {
            Assert.That(_ring.Read(Record), Is.Zero);
            Assert.That(_ring.TryUnblock(), Is.True);
            _ring.Read(Record);
        }

        Assert.That(_read, Has.Count.EqualTo(1));
        Assert.That(_ring.ConsumerPosition, Is.EqualTo(_ring.ProducerPosition));
    }

    [Test]
    public void ShouldStayWithinItsMemoryWhenThatIsNoise()
    {
        var random = TestSeed.NewRandom();
        var noise = new byte[Capacity + RingBufferDescriptor.TrailerLength];
        for (var i = 0; i < 20_000; i++)
        {
            random.NextBytes(noise);
            // Small numbers are likelier to pass for lengths and positions.
            for (var j = 0; j < Capacity; j += 8)
            {
                if (random.Next(2) == 0)
                    BitConverter.TryWriteBytes(noise.AsSpan(j), random.Next(-64, 128));
            }

            _memory.PutBytes(0, noise);
            try
            {
                _ring.Read(Record, 16);
            }
            catch (InvalidDataException)
            {
                // The one answer to what cannot be.
            }

            _ring.TryUnblock();
            _ring.TryWrite(1, _message, 0, 16);
            _read.Clear();
        }
    }

    [Test]
    public void ShouldGiveEveryWritersMessagesInItsOrderWhenThreadsShareTheRing()
    {
        const int writers = 2;
        const int messages = 50_000;
        var ring = new ManyToOneRingBuffer(new UnsafeBuffer(new byte[64 * 1024 + RingBufferDescriptor.TrailerLength]));
        var threads = Enumerable.Range(1, writers)
            .Select(type => new Thread(() => Write(ring, type, messages)))
            .ToArray();
        foreach (var thread in threads)
            thread.Start();

        var next = new long[writers + 1];
        var total = 0;
        MessageHandler check = (type, buffer, index, _) =>
            Assert.That(buffer.GetLong(index), Is.EqualTo(next[type]++));
        var isDone = SpinWait.SpinUntil(
            () => (total += ring.Read(check)) == writers * messages, TimeSpan.FromSeconds(30));
        foreach (var thread in threads)
            Assert.That(thread.Join(TimeSpan.FromSeconds(120)), Is.True);

        Assert.That(isDone, Is.True);
        Assert.That(ring.NextCorrelationId(), Is.Zero);
        Assert.That(ring.NextCorrelationId(), Is.EqualTo(1));
    }

    private static void Write(ManyToOneRingBuffer ring, int type, int messages)
    {
        var message = new UnsafeBuffer(new byte[16]);
        for (var i = 0L; i < messages;)
        {
            message.PutLong(0, i);
            if (ring.TryWrite(type, message, 0, 16))
                i++;
            else
                Thread.Yield();
        }
    }

    private void Record(int msgTypeId, UnsafeBuffer buffer, int index, int length) =>
        _read.Add((msgTypeId, length, length >= 8 ? buffer.GetLong(index) : 0));
}
