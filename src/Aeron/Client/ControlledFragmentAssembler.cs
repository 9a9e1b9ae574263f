using ExecutionPipeline.Aeron.Buffers;
using ExecutionPipeline.Aeron.Protocol;

namespace ExecutionPipeline.Aeron.Client;

/// <summary>
/// As <see cref="FragmentAssembler"/>, for handlers that say how to go on. A handler that aborts a message of several
/// fragments is given it again when its last fragment is polled again.
/// </summary>
public sealed class ControlledFragmentAssembler : IControlledFragmentHandler
{
    private readonly ControlledFragmentHandler _handler;
    private readonly int _initialBufferLength;
    private readonly Dictionary<int, BufferBuilder> _builderBySessionId = [];

    /// <summary>Assembles for a delegate.</summary>
    /// <param name="fragmentHandler">Takes the messages.</param>
    /// <param name="initialBufferLength">Bytes to start a session's buffer with; it grows as needed.</param>
    public ControlledFragmentAssembler(ControlledFragmentHandler fragmentHandler, int initialBufferLength = 0)
    {
        ArgumentNullException.ThrowIfNull(fragmentHandler);
        _handler = fragmentHandler;
        _initialBufferLength = initialBufferLength;
    }

    /// <inheritdoc/>
    public ControlledFragmentHandlerAction OnFragment(IDirectBuffer buffer, int offset, int length, Header header)
    {
        var flags = header.Flags;
        return (flags & FrameDescriptor.Unfragmented) == FrameDescriptor.Unfragmented
            ? _handler(buffer, offset, length, header)
            : OnPart(buffer, offset, length, header, flags);
    }

    /// <summary>Drops what a session's buffer holds; true when there was one.</summary>
    public bool FreeSessionBuffer(int sessionId) => _builderBySessionId.Remove(sessionId);

    private ControlledFragmentHandlerAction OnPart(
        IDirectBuffer buffer, int offset, int length, Header header, byte flags)
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
            return ControlledFragmentHandlerAction.CONTINUE;
        }

        if (builder is null)
            return ControlledFragmentHandlerAction.CONTINUE;

        if (header.TermOffset != builder.NextTermOffset)
        {
            builder.Reset();
            return ControlledFragmentHandlerAction.CONTINUE;
        }

        builder.Append(buffer, offset, length, header);
        return (flags & FrameDescriptor.EndFragFlag) == 0 || builder.NextTermOffset < 0
            ? ControlledFragmentHandlerAction.CONTINUE
            : Complete(builder, length, header);
    }

    private ControlledFragmentHandlerAction Complete(BufferBuilder builder, int lastLength, Header header)
    {
        var action = _handler(builder.Buffer, 0, builder.Limit, builder.CompleteHeader(header));
        if (action == ControlledFragmentHandlerAction.ABORT)
            builder.RemoveLast(lastLength, header.TermOffset);
        else
            builder.Reset();

        return action;
    }
}
