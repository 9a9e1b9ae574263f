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
    private readonly SessionBuilders _builders;

    /// <summary>Assembles for a delegate.</summary>
    /// <param name="fragmentHandler">Takes the messages.</param>
    /// <param name="initialBufferLength">Bytes to start a session's buffer with; it grows as needed.</param>
    public FragmentAssembler(FragmentHandler fragmentHandler, int initialBufferLength = 0)
    {
        ArgumentNullException.ThrowIfNull(fragmentHandler);
        _handler = fragmentHandler;
        _builders = new SessionBuilders(initialBufferLength);
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
        if ((header.Flags & FrameDescriptor.Unfragmented) == FrameDescriptor.Unfragmented)
            _handler(buffer, offset, length, header);
        else
            OnPart(buffer, offset, length, header);
    }

    /// <summary>Drops what a session's buffer holds; true when there was one.</summary>
    public bool FreeSessionBuffer(int sessionId) => _builders.TryFree(sessionId);

    /// <summary>Drops every session's buffer.</summary>
    public void Clear() => _builders.Clear();

    private void OnPart(IDirectBuffer buffer, int offset, int length, Header header) =>
        _builders.Complete(buffer, offset, length, header)?.HandOver(_handler, header);
}

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

/// <summary>As <see cref="FragmentAssembler"/>, for the messages of one image.</summary>
public sealed class ImageFragmentAssembler : IFragmentHandler
{
    private readonly FragmentHandler _handler;
    private readonly BufferBuilder _builder;

    /// <summary>Assembles for a delegate.</summary>
    /// <param name="fragmentHandler">Takes the messages.</param>
    /// <param name="initialBufferLength">Bytes to start a buffer with; it grows as needed.</param>
    public ImageFragmentAssembler(FragmentHandler fragmentHandler, int initialBufferLength = 0)
    {
        ArgumentNullException.ThrowIfNull(fragmentHandler);
        _handler = fragmentHandler;
        _builder = new BufferBuilder(initialBufferLength);
    }

    /// <summary>Assembles for a handler.</summary>
    /// <param name="fragmentHandler">Takes the messages.</param>
    /// <param name="initialBufferLength">Bytes to start a buffer with; it grows as needed.</param>
    public ImageFragmentAssembler(IFragmentHandler fragmentHandler, int initialBufferLength = 0)
        : this((fragmentHandler ?? throw new ArgumentNullException(nameof(fragmentHandler))).OnFragment,
               initialBufferLength)
    {
    }

    /// <inheritdoc/>
    public void OnFragment(IDirectBuffer buffer, int offset, int length, Header header)
    {
        if ((header.Flags & FrameDescriptor.Unfragmented) == FrameDescriptor.Unfragmented)
            _handler(buffer, offset, length, header);
        else
            OnPart(buffer, offset, length, header);
    }

    private void OnPart(IDirectBuffer buffer, int offset, int length, Header header)
    {
        if (_builder.TryComplete(buffer, offset, length, header))
            _builder.HandOver(_handler, header);
    }
}

/// <summary>As <see cref="ControlledFragmentAssembler"/>, for the messages of one image.</summary>
public sealed class ImageControlledFragmentAssembler : IControlledFragmentHandler
{
    private readonly ControlledFragmentHandler _handler;
    private readonly BufferBuilder _builder;

    /// <summary>Assembles for a delegate.</summary>
    /// <param name="fragmentHandler">Takes the messages.</param>
    /// <param name="initialBufferLength">Bytes to start a buffer with; it grows as needed.</param>
    public ImageControlledFragmentAssembler(ControlledFragmentHandler fragmentHandler, int initialBufferLength = 0)
    {
        ArgumentNullException.ThrowIfNull(fragmentHandler);
        _handler = fragmentHandler;
        _builder = new BufferBuilder(initialBufferLength);
    }

    /// <summary>Assembles for a handler.</summary>
    /// <param name="fragmentHandler">Takes the messages.</param>
    /// <param name="initialBufferLength">Bytes to start a buffer with; it grows as needed.</param>
    public ImageControlledFragmentAssembler(IControlledFragmentHandler fragmentHandler, int initialBufferLength = 0)
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

    private ControlledFragmentHandlerAction OnPart(IDirectBuffer buffer, int offset, int length, Header header) =>
        _builder.TryComplete(buffer, offset, length, header)
            ? _builder.HandOver(_handler, length, header)
            : ControlledFragmentHandlerAction.CONTINUE;
}

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
