using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace ExecutionPipeline.Messages.Wire;

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
