using ExecutionPipeline.Aeron.Buffers;
using static ExecutionPipeline.Aeron.Protocol.FrameDescriptor;

namespace ExecutionPipeline.Aeron.Protocol;

/// <summary>Finds how much of a term is complete.</summary>
public static class TermBlockScanner
{
    /// <summary>
    /// The offset after the last complete frame before a limit. Padding ends a block; padding at its start is taken
    /// alone.
    /// </summary>
    public static int Scan(UnsafeBuffer termBuffer, int termOffset, int limitOffset)
    {
        var offset = termOffset;
        while (offset < limitOffset)
        {
            var frameLength = FrameLengthVolatile(termBuffer, offset);
            if (frameLength <= 0)
                break;

            var alignedLength = BitUtil.Align((long)frameLength, FrameAlignment);
            if (alignedLength > termBuffer.Capacity - offset)
                break;

            if (IsPaddingFrame(termBuffer, offset))
                return offset == termOffset ? offset + (int)alignedLength : offset;

            if (offset + alignedLength > limitOffset)
                break;

            offset += (int)alignedLength;
        }

        return offset;
    }
}
