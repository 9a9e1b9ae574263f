using ExecutionPipeline.Pipeline.Ingress;
using ExecutionPipeline.Pipeline.Outbound;

namespace ExecutionPipeline.Pipeline.Hosting;

/// <summary>Aeron as the transport. It closes the streams that it opened; the client stays the caller's.</summary>
public sealed class AeronTransport(AeronClient aeron) : ITransport, IDisposable
{
    private readonly List<IDisposable> _streams = [];

    public IMessageSource OpenInput(string channel, int stream)
    {
        var subscription = aeron.AddSubscription(channel, stream);
        _streams.Add(subscription);
        return new AeronSource(subscription);
    }

    public IOutboundSink OpenOutbound(string channel, int stream)
    {
        var publication = aeron.AddExclusivePublication(channel, stream);
        _streams.Add(publication);
        return new AeronSink(publication);
    }

    public void Dispose()
    {
        for (var i = _streams.Count - 1; i >= 0; i--)
            _streams[i].Dispose();

        _streams.Clear();
    }
}

/// <summary>Views the fragments of a subscription where they lie.</summary>
// An interface, not a delegate: Aeron.NET wraps a delegate anew at each poll.
internal sealed class AeronSource(Subscription subscription) : IMessageSource, IFragmentHandler
{
    /// <summary>Aeron's begin and end flags: a frame that has both is a whole message.</summary>
    private const byte WholeMessage = 0xC0;

    private IMessageReceiver? _receiver;

    public int Poll(IMessageReceiver receiver, int limit)
    {
        _receiver = receiver;
        return subscription.Poll(this, limit);
    }

    void IFragmentHandler.OnFragment(IDirectBuffer buffer, int offset, int length, Header header) =>
        _receiver!.OnMessage(
            FragmentSpan.Of(buffer, offset, length), (header.Flags & WholeMessage) == WholeMessage);
}
