using ExecutionPipeline.Aeron.Buffers;

namespace ExecutionPipeline.Aeron.Client;

/// <summary>
/// Takes whole frames, headers included, as they lie in the log's file from an offset on and in a term, valid during
/// the call alone.
/// </summary>
public delegate void RawBlockHandler(
    FileStream fileStream,
    long fileOffset,
    UnsafeBuffer termBuffer,
    int termOffset,
    int length,
    int sessionId,
    int termId);
