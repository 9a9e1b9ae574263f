using ExecutionPipeline.Aeron.Buffers;

namespace ExecutionPipeline.Aeron.Client;

/// <summary>Takes a fragment of a message, valid during the call alone, and says how to go on.</summary>
public delegate ControlledFragmentHandlerAction ControlledFragmentHandler(
    IDirectBuffer buffer, int offset, int length, Header header);
