namespace ExecutionPipeline.Aeron.Buffers;

/// <summary>A <see cref="IDirectBuffer"/> that can be written.</summary>
public interface IMutableDirectBuffer : IDirectBuffer
{
    /// <summary>Sets a range of bytes to one value.</summary>
    void SetMemory(int index, int length, byte value);

    /// <summary>Writes 8 bytes.</summary>
    void PutLong(int index, long value);

    /// <summary>Writes 4 bytes.</summary>
    void PutInt(int index, int value);

    /// <summary>Writes a double.</summary>
    void PutDouble(int index, double value);

    /// <summary>Writes a float.</summary>
    void PutFloat(int index, float value);

    /// <summary>Writes 2 bytes.</summary>
    void PutShort(int index, short value);

    /// <summary>Writes one byte.</summary>
    void PutByte(int index, byte value);

    /// <summary>Copies a whole array in.</summary>
    void PutBytes(int index, byte[] src);

    /// <summary>Copies part of an array in.</summary>
    void PutBytes(int index, byte[] src, int offset, int length);

    /// <summary>Copies a span in.</summary>
    void PutBytes(int index, ReadOnlySpan<byte> src);

    /// <summary>Copies from another buffer.</summary>
    void PutBytes(int index, IDirectBuffer srcBuffer, int srcIndex, int length);

    /// <summary>The bytes themselves, to be written in place.</summary>
    Span<byte> AsMutableSpan(int index, int length);

    /// <summary>Writes a 4-byte length and the ASCII bytes. Returns the bytes written, length included.</summary>
    int PutStringAscii(int index, string value);

    /// <summary>Writes ASCII bytes alone. Returns the bytes written.</summary>
    int PutStringWithoutLengthAscii(int index, string value);

    /// <summary>Writes at most <paramref name="length"/> ASCII bytes of a string from an offset in it.</summary>
    int PutStringWithoutLengthAscii(int index, string value, int valueOffset, int length);
}
