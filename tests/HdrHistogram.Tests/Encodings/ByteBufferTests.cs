using ExecutionPipeline.HdrHistogram.Utilities;

namespace ExecutionPipeline.HdrHistogram.Tests.Encodings;

[TestFixture]
internal sealed class ByteBufferTests
{
    [Test]
    public void ShouldReadWhatIsWrittenWhenNumbersAreMixed()
    {
        var buffer = ByteBuffer.Allocate(32);
        buffer.Put(7);
        buffer.PutInt(-2);
        buffer.PutLong(long.MinValue + 3);
        buffer.PutDouble(-0.125);
        buffer.PutInt(1, 0x01020304);
        var end = buffer.Position;
        buffer.Position = 0;

        using (Assert.EnterMultipleScope())
        {
            Assert.That(buffer.Get(), Is.EqualTo(7));
            Assert.That(buffer.GetShort(), Is.EqualTo(0x0102), "the highest byte comes first");
            Assert.That(buffer.GetShort(), Is.EqualTo(0x0304));
            Assert.That(buffer.GetLong(), Is.EqualTo(long.MinValue + 3));
            Assert.That(buffer.GetDouble(), Is.EqualTo(-0.125));
            Assert.That(buffer.Position, Is.EqualTo(end));
            Assert.That(buffer.Remaining(), Is.EqualTo(32 - end));
        }
    }

    [Test]
    public void ShouldKeepItsOwnBytesWhenMadeFromAnArray()
    {
        var source = new byte[] { 1, 2, 3 };
        var buffer = ByteBuffer.Allocate(source);
        source[0] = 9;
        Assert.That((buffer.Get(), buffer.Capacity()), Is.EqualTo(((byte)1, 3)));
    }

    [Test]
    public void ShouldThrowWhenNumberPassesTheEnd()
    {
        var buffer = ByteBuffer.Allocate(7);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(() => buffer.GetLong(), Throws.InstanceOf<ArgumentException>());
            Assert.That(() => buffer.PutLong(1), Throws.InstanceOf<ArgumentException>());
            Assert.That(buffer.Position, Is.Zero);
        }
    }

    [Test]
    public void ShouldReadOnWhenStreamGivesLessThanAsked()
    {
        var bytes = Enumerable.Range(0, 100).Select(value => (byte)value).ToArray();
        var buffer = ByteBuffer.Allocate(100);
        var read = buffer.ReadFrom(new DribblingStream(bytes), 100);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(read, Is.EqualTo(100));
            Assert.That(Enumerable.Range(0, 100).Select(_ => buffer.Get()), Is.EqualTo(bytes));
        }
    }

    [Test]
    public void ShouldSayHowMuchWhenStreamEnds()
        => Assert.That(ByteBuffer.Allocate(10).ReadFrom(new DribblingStream([1, 2, 3]), 10), Is.EqualTo(3));

    /// <summary>Gives three bytes at a time at most.</summary>
    private sealed class DribblingStream(byte[] bytes) : MemoryStream(bytes)
    {
        public override int Read(Span<byte> buffer) => base.Read(buffer[..Math.Min(3, buffer.Length)]);

        public override int Read(byte[] buffer, int offset, int count)
            => base.Read(buffer, offset, Math.Min(3, count));
    }
}
