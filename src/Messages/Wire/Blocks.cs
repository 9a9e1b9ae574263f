using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace ExecutionPipeline.Messages.Wire;

/// <summary>
/// Reads fields of a block, little-endian. The block is as long as its sender's version made it: what lies beyond its
/// end was not known to the sender and reads as null.
/// </summary>
internal static class BlockReader
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static byte UInt8(ReadOnlySpan<byte> block, int offset) =>
        HasField(block, offset, sizeof(byte)) ? block[offset] : WireNull.UInt8;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ushort UInt16(ReadOnlySpan<byte> block, int offset) => HasField(block, offset, sizeof(ushort))
        ? BinaryPrimitives.ReadUInt16LittleEndian(block[offset..])
        : WireNull.UInt16;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint UInt32(ReadOnlySpan<byte> block, int offset) => HasField(block, offset, sizeof(uint))
        ? BinaryPrimitives.ReadUInt32LittleEndian(block[offset..])
        : WireNull.UInt32;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong UInt64(ReadOnlySpan<byte> block, int offset) => HasField(block, offset, sizeof(ulong))
        ? BinaryPrimitives.ReadUInt64LittleEndian(block[offset..])
        : WireNull.UInt64;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Int32(ReadOnlySpan<byte> block, int offset) => HasField(block, offset, sizeof(int))
        ? BinaryPrimitives.ReadInt32LittleEndian(block[offset..])
        : WireNull.Int32;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static long Int64(ReadOnlySpan<byte> block, int offset) => HasField(block, offset, sizeof(long))
        ? BinaryPrimitives.ReadInt64LittleEndian(block[offset..])
        : WireNull.Int64;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Single(ReadOnlySpan<byte> block, int offset) => HasField(block, offset, sizeof(float))
        ? BinaryPrimitives.ReadSingleLittleEndian(block[offset..])
        : WireNull.Single;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static double Double(ReadOnlySpan<byte> block, int offset) => HasField(block, offset, sizeof(double))
        ? BinaryPrimitives.ReadDoubleLittleEndian(block[offset..])
        : WireNull.Double;

    /// <summary>The bits of a set: none where the sender did not know the field.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static byte UInt8Bits(ReadOnlySpan<byte> block, int offset) =>
        HasField(block, offset, sizeof(byte)) ? block[offset] : (byte)0;

    /// <summary>The bits of a set: none where the sender did not know the field.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint UInt32Bits(ReadOnlySpan<byte> block, int offset) => HasField(block, offset, sizeof(uint))
        ? BinaryPrimitives.ReadUInt32LittleEndian(block[offset..])
        : 0;

    /// <summary>One of <paramref name="count"/> floats that begin at the offset.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no float of that index.</exception>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Single(ReadOnlySpan<byte> block, int offset, int index, int count)
    {
        if ((uint)index >= (uint)count)
            ThrowNoSuchIndex(index, count);

        return Single(block, offset + index * sizeof(float));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool HasField(ReadOnlySpan<byte> block, int offset, int size) => block.Length >= offset + size;

    [DoesNotReturn]
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void ThrowNoSuchIndex(int index, int count) =>
        throw new ArgumentOutOfRangeException(nameof(index), index, $"The field has {count} elements.");
}

/// <summary>Writes fields of a block, little-endian.</summary>
internal static class BlockWriter
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Write(Span<byte> block, int offset, byte value) => block[offset] = value;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Write(Span<byte> block, int offset, ushort value) =>
        BinaryPrimitives.WriteUInt16LittleEndian(block[offset..], value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Write(Span<byte> block, int offset, uint value) =>
        BinaryPrimitives.WriteUInt32LittleEndian(block[offset..], value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Write(Span<byte> block, int offset, ulong value) =>
        BinaryPrimitives.WriteUInt64LittleEndian(block[offset..], value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Write(Span<byte> block, int offset, int value) =>
        BinaryPrimitives.WriteInt32LittleEndian(block[offset..], value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Write(Span<byte> block, int offset, long value) =>
        BinaryPrimitives.WriteInt64LittleEndian(block[offset..], value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Write(Span<byte> block, int offset, float value) =>
        BinaryPrimitives.WriteSingleLittleEndian(block[offset..], value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Write(Span<byte> block, int offset, double value) =>
        BinaryPrimitives.WriteDoubleLittleEndian(block[offset..], value);

    /// <summary>Writes an array of a fixed length.</summary>
    /// <exception cref="ArgumentException">There are not exactly <paramref name="count"/> values.</exception>
    public static void Write(Span<byte> block, int offset, ReadOnlySpan<float> values, int count)
    {
        if (values.Length != count)
            ThrowWrongCount(values.Length, count);

        for (var i = 0; i < values.Length; i++)
            Write(block, offset + i * sizeof(float), values[i]);
    }

    /// <summary>Marks each element of an array as absent.</summary>
    public static void FillNull(Span<byte> block, int offset, int count)
    {
        for (var i = 0; i < count; i++)
            Write(block, offset + i * sizeof(float), WireNull.Single);
    }

    [DoesNotReturn]
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void ThrowWrongCount(int length, int count) =>
        throw new ArgumentException($"The field has {count} elements; {length} were given.");
}

/// <summary>The values by which SBE says that an optional field is absent.</summary>
public static class WireNull
{
    public const byte UInt8 = byte.MaxValue;
    public const ushort UInt16 = ushort.MaxValue;
    public const uint UInt32 = uint.MaxValue;
    public const ulong UInt64 = ulong.MaxValue;
    public const int Int32 = int.MinValue;
    public const long Int64 = long.MinValue;
    public const float Single = float.NaN;
    public const double Double = double.NaN;

    /// <summary>Ring blocks say 0 for a price that is not there; the wire has a null for it.</summary>
    public static long NullIfZero(long priceE9) => priceE9 == 0 ? Int64 : priceE9;

    /// <summary>The same of an id.</summary>
    public static ulong NullIfZero(ulong id) => id == 0 ? UInt64 : id;

    /// <summary>Back from the wire.</summary>
    public static long ZeroIfNull(long priceE9) => priceE9 == Int64 ? 0 : priceE9;

    /// <summary>The same of an id.</summary>
    public static ulong ZeroIfNull(ulong id) => id == UInt64 ? 0 : id;
}
