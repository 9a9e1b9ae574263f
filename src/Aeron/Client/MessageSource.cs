using ExecutionPipeline.Aeron.Buffers;

namespace ExecutionPipeline.Aeron.Client;

/// <summary>Where a message's bytes come from. Implemented by structs, so that the copy is compiled for each.</summary>
internal interface IMessageSource
{
    /// <summary>Copies part of the message into a term.</summary>
    void CopyTo(UnsafeBuffer termBuffer, int termOffset, int messageOffset, int length);
}

/// <summary>A message in one buffer.</summary>
internal readonly struct SingleSource(IDirectBuffer buffer, int offset) : IMessageSource
{
    public void CopyTo(UnsafeBuffer termBuffer, int termOffset, int messageOffset, int length) =>
        termBuffer.PutBytes(termOffset, buffer, offset + messageOffset, length);
}

/// <summary>A message in two buffers.</summary>
internal readonly struct PairSource(
    IDirectBuffer bufferOne, int offsetOne, int lengthOne, IDirectBuffer bufferTwo, int offsetTwo) : IMessageSource
{
    public void CopyTo(UnsafeBuffer termBuffer, int termOffset, int messageOffset, int length)
    {
        var fromOne = Math.Clamp(lengthOne - messageOffset, 0, length);
        if (fromOne > 0)
            termBuffer.PutBytes(termOffset, bufferOne, offsetOne + messageOffset, fromOne);

        if (fromOne < length)
        {
            var inTwo = messageOffset + fromOne - lengthOne;
            termBuffer.PutBytes(termOffset + fromOne, bufferTwo, offsetTwo + inTwo, length - fromOne);
        }
    }
}

/// <summary>A message in any number of buffers.</summary>
internal readonly struct VectorSource(DirectBufferVector[] vectors) : IMessageSource
{
    public void CopyTo(UnsafeBuffer termBuffer, int termOffset, int messageOffset, int length)
    {
        var skip = messageOffset;
        foreach (var vector in vectors)
        {
            if (skip >= vector.Length)
            {
                skip -= vector.Length;
                continue;
            }

            var count = Math.Min(vector.Length - skip, length);
            termBuffer.PutBytes(termOffset, vector.Buffer, vector.Offset + skip, count);
            termOffset += count;
            length -= count;
            skip = 0;
            if (length == 0)
                return;
        }
    }
}
