using System.Buffers.Binary;

namespace ExecutionPipeline.HdrHistogram.Utilities;

/// <summary>Bytes with a position at which numbers are read and written, the highest byte first.</summary>
public sealed class ByteBuffer
{
    private readonly byte[] _bytes;

    private ByteBuffer(byte[] bytes) => _bytes = bytes;

    /// <summary>Where the next number is read or written, in bytes from the start.</summary>
    public int Position { get; set; }

    /// <summary>Makes a buffer of zeros.</summary>
    /// <param name="bufferCapacity">Its size in bytes.</param>
    public static ByteBuffer Allocate(int bufferCapacity) => new(new byte[bufferCapacity]);

    /// <summary>Makes a buffer that holds a copy of the given bytes.</summary>
    public static ByteBuffer Allocate(byte[] source)
    {
        ArgumentNullException.ThrowIfNull(source);
        return new ByteBuffer(source.AsSpan().ToArray());
    }

    /// <summary>The size of the buffer in bytes.</summary>
    public int Capacity() => _bytes.Length;

    /// <summary>Bytes from the position to the end.</summary>
    public int Remaining() => Capacity() - Position;

    /// <summary>
    /// Fills the buffer at its position from a stream, and leaves the position as it is. Reads on until the
    /// stream ends, since one read of a stream may give less than asked for.
    /// </summary>
    /// <returns>How many bytes were read, fewer than asked for only at the end of the stream.</returns>
    public int ReadFrom(Stream source, int length)
    {
        ArgumentNullException.ThrowIfNull(source);
        return source.ReadAtLeast(_bytes.AsSpan(Position, length), length, throwOnEndOfStream: false);
    }

    /// <summary>Reads a byte and moves past it.</summary>
    public byte Get() => _bytes[Position++];

    /// <summary>Reads a 16-bit integer and moves past it.</summary>
    public short GetShort() => BinaryPrimitives.ReadInt16BigEndian(Take(sizeof(short)));

    /// <summary>Reads a 32-bit integer and moves past it.</summary>
    public int GetInt() => BinaryPrimitives.ReadInt32BigEndian(Take(sizeof(int)));

    /// <summary>Reads a 64-bit integer and moves past it.</summary>
    public long GetLong() => BinaryPrimitives.ReadInt64BigEndian(Take(sizeof(long)));

    /// <summary>Reads a 64-bit floating-point number and moves past it.</summary>
    public double GetDouble() => BinaryPrimitives.ReadDoubleBigEndian(Take(sizeof(double)));

    /// <summary>Writes a byte and moves past it.</summary>
    public void Put(byte value) => _bytes[Position++] = value;

    /// <summary>Writes a 32-bit integer and moves past it.</summary>
    public void PutInt(int value) => BinaryPrimitives.WriteInt32BigEndian(Take(sizeof(int)), value);

    /// <summary>Writes a 32-bit integer at an index, and leaves the position as it is.</summary>
    public void PutInt(int index, int value)
        => BinaryPrimitives.WriteInt32BigEndian(_bytes.AsSpan(index, sizeof(int)), value);

    /// <summary>Writes a 64-bit integer and moves past it.</summary>
    public void PutLong(long value) => BinaryPrimitives.WriteInt64BigEndian(Take(sizeof(long)), value);

    /// <summary>Writes a 64-bit floating-point number and moves past it.</summary>
    public void PutDouble(double value) => BinaryPrimitives.WriteDoubleBigEndian(Take(sizeof(double)), value);

    /// <summary>Writes bytes and moves past them.</summary>
    internal void PutBytes(ReadOnlySpan<byte> source) => source.CopyTo(Take(source.Length));

    /// <summary>The given stretch of the buffer, to be read in place.</summary>
    internal ReadOnlyMemory<byte> Slice(int start, int length) => _bytes.AsMemory(start, length);

    private Span<byte> Take(int length)
    {
        var span = _bytes.AsSpan(Position, length);
        Position += length;
        return span;
    }
}
