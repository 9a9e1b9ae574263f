using ExecutionPipeline.Aeron.Buffers;

namespace ExecutionPipeline.Aeron.Tests.Buffers;

public sealed class SystemUtilTests
{
    [TestCase("0", 0)]
    [TestCase("65536", 65536)]
    [TestCase("64k", 65536)]
    [TestCase("16M", 16 * 1024 * 1024)]
    [TestCase("1g", 1024 * 1024 * 1024)]
    [TestCase("8589934591g", 8589934591L << 30)]
    public void ShouldReadASize(string text, long bytes) =>
        Assert.That(SystemUtil.ParseSize("mtu", text), Is.EqualTo(bytes));

    [TestCase("7", 7)]
    [TestCase("7ns", 7)]
    [TestCase("7us", 7_000)]
    [TestCase("7ms", 7_000_000)]
    [TestCase("7S", 7_000_000_000)]
    public void ShouldReadADuration(string text, long durationNs) =>
        Assert.That(SystemUtil.ParseDuration("linger", text), Is.EqualTo(durationNs));

    [TestCase("")]
    [TestCase("k")]
    [TestCase("-1k")]
    [TestCase("1.5m")]
    [TestCase("1ms")]
    [TestCase("1kk")]
    [TestCase("8589934592g")]
    [TestCase("9223372036854775808")]
    public void ShouldThrowWhenItIsNoSize(string text) => Assert.That(
        () => SystemUtil.ParseSize("term-length", text),
        Throws.TypeOf<FormatException>().With.Message.Contain("term-length"));

    [TestCase("")]
    [TestCase("s")]
    [TestCase("1m")]
    [TestCase("1k")]
    [TestCase("1sn")]
    [TestCase("9223372037s")]
    public void ShouldThrowWhenItIsNoDuration(string text) => Assert.That(
        () => SystemUtil.ParseDuration("linger", text),
        Throws.TypeOf<FormatException>().With.Message.Contain("linger"));

    [TestCase(0, "0", "0ns")]
    [TestCase(1, "1", "1ns")]
    [TestCase(1536, "1536", "1536ns")]
    [TestCase(65536, "64k", "65536ns")]
    [TestCase(5_000_000_000, "5000000000", "5s")]
    [TestCase(1_500_000, "1500000", "1500us")]
    [TestCase(1L << 31, "2g", "2147483648ns")]
    public void ShouldWriteTheLargestUnitThatDivides(long value, string size, string duration)
    {
        Assert.That(SystemUtil.FormatSize(value), Is.EqualTo(size));
        Assert.That(SystemUtil.FormatDuration(value), Is.EqualTo(duration));
    }
}
