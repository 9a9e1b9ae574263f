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
    private readonly SessionBuilders _builders;

    /// <summary>Assembles for a delegate.</summary>
    /// <param name="fragmentHandler">Takes the messages.</param>
    /// <param name="initialBufferLength">Bytes to start a session's buffer with; it grows as needed.</param>
    public ControlledFragmentAssembler(ControlledFragmentHandler fragmentHandler, int initialBufferLength = 0)
    {
        ArgumentNullException.ThrowIfNull(fragmentHandler);
        _handler = fragmentHandler;
        _builders = new SessionBuilders(initialBufferLength);
    }

    /// <summary>Assembles for a handler.</summary>
    /// <param name="fragmentHandler">Takes the messages.</param>
    /// <param name="initialBufferLength">Bytes to start a session's buffer with; it grows as needed.</param>
    public ControlledFragmentAssembler(IControlledFragmentHandler fragmentHandler, int initialBufferLength = 0)
        : this((fragmentHandler ?? throw new ArgumentNullException(nameof(fragmentHandler))).OnFragment,
               initialBufferLength)
    {
    }

    /// <inheritdoc/>
    public ControlledFragmentHandlerAction OnFragment(IDirectBuffer buffer, int offset, int length, Header header)
    {
        return (header.Flags & FrameDescriptor.Unfragmented) == FrameDescriptor.Unfragmented
            ? _handler(buffer, offset, length, header)
            : OnPart(buffer, offset, length, header);
    }

    /// <summary>Drops what a session's buffer holds; true when there was one.</summary>
    public bool FreeSessionBuffer(int sessionId) => _builders.TryFree(sessionId);

    /// <summary>Drops every session's buffer.</summary>
    public void Clear() => _builders.Clear();

    private ControlledFragmentHandlerAction OnPart(IDirectBuffer buffer, int offset, int length, Header header) =>
        _builders.Complete(buffer, offset, length, header) is { } builder
            ? builder.HandOver(_handler, length, header)
            : ControlledFragmentHandlerAction.CONTINUE;
}
