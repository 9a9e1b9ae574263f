namespace ExecutionPipeline.Aeron.Buffers;

/// <summary>
/// Bytes that can be read at any index in place. Indices and lengths are in bytes; every access is checked against
/// <see cref="Capacity"/> and throws <see cref="IndexOutOfRangeException"/> outside it. Numbers are little-endian.
/// </summary>
public interface IDirectBuffer
{
    /// <summary>
    /// The first byte. It stays where it is for as long as this buffer is reachable and not wrapped anew.
    /// </summary>
    nint BufferPointer { get; }

    /// <summary>The array behind the buffer; null when its memory is not managed.</summary>
    byte[]? ByteArray { get; }

    /// <summary>Length in bytes.</summary>
    int Capacity { get; }

    /// <summary>Reads 8 bytes.</summary>
    long GetLong(int index);

    /// <summary>Reads 4 bytes.</summary>
    int GetInt(int index);

    /// <summary>Reads 8 bytes as a double.</summary>
    double GetDouble(int index);

    /// <summary>Reads 4 bytes as a float.</summary>
    float GetFloat(int index);

    /// <summary>Reads 2 bytes.</summary>
    short GetShort(int index);

    /// <summary>Reads one byte.</summary>
    byte GetByte(int index);

    /// <summary>Fills <paramref name="dst"/> from <paramref name="index"/> on.</summary>
    void GetBytes(int index, byte[] dst);

    /// <summary>Copies into part of an array.</summary>
    void GetBytes(int index, byte[] dst, int offset, int length);

    /// <summary>Copies into another buffer.</summary>
    void GetBytes(int index, IMutableDirectBuffer dstBuffer, int dstIndex, int length);

    /// <summary>The bytes themselves, not a copy. Valid for as long as the memory behind the buffer is.</summary>
    ReadOnlySpan<byte> AsSpan(int index, int length);

    /// <summary>Reads a string stored as a 4-byte length and that many ASCII bytes.</summary>
    string GetStringAscii(int index);

    /// <summary>
    /// Reads <paramref name="length"/> ASCII bytes that follow a 4-byte length at <paramref name="index"/>.
    /// </summary>
    string GetStringAscii(int index, int length);

    /// <summary>Reads ASCII bytes that no length precedes.</summary>
    string GetStringWithoutLengthAscii(int index, int length);

    /// <summary>Reads UTF-8 bytes that no length precedes.</summary>
    string GetStringWithoutLengthUtf8(int index, int length);

    /// <summary>Throws <see cref="IndexOutOfRangeException"/> unless the range lies within the buffer.</summary>
    void BoundsCheck(int index, int length);
}
