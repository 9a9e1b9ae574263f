using System.Security.Cryptography;
using ExecutionPipeline.Cli.Replay;

namespace ExecutionPipeline.Cli.Tests.Replay;

public sealed class OutboundComparisonTests
{
    private string _folder = "";

    [SetUp]
    public void MakeFolder() => _folder = Directory.CreateTempSubdirectory("xp-tests-").FullName;

    [TearDown]
    public void RemoveFolder() => Directory.Delete(_folder, recursive: true);

    [Test]
    public void ShouldHashAndKeepWhatIsWritten()
    {
        var bytes = Bytes(200_000);
        var path = Path.Combine(_folder, "out");
        using (var output = new OutboundComparison(path, null))
        {
            Write(output, bytes);
            Assert.That(output.Sha256, Is.EqualTo(Convert.ToHexStringLower(SHA256.HashData(bytes))));
            Assert.That(output.Length, Is.EqualTo(bytes.Length));
        }

        Assert.That(File.ReadAllBytes(path), Is.EqualTo(bytes));
    }

    [TestCase(0)]
    [TestCase(65_536)]
    [TestCase(199_999)]
    public void ShouldNameTheByteWhenOneDiffers(int offset)
    {
        var expected = Bytes(200_000);
        expected[offset] ^= 1;

        Assert.That(DifferenceOf(Bytes(200_000), expected), Is.EqualTo(offset));
    }

    [Test]
    public void ShouldNameTheEndWhenOneIsLonger()
    {
        Assert.That(DifferenceOf(Bytes(1_000), Bytes(1_001)), Is.EqualTo(1_000));
        Assert.That(DifferenceOf(Bytes(1_001), Bytes(1_000)), Is.EqualTo(1_000));
        Assert.That(DifferenceOf(Bytes(1_000), Bytes(1_000)), Is.Null);
        Assert.That(DifferenceOf([], []), Is.Null);
    }

    private long? DifferenceOf(byte[] written, byte[] expected)
    {
        var path = Path.Combine(_folder, "expected");
        File.WriteAllBytes(path, expected);
        using var output = new OutboundComparison(null, path);
        Write(output, written);
        return output.DifferenceAt;
    }

    // In pieces that do not fall together with the buffers.
    private static void Write(OutboundComparison output, byte[] bytes)
    {
        for (var offset = 0; offset < bytes.Length; offset += 777)
            output.Write(bytes.AsSpan(offset, Math.Min(777, bytes.Length - offset)));
        output.Finish();
    }

    private static byte[] Bytes(int count)
    {
        var bytes = new byte[count];
        for (var i = 0; i < count; i++)
            bytes[i] = (byte)(i * 31 + i / 251);
        return bytes;
    }
}
