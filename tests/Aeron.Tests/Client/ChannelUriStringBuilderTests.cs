using System.Reflection;
using ExecutionPipeline.Aeron.Client;

namespace ExecutionPipeline.Aeron.Tests.Client;

public sealed class ChannelUriStringBuilderTests
{
    private const string Everything =
        "aeron-spy:aeron:udp?tags=7,8|endpoint=localhost:40123|interface=eth0|control=localhost:40124"
        + "|control-mode=manual|mtu=8k|term-length=64k|init-term-id=777|term-id=999|term-offset=64"
        + "|session-id=-55|ttl=9|reliable=false|linger=100ms|alias=tape|cc=cubic|fc=tagged,g:4/2,t:5s|gtag=4"
        + "|sparse=true|eos=false|tether=true|group=false|rejoin=true|ssc=true|so-sndbuf=8m|so-rcvbuf=4m"
        + "|rcv-wnd=1m|media-rcv-ts-offset=reserved|channel-rcv-ts-offset=0|channel-snd-ts-offset=8"
        + "|response-endpoint=localhost:0|response-correlation-id=12|nak-delay=10us"
        + "|untethered-window-limit-timeout=1s|untethered-linger-timeout=2s|untethered-resting-timeout=3s"
        + "|max-resend=16|stream-id=1001|pub-wnd=32k";

    private static ChannelUriStringBuilder Ipc => new ChannelUriStringBuilder().Media("ipc");

    [Test]
    public void ShouldWriteEveryParameterInOrder()
    {
        var builder = new ChannelUriStringBuilder()
            .Prefix("aeron-spy").Media("udp").Tags(7, 8).Endpoint("localhost:40123").NetworkInterface("eth0")
            .ControlEndpoint("localhost:40124").ControlMode("manual").Mtu(8192).TermLength(65536)
            .InitialTermId(777).TermId(999).TermOffset(64).SessionId(-55).Ttl(9).Reliable(false)
            .Linger(100_000_000L).Alias("tape").CongestionControl("cubic").TaggedFlowControl(4, 2, "5s").GroupTag(4L)
            .Sparse(true).Eos(false).Tether(true).Group(false).Rejoin(true).SpiesSimulateConnection(true)
            .SocketSndbufLength(8 << 20).SocketRcvbufLength(4 << 20).ReceiverWindowLength(1 << 20)
            .MediaReceiveTimestampOffset("reserved").ChannelReceiveTimestampOffset("0")
            .ChannelSendTimestampOffset("8").ResponseEndpoint("localhost:0").ResponseCorrelationId(12L)
            .NakDelay(10_000L).UntetheredWindowLimitTimeout("1s").UntetheredLingerTimeoutNs(2_000_000_000)
            .UntetheredRestingTimeout("3s").MaxResend(16).StreamId(1001).PublicationWindowLength(32768);
        Assert.That(builder.Validate().Build(), Is.EqualTo(Everything));
    }

    [Test]
    public void ShouldTakeEveryParameterFromAChannel() =>
        Assert.That(new ChannelUriStringBuilder(Everything).ToString(), Is.EqualTo(Everything));

    [Test]
    public void ShouldGiveEveryParameterBackAndNoneOnceCleared()
    {
        var builder = new ChannelUriStringBuilder(Everything);
        Assert.That(
            (builder.Mtu(), builder.TermLength(), builder.SessionId(), builder.Linger(), builder.Tether(),
             builder.Eos(), builder.GroupTag(), builder.UntetheredRestingTimeoutNs(), builder.ResponseCorrelationId()),
            Is.EqualTo((8192, 65536, -55, 100_000_000L, true, false, 4L, 3_000_000_000L, "12")));
        var getters = typeof(ChannelUriStringBuilder)
            .GetMethods(BindingFlags.Public | BindingFlags.Instance)
            .Where(method => method.DeclaringType != typeof(object) && method.GetParameters().Length == 0
                && method.Name is not ("Build" or "ToString" or "Validate" or "Clear" or "IsSessionIdTagged"))
            .ToArray();
        Assert.That(getters, Has.Length.EqualTo(41));
        Assert.That(getters.Where(getter => getter.Invoke(builder, null) is null), Is.Empty);
        builder.Clear();
        Assert.That(getters.Where(getter => getter.Invoke(builder, null) is not null), Is.Empty);
    }

