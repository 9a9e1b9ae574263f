using ExecutionPipeline.Aeron.Buffers;

namespace ExecutionPipeline.Aeron.Client;

/// <summary>Room in a term that is one writer's alone.</summary>
internal readonly struct ClaimedRoom(UnsafeBuffer termBuffer, int termOffset, int termId)
{
    public readonly UnsafeBuffer TermBuffer = termBuffer;
    public readonly int TermOffset = termOffset;
    public readonly int TermId = termId;
}
