using ExecutionPipeline.HdrHistogram.Tests.Support;
using ExecutionPipeline.HdrHistogram.Utilities;

namespace ExecutionPipeline.HdrHistogram.Tests.Encodings;

[TestFixture]
internal sealed class ZigZagEncodingTests
{
    [TestCase(0, "00")]
    [TestCase(-1, "01")]
    [TestCase(1, "02")]
    [TestCase(63, "7E")]
    [TestCase(-64, "7F")]
    [TestCase(64, "8001")]
    [TestCase(8_191, "FE7F")]
    [TestCase(8_192, "808001")]
    [TestCase(-2_147_483_648, "FFFFFFFF0F")]
    [TestCase(1L << 54, "8080808080808040")]
    [TestCase(1L << 55, "808080808080808001")]
    [TestCase(long.MaxValue, "FEFFFFFFFFFFFFFFFF")]
    [TestCase(long.MinValue, "FFFFFFFFFFFFFFFFFF")]
    public void ShouldWriteTheseBytesWhenValueIs(long value, string hex)
    {
        var buffer = ByteBuffer.Allocate(9);
        ZigZagEncoding.PutLong(buffer, value);
        var length = buffer.Position;
        buffer.Position = 0;

        using (Assert.EnterMultipleScope())
        {
            Assert.That(Convert.ToHexString(Written(buffer, length)), Is.EqualTo(hex));
            buffer.Position = 0;
            Assert.That(ZigZagEncoding.GetLong(buffer), Is.EqualTo(value));
            Assert.That(buffer.Position, Is.EqualTo(length));
        }
    }

    [Test]
    public void ShouldReadBackWhenValuesAreRandom()
    {
        var random = new Random(TestSeed.Next());
        var buffer = ByteBuffer.Allocate(9);
        for (var round = 0; round < 10_000; round++)
        {
            var value = random.NextInt64(long.MinValue, long.MaxValue) >> random.Next(64);
            buffer.Position = 0;
            ZigZagEncoding.PutLong(buffer, value);
            buffer.Position = 0;
            Assert.That(ZigZagEncoding.GetLong(buffer), Is.EqualTo(value));
        }
    }

    private static byte[] Written(ByteBuffer buffer, int length)
        => [.. Enumerable.Range(0, length).Select(_ => buffer.Get())];
}
