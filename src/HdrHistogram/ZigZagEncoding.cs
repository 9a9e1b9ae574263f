using ExecutionPipeline.HdrHistogram.Utilities;

namespace ExecutionPipeline.HdrHistogram;

/// <summary>
/// Integers in one to nine bytes, small magnitudes in few: the sign moves to the lowest bit (zig-zag), then seven
/// bits a byte follow, the lowest first, with the high bit saying that more follow (LEB128). The ninth byte
/// holds eight bits, so that 64 bits never need a tenth.
/// </summary>
public static class ZigZagEncoding
{
    private const int BytesMax = 9;

    /// <summary>Writes a value at the buffer's position and moves past it.</summary>
    public static void PutLong(ByteBuffer buffer, long value)
    {
        ArgumentNullException.ThrowIfNull(buffer);
        var rest = (ulong)((value << 1) ^ (value >> 63));
        for (var written = 1; written < BytesMax && rest >= 0x80; written++)
        {
            buffer.Put((byte)(rest | 0x80));
            rest >>= 7;
        }

        buffer.Put((byte)rest);
    }

    /// <summary>Reads a value at the buffer's position and moves past it.</summary>
    /// <exception cref="IndexOutOfRangeException">The buffer ends within the value.</exception>
    public static long GetLong(ByteBuffer buffer)
    {
        ArgumentNullException.ThrowIfNull(buffer);
        var bits = 0UL;
        var shift = 0;
        ulong next;
        do
        {
            next = buffer.Get();
            var isNinthByte = shift == 7 * (BytesMax - 1);
            bits |= (isNinthByte ? next : next & 0x7F) << shift;
            shift += 7;
        }
        while (next >= 0x80 && shift < 7 * BytesMax);

        return (long)(bits >> 1) ^ -(long)(bits & 1);
    }
}
