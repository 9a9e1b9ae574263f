using ExecutionPipeline.Aeron.Buffers;
using ExecutionPipeline.Aeron.Protocol;

namespace ExecutionPipeline.Aeron.Client;

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
