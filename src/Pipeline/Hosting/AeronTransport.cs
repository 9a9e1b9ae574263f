using ExecutionPipeline.Pipeline.Ingress;
using ExecutionPipeline.Pipeline.Outbound;

namespace ExecutionPipeline.Pipeline.Hosting;

/// <summary>Aeron as the transport. It closes the streams that it opened; the client stays the caller's.</summary>
/// <param name="aeron">The client.</param>
/// <param name="cancel">Ends the waiting for streams.</param>
public sealed class AeronTransport(AeronClient aeron, CancellationToken cancel = default) : ITransport, IDisposable
{
    private readonly List<IDisposable> _streams = [];
    private readonly List<StreamAccount> _accounts = [];

    /// <summary>What came in, by stream and sender.</summary>
    public IReadOnlyList<StreamAccount> Accounts => _accounts;

    /// <summary>Opens a stream of incoming messages, which no other pipeline on the driver may read.</summary>
    /// <exception cref="IOException">Another pipeline reads the stream.</exception>
    /// <exception cref="TimeoutException">One without a sign of life reads it, and is not given up.</exception>
    public IMessageSource OpenInput(string channel, int stream)
    {
        _streams.Add(StreamClaim.Of(aeron, channel, stream, cancel));
        var subscription = aeron.AddSubscription(channel, stream);
        _streams.Add(subscription);
        var account = new StreamAccount(stream);
        _accounts.Add(account);
        return new AeronSource(subscription, account);
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

/// <summary>Views the fragments of a subscription where they lie, and counts them by their sender.</summary>
// An interface, not a delegate: Aeron.NET wraps a delegate anew at each poll.
internal sealed unsafe class AeronSource(Subscription subscription, StreamAccount account)
    : IMessageSource, IFragmentHandler
{
    /// <summary>Aeron's begin and end flags: a frame that has both is a whole message.</summary>
    private const byte WholeMessage = 0xC0;

    private IMessageReceiver? _receiver;

    public int Poll(IMessageReceiver receiver, int limit)
    {
        _receiver = receiver;
        return subscription.Poll(this, limit);
    }

    void IFragmentHandler.OnFragment(IDirectBuffer buffer, int offset, int length, Header header)
    {
        account.CountReceived(header.SessionId);
        var rejects = _receiver!.Rejects;
        var refused = rejects.Total;
        _receiver.OnMessage(
            new ReadOnlySpan<byte>((byte*)buffer.BufferPointer + offset, length),
            (header.Flags & WholeMessage) == WholeMessage);
        if (rejects.Total != refused)
            account.CountRefused(rejects.Latest);
    }
}
