using ExecutionPipeline.Aeron.Buffers;
using ExecutionPipeline.Aeron.Protocol;

namespace ExecutionPipeline.Aeron.Client;

/// <summary>A buffer for each session whose messages are put together.</summary>
internal sealed class SessionBuilders(int initialBufferLength)
{
    private readonly Dictionary<int, BufferBuilder> _builderBySessionId = [];

    /// <summary>Takes a fragment; the session's buffer when that completes a message, else null.</summary>
    public BufferBuilder? Complete(IDirectBuffer buffer, int offset, int length, Header header)
    {
        if (!_builderBySessionId.TryGetValue(header.SessionId, out var builder))
        {
            if ((header.Flags & FrameDescriptor.BeginFragFlag) == 0)
                return null;

            builder = new BufferBuilder(initialBufferLength);
            _builderBySessionId.Add(header.SessionId, builder);
        }

        return builder.TryComplete(buffer, offset, length, header) ? builder : null;
    }

    public bool TryFree(int sessionId) => _builderBySessionId.Remove(sessionId);

    public void Clear() => _builderBySessionId.Clear();
}
