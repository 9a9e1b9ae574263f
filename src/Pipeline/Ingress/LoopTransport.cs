using ExecutionPipeline.Messages.Ingress;
using ExecutionPipeline.Messages.Wire;
using ExecutionPipeline.Pipeline.Outbound;

namespace ExecutionPipeline.Pipeline.Ingress;

/// <summary>
/// Streams within one thread: what is sent on an input waits in memory until it is read, one message at a time, and
/// what nobody reads is dropped. An input is sent on by opening it as an outbound stream, too.
/// </summary>
public sealed class LoopTransport : ITransport
{
    private readonly Dictionary<int, Loop> _inputs = [];

    public IMessageSource OpenInput(string channel, int stream) => _inputs[stream] = new Loop();

    public IOutboundSink OpenOutbound(string channel, int stream) =>
        _inputs.TryGetValue(stream, out var loop) ? loop : new NullSink();

    /// <summary>Holds one message.</summary>
    private sealed class Loop : IMessageSource, IOutboundSink
    {
        private readonly byte[] _message = new byte[Schema.MaxEncodedLength];
        private int _length;

        public bool TrySend(ReadOnlySpan<byte> message)
        {
            message.CopyTo(_message);
            _length = message.Length;
            return true;
        }

        public int Poll(IMessageReceiver receiver, int limit)
        {
            if (_length == 0 || limit == 0)
                return 0;

            receiver.OnMessage(_message.AsSpan(0, _length), isWhole: true);
            _length = 0;
            return 1;
        }
    }
}
