using ExecutionPipeline.Aeron.Buffers;

namespace ExecutionPipeline.Aeron.Client;

/// <summary>
/// Computes the reserved value of a frame that is complete but for it: a checksum or a time, say. The frame's length
/// counts its header.
/// </summary>
public delegate long ReservedValueSupplier(IDirectBuffer termBuffer, int termOffset, int frameLength);
