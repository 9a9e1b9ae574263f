using ExecutionPipeline.Aeron.Buffers;
using ExecutionPipeline.Aeron.Protocol;

namespace ExecutionPipeline.Aeron.Client;

/// <summary>
/// Hands whole messages to a handler: those of one frame as they are, others once their last fragment is there. Give
/// it to <see cref="Subscription.Poll(IFragmentHandler, int)"/>.
/// </summary>
public sealed class FragmentAssembler : IFragmentHandler
{
    private readonly FragmentHandler _handler;
    private readonly int _initialBufferLength;
    private readonly Dictionary<int, BufferBuilder> _builderBySessionId = [];

    /// <summary>Assembles for a delegate.</summary>
    /// <param name="fragmentHandler">Takes the messages.</param>
    /// <param name="initialBufferLength">Bytes to start a session's buffer with; it grows as needed.</param>
    public FragmentAssembler(FragmentHandler fragmentHandler, int initialBufferLength = 0)
    {
        ArgumentNullException.ThrowIfNull(fragmentHandler);
        _handler = fragmentHandler;
        _initialBufferLength = initialBufferLength;
    }

    /// <summary>Assembles for a handler.</summary>
    /// <param name="fragmentHandler">Takes the messages.</param>
    /// <param name="initialBufferLength">Bytes to start a session's buffer with; it grows as needed.</param>
    public FragmentAssembler(IFragmentHandler fragmentHandler, int initialBufferLength = 0)
        : this((fragmentHandler ?? throw new ArgumentNullException(nameof(fragmentHandler))).OnFragment,
               initialBufferLength)
    {
    }

    /// <inheritdoc/>
    public void OnFragment(IDirectBuffer buffer, int offset, int length, Header header)
    {
        var flags = header.Flags;
        if ((flags & FrameDescriptor.Unfragmented) == FrameDescriptor.Unfragmented)
            _handler(buffer, offset, length, header);
        else
            OnPart(buffer, offset, length, header, flags);
    }

    /// <summary>Drops what a session's buffer holds; true when there was one.</summary>
    public bool FreeSessionBuffer(int sessionId) => _builderBySessionId.Remove(sessionId);

    /// <summary>Drops every session's buffer.</summary>
    public void Clear() => _builderBySessionId.Clear();

    private void OnPart(IDirectBuffer buffer, int offset, int length, Header header, byte flags)
    {
        _builderBySessionId.TryGetValue(header.SessionId, out var builder);
        if ((flags & FrameDescriptor.BeginFragFlag) != 0)
        {
            if (builder is null)
            {
                builder = new BufferBuilder(_initialBufferLength);
                _builderBySessionId.Add(header.SessionId, builder);
            }

            builder.Begin(buffer, offset, length, header);
            return;
        }

        if (builder is null)
            return;

        if (header.TermOffset != builder.NextTermOffset)
        {
            // Something in between was lost or skipped, so the message can never be whole.
            builder.Reset();
            return;
        }

        builder.Append(buffer, offset, length, header);
        if ((flags & FrameDescriptor.EndFragFlag) == 0 || builder.NextTermOffset < 0)
            return;

        _handler(builder.Buffer, 0, builder.Limit, builder.CompleteHeader(header));
        builder.Reset();
    }
}
