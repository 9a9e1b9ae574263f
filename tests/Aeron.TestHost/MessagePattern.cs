using ExecutionPipeline.Aeron.Buffers;

namespace ExecutionPipeline.Aeron.TestHost;

/// <summary>Messages that tell which they are: an index, then bytes that follow from it.</summary>
internal static class MessagePattern
{
    /// <summary>Writes message <paramref name="index"/>.</summary>
    public static void Write(IMutableDirectBuffer buffer, int offset, int length, long index)
    {
        buffer.PutLong(offset, index);
        for (var i = sizeof(long); i < length; i++)
            buffer.PutByte(offset + i, ByteAt(index, i));
    }

    /// <summary>Throws unless the bytes are those of message <paramref name="index"/>.</summary>
    public static void Check(IDirectBuffer buffer, int offset, int length, long index)
    {
        var actual = buffer.GetLong(offset);
        if (actual != index)
            throw new InvalidDataException($"message {actual} where {index} was due");

        for (var i = sizeof(long); i < length; i++)
        {
            if (buffer.GetByte(offset + i) != ByteAt(index, i))
                throw new InvalidDataException($"message {index}: byte {i} is wrong");
        }
    }

    private static byte ByteAt(long index, int i) => (byte)(index * 31 + i);
}
