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
