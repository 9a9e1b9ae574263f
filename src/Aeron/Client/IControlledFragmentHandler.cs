using ExecutionPipeline.Aeron.Buffers;

namespace ExecutionPipeline.Aeron.Client;

/// <summary>The interface form of <see cref="ControlledFragmentHandler"/>.</summary>
public interface IControlledFragmentHandler
{
    /// <summary>Takes a fragment of a message, valid during the call alone, and says how to go on.</summary>
    ControlledFragmentHandlerAction OnFragment(IDirectBuffer buffer, int offset, int length, Header header);
}
