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
