using ExecutionPipeline.Aeron.Buffers;

namespace ExecutionPipeline.Aeron.Client;

/// <summary>Takes a fragment of a message, valid during the call alone.</summary>
/// <param name="buffer">Where the fragment lies.</param>
/// <param name="offset">Its first byte.</param>
/// <param name="length">Its length in bytes.</param>
/// <param name="header">What is known of it.</param>
public delegate void FragmentHandler(IDirectBuffer buffer, int offset, int length, Header header);
