using ExecutionPipeline.Aeron.Buffers;

namespace ExecutionPipeline.Aeron.Client;

/// <summary>Takes whole frames, headers included, that lie one after the other.</summary>
public delegate void BlockHandler(IDirectBuffer buffer, int offset, int length, int sessionId, int termId);
