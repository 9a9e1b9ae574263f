using ExecutionPipeline.Aeron.Buffers;

namespace ExecutionPipeline.Aeron.Client;

/// <summary>The interface form of <see cref="FragmentHandler"/>.</summary>
public interface IFragmentHandler
{
    /// <summary>Takes a fragment of a message, valid during the call alone.</summary>
    void OnFragment(IDirectBuffer buffer, int offset, int length, Header header);
}
