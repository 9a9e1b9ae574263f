using ExecutionPipeline.Aeron.Client;

namespace ExecutionPipeline.Aeron.Tests.Client;

public sealed class ChannelUriTests
{
    [Test]
    public void ShouldReadParametersInOrder()
    {
        var uri = ChannelUri.Parse("aeron:ipc?term-length=64k|alias=a=b|mtu=2048");
        Assert.That(uri.IsIpc, Is.True);
        Assert.That(uri.Get("term-length"), Is.EqualTo("64k"));
        Assert.That(uri.Get("alias"), Is.EqualTo("a=b"));
        Assert.That(uri.Get("linger"), Is.Null);
        Assert.That(uri.Get("linger", "0"), Is.EqualTo("0"));
        Assert.That(uri.ToString(), Is.EqualTo("aeron:ipc?term-length=64k|alias=a=b|mtu=2048"));
    }

    [Test]
    public void ShouldWriteWhatWasChanged()
    {
        var uri = ChannelUri.Parse("aeron-spy:aeron:udp?endpoint=localhost:40123");
        uri.Put("linger", "1s");
        Assert.That(uri.Remove("endpoint"), Is.EqualTo("localhost:40123"));
        Assert.That(uri.ToString(), Is.EqualTo("aeron-spy:aeron:udp?linger=1s"));
    }

    [TestCase("")]
    [TestCase("ipc")]
    [TestCase("aeron:")]
    [TestCase("aeron:tcp")]
    [TestCase("aeron:ipc?")]
    [TestCase("aeron:ipc?mtu")]
    [TestCase("aeron:ipc?=1")]
    [TestCase("aeron:ipc?mtu=1|")]
    [TestCase("aeron:ipc?alias=ü")]
    [TestCase("aeron:ipc?alias=\n")]
    public void ShouldThrowWhenItIsNoChannel(string uri) =>
        Assert.That(() => ChannelUri.Parse(uri), Throws.ArgumentException);

    [Test]
    public void ShouldThrowWhenItIsTooLong() => Assert.That(
        () => ChannelUri.Parse("aeron:ipc?alias=" + new string('x', ChannelUri.MAX_URI_LENGTH)),
        Throws.ArgumentException);
}
