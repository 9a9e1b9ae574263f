using ExecutionPipeline.Aeron.Buffers;

namespace ExecutionPipeline.Aeron.Tests.Buffers;

public sealed class UnsafeBufferTests
{
    private UnsafeBuffer _buffer = null!;

    [SetUp]
    public void CreateBuffer() => _buffer = new UnsafeBuffer(new byte[64]);

    [Test]
    public void ShouldReadBackWhatWasWritten()
    {
        _buffer.PutLong(0, long.MinValue + 1);
        _buffer.PutInt(8, -2);
        _buffer.PutShort(12, -3);
        _buffer.PutByte(14, 250);
        _buffer.PutDouble(16, Math.PI);
        _buffer.PutFloat(24, 1.5f);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(_buffer.GetLong(0), Is.EqualTo(long.MinValue + 1));
            Assert.That(_buffer.GetInt(8), Is.EqualTo(-2));
            Assert.That(_buffer.GetShort(12), Is.EqualTo(-3));
            Assert.That(_buffer.GetByte(14), Is.EqualTo(250));
            Assert.That(_buffer.GetDouble(16), Is.EqualTo(Math.PI));
            Assert.That(_buffer.GetFloat(24), Is.EqualTo(1.5f));
        }
    }

    [TestCase(-1)]
    [TestCase(57)]
    [TestCase(64)]
    [TestCase(int.MaxValue)]
    [TestCase(int.MinValue)]
    public void ShouldThrowWhenALongLiesOutside(int index)
    {
        Assert.That(() => _buffer.GetLong(index), Throws.TypeOf<IndexOutOfRangeException>());
        Assert.That(() => _buffer.PutLong(index, 1), Throws.TypeOf<IndexOutOfRangeException>());
        Assert.That(() => _buffer.GetLongVolatile(index), Throws.TypeOf<IndexOutOfRangeException>());
        Assert.That(() => _buffer.CompareAndSetLong(index, 0, 1), Throws.TypeOf<IndexOutOfRangeException>());
    }

    [TestCase(0, 65)]
    [TestCase(1, 64)]
    [TestCase(0, -1)]
    [TestCase(-1, 1)]
    [TestCase(int.MaxValue, int.MaxValue)]
    public void ShouldThrowWhenARangeLiesOutside(int index, int length)
    {
        Assert.That(() => _buffer.AsSpan(index, length).Length, Throws.TypeOf<IndexOutOfRangeException>());
        Assert.That(() => _buffer.SetMemory(index, length, 1), Throws.TypeOf<IndexOutOfRangeException>());
        Assert.That(() => _buffer.ZeroPastCaches(index, length), Throws.TypeOf<IndexOutOfRangeException>());
        Assert.That(() => new UnsafeBuffer(_buffer, index, length), Throws.TypeOf<IndexOutOfRangeException>());
        Assert.That(() => new UnsafeBuffer(new byte[64], index, length), Throws.TypeOf<IndexOutOfRangeException>());
    }

    [Test]
    public void ShouldZeroARangeAndNoByteBesideItWhereverItLies()
    {
        var array = GC.AllocateArray<byte>(4 * 64, pinned: true);
        var buffer = new UnsafeBuffer(array);
        for (var index = 0; index < 130; index++)
        {
            for (var length = 0; index + length <= array.Length; length++)
            {
                array.AsSpan().Fill(7);
                buffer.ZeroPastCaches(index, length);
                var zeroed = array.AsSpan(index, length);
                if (zeroed.ContainsAnyExcept((byte)0) || array.AsSpan().Count((byte)7) != array.Length - length)
                    Assert.Fail($"{length} bytes at {index}");
            }
        }
    }

    [Test]
    public void ShouldThrowForEverythingWhenItViewsNothing()
    {
        var empty = new UnsafeBuffer();
        Assert.That(() => empty.GetByte(0), Throws.TypeOf<IndexOutOfRangeException>());
        Assert.That(empty.Capacity, Is.Zero);
    }

    [Test]
    public void ShouldShareBytesWithWhatItWraps()
    {
        var array = new byte[16];
        var whole = new UnsafeBuffer(array);
        var part = new UnsafeBuffer(whole, 8, 8);
        part.PutInt(0, 0x01020304);
        Assert.That(array[8], Is.EqualTo(4));
        Assert.That(part.Capacity, Is.EqualTo(8));
        Assert.That(part.ByteArray, Is.SameAs(array));
    }

    [Test]
    public void ShouldKeepItsArrayInPlaceWhenTheCollectorCompacts()
    {
        var part = new UnsafeBuffer(new UnsafeBuffer(new byte[1024]), 512, 8);
        part.PutLong(0, 42);
        var pointer = part.BufferPointer;
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Forced, blocking: true, compacting: true);
        GC.WaitForPendingFinalizers();
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Forced, blocking: true, compacting: true);
        Assert.That(part.BufferPointer, Is.EqualTo(pointer));
        Assert.That(part.GetLong(0), Is.EqualTo(42));
    }

    [Test]
    public void ShouldReadBackStrings()
    {
        var written = _buffer.PutStringAscii(4, "aeron:ipc");
        Assert.That(written, Is.EqualTo(13));
        Assert.That(_buffer.GetInt(4), Is.EqualTo(9));
        Assert.That(_buffer.GetStringAscii(4), Is.EqualTo("aeron:ipc"));
        Assert.That(_buffer.PutStringWithoutLengthAscii(20, "abcdef", 2, 3), Is.EqualTo(3));
        Assert.That(_buffer.GetStringWithoutLengthAscii(20, 3), Is.EqualTo("cde"));
    }

    [Test]
    public void ShouldThrowWhenAStringsLengthLeavesTheBuffer([Values(-1, 61, int.MaxValue)] int length)
    {
        _buffer.PutInt(0, length);
        Assert.That(() => _buffer.GetStringAscii(0), Throws.TypeOf<IndexOutOfRangeException>());
    }

    [Test]
    public void ShouldUpdateAtomically()
    {
        Assert.That(_buffer.GetAndAddLong(0, 5), Is.Zero);
        Assert.That(_buffer.CompareAndSetLong(0, 5, 6), Is.True);
        Assert.That(_buffer.CompareAndSetLong(0, 5, 7), Is.False);
        Assert.That(_buffer.GetAndAddInt(8, 3), Is.Zero);
        Assert.That(_buffer.CompareAndSetInt(8, 3, 4), Is.True);
        Assert.That(_buffer.GetLongVolatile(0), Is.EqualTo(6));
        Assert.That(_buffer.GetIntVolatile(8), Is.EqualTo(4));
    }
}