    [Test]
    public void ShouldTakeASessionFromATag()
    {
        Assert.That(Ipc.TaggedSessionId(9).Build(), Is.EqualTo("aeron:ipc?session-id=tag:9"));
        var builder = new ChannelUriStringBuilder("aeron:ipc?session-id=tag:9");
        Assert.That(builder.IsSessionIdTagged(), Is.True);
        Assert.That(builder.Build(), Is.EqualTo("aeron:ipc?session-id=tag:9"));
        Assert.That(builder.SessionId("4").Build(), Is.EqualTo("aeron:ipc?session-id=4"));
    }

    [Test]
    public void ShouldStartAtAPosition()
    {
        var uri = Ipc.InitialPosition(3 * 65536 + 96, 5, 65536).Build();
        Assert.That(uri, Is.EqualTo("aeron:ipc?term-length=64k|init-term-id=5|term-id=8|term-offset=96"));
        Assert.That(() => Ipc.InitialPosition(33, 5, 65536), Throws.ArgumentException);
        Assert.That(() => Ipc.InitialPosition(-32, 5, 65536), Throws.ArgumentException);
    }

    [Test]
    public void ShouldWriteFlowControl()
    {
        Assert.That(Ipc.MinFlowControl(3, "5s").FlowControl(), Is.EqualTo("min,g:/3,t:5s"));
        Assert.That(Ipc.MinFlowControl(null, null).FlowControl(), Is.EqualTo("min"));
        Assert.That(Ipc.TaggedFlowControl(1, null, null).FlowControl(), Is.EqualTo("tagged,g:1"));
    }

    [Test]
    public void ShouldRemoveAParameterWhenItIsNull()
    {
        var uri = Ipc.Mtu(64).TermLength(65536).Mtu((int?)null).Build();
        Assert.That(uri, Is.EqualTo("aeron:ipc?term-length=64k"));
    }

    [Test]
    public void ShouldThrowWhenAParameterCannotBe()
    {
        Assert.Multiple(() =>
        {
            Refuses("MTU not in range", () => Ipc.Mtu(31));
            Refuses("MTU not in range", () => Ipc.Mtu(65536));
            Refuses("FRAME_ALIGNMENT", () => Ipc.Mtu(100));
            Refuses("Term length", () => Ipc.TermLength(100_000));
            Refuses("term offset not in range", () => Ipc.TermOffset(-32));
            Refuses("FRAME_ALIGNMENT", () => Ipc.TermOffset(33));
            Refuses("TTL", () => Ipc.Ttl(256));
            Refuses("linger", () => Ipc.Linger(-1L));
            Refuses("control mode", () => Ipc.ControlMode("other"));
            Refuses("media", () => Ipc.Media("tcp"));
            Refuses("prefix", () => Ipc.Prefix("spy"));
            Refuses("channelTag", () => Ipc.Tags(null, 1));
            Refuses("session-id", () => Ipc.SessionId("abc"));
            Refuses("so-sndbuf", () => Ipc.SocketSndbufLength(-1));
            Refuses("max-resend", () => Ipc.MaxResend(-1));
            Refuses("responseCorrelationId", () => Ipc.ResponseCorrelationId("-2"));
            Refuses("channel-snd-ts-offset", () => Ipc.ChannelSendTimestampOffset("x"));
            Refuses("sparse", () => new ChannelUriStringBuilder("aeron:ipc?sparse=maybe"));
            Refuses("exceeds maximum", () => new ChannelUriStringBuilder("aeron:ipc?mtu=3g"));
        });

        static void Refuses(string reason, Func<object> set) =>
            Assert.That(() => set(), Throws.ArgumentException.With.Message.Contain(reason));
    }

    [Test]
    public void ShouldThrowWhenParametersDoNotGoTogether()
    {
        Assert.That(() => new ChannelUriStringBuilder().Validate(), Throws.ArgumentException);
        Assert.That(() => Ipc.Media("udp").Validate(), Throws.ArgumentException);
        Assert.That(() => Ipc.TermId(1).Validate(), Throws.ArgumentException);
        Assert.That(() => Ipc.InitialTermId(2).TermId(1).TermOffset(0).Validate(), Throws.ArgumentException);
        Assert.That(
            () => Ipc.InitialTermId(1).TermId(1).TermOffset(65536 + 32).TermLength(65536).Validate(),
            Throws.ArgumentException);
        Assert.That(
            () => Ipc.InitialTermId(int.MaxValue).TermId(int.MinValue).TermOffset(0).Validate(), Throws.Nothing);
    }
}
