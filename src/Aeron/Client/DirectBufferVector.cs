using ExecutionPipeline.Aeron.Buffers;

namespace ExecutionPipeline.Aeron.Client;

/// <summary>A part of a buffer, to send a message out of several.</summary>
public sealed class DirectBufferVector
{
    /// <summary>No part yet.</summary>
    public DirectBufferVector()
    {
    }

    /// <summary>A part of a buffer.</summary>
    public DirectBufferVector(IDirectBuffer buffer, int offset, int length) => Reset(buffer, offset, length);

    /// <summary>The buffer.</summary>
    public IDirectBuffer Buffer { get; private set; } = new UnsafeBuffer();

    /// <summary>The part's first byte.</summary>
    public int Offset { get; private set; }

    /// <summary>The part's length in bytes.</summary>
    public int Length { get; private set; }

    /// <summary>Takes another part.</summary>
    public DirectBufferVector Reset(IDirectBuffer buffer, int offset, int length)
    {
        ArgumentNullException.ThrowIfNull(buffer);
        buffer.BoundsCheck(offset, length);
        Buffer = buffer;
        Offset = offset;
        Length = length;
        return this;
    }
}
