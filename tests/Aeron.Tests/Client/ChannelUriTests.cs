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

    [Test]
    public void ShouldGiveTags()
    {
        var uri = ChannelUri.Parse("aeron:ipc?tags=7,8|session-id=tag:9");
        Assert.That((uri.ChannelTag(), uri.EntityTag()), Is.EqualTo(("7", "8")));
        Assert.That(ChannelUri.GetTag(uri.Get("session-id")!), Is.EqualTo(9));
        Assert.That(ChannelUri.GetTag("9"), Is.EqualTo(ChannelUri.INVALID_TAG));
        Assert.That(ChannelUri.Parse("aeron:ipc?tags=7").EntityTag(), Is.Null);
        Assert.That(ChannelUri.Parse("aeron:ipc").ChannelTag(), Is.Null);
    }

    [Test]
    public void ShouldAddToChannelsAsTheyAreWritten()
    {
        Assert.That(ChannelUri.AddSessionId("aeron:ipc?mtu=64", -3), Is.EqualTo("aeron:ipc?mtu=64|session-id=-3"));
        Assert.That(ChannelUri.AddAliasIfAbsent("aeron:ipc", "a"), Is.EqualTo("aeron:ipc?alias=a"));
        Assert.That(ChannelUri.AddAliasIfAbsent("aeron:ipc?alias=b", "a"), Is.EqualTo("aeron:ipc?alias=b"));
        Assert.That(
            ChannelUri.CreateDestinationUri("aeron:udp?interface=eth0|mtu=64", "localhost:1"),
            Is.EqualTo("aeron:udp?endpoint=localhost:1|interface=eth0"));
        Assert.That(ChannelUri.IsControlModeResponse("aeron:udp?control-mode=response"), Is.True);
    }

    [TestCase("aeron:udp?endpoint=localhost:0", "127.0.0.1:4012", "aeron:udp?endpoint=localhost:4012")]
    [TestCase("aeron:udp?endpoint=localhost:7", "127.0.0.1:4012", "aeron:udp?endpoint=localhost:7")]
    [TestCase("aeron:udp", "127.0.0.1:4012", "aeron:udp?endpoint=127.0.0.1:4012")]
    public void ShouldReplaceAWildcardPort(string channel, string resolved, string expected)
    {
        var uri = ChannelUri.Parse(channel);
        uri.ReplaceEndpointWildcardPort(resolved);
        Assert.That(uri.ToString(), Is.EqualTo(expected));
        Assert.That(() => uri.ReplaceEndpointWildcardPort("127.0.0.1:0"), Throws.ArgumentException);
        Assert.That(() => uri.ReplaceEndpointWildcardPort("localhost"), Throws.ArgumentException);
    }

    [Test]
    public void ShouldCompareByWhatTheySay()
    {
        var uri = ChannelUri.Parse("aeron:ipc?mtu=64|alias=x");
        Assert.That(uri, Is.EqualTo(ChannelUri.Parse("aeron:ipc?alias=x|mtu=64")));
        Assert.That(uri.GetHashCode(), Is.EqualTo(ChannelUri.Parse("aeron:ipc?alias=x|mtu=64").GetHashCode()));
        Assert.That(uri, Is.Not.EqualTo(ChannelUri.Parse("aeron:ipc?mtu=64")));
        Assert.That(ChannelUri.Parse("aeron:ipc?mtu=64"), Is.Not.EqualTo(uri));
        Assert.That(
            uri.Diff(ChannelUri.Parse("aeron:udp?mtu=96|alias=x")),
            Is.EquivalentTo(new Dictionary<string, string> { ["media"] = "ipc != udp", ["mtu"] = "64 != 96" }));
    }

    [Test]
    public void ShouldStartAtAPosition()
    {
        var uri = ChannelUri.Parse("aeron:ipc");
        uri.InitialPosition(2 * 65536 + 64, 7, 65536);
        Assert.That(
            uri.ToString(),
            Is.EqualTo("aeron:ipc?init-term-id=7|term-id=9|term-offset=64|term-length=65536"));
        Assert.That(() => uri.InitialPosition(1, 7, 65536), Throws.ArgumentException);
    }
}
