using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace ExecutionPipeline.Messages.Wire;

/// <summary>
/// What every message begins with, little-endian.
/// <code>
///   0               2               4               6               8
///   +---------------+---------------+---------------+---------------+
///   |  blockLength  |  templateId   |   schemaId    |    version    |
///   +---------------+---------------+---------------+---------------+
/// </code>
/// </summary>
/// <param name="BlockLength">Bytes of the block that follows, as the sender's version has it.</param>
/// <param name="TemplateId">Which message it is.</param>
/// <param name="SchemaId">Which schema it is of.</param>
/// <param name="Version">The sender's version of the schema.</param>
public readonly record struct MessageHeader(ushort BlockLength, ushort TemplateId, ushort SchemaId, ushort Version)
{
    public const int SizeBytes = 8;
    public const int BlockLengthOffset = 0;
    public const int TemplateIdOffset = 2;
    public const int SchemaIdOffset = 4;
    public const int VersionOffset = 6;

    /// <summary>False when the message is shorter than a header.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool TryRead(ReadOnlySpan<byte> message, out MessageHeader header)
    {
        if (!BinaryPrimitives.TryReadUInt64LittleEndian(message, out var bits))
        {
            header = default;
            return false;
        }

        header = new MessageHeader((ushort)bits, (ushort)(bits >> 16), (ushort)(bits >> 32), (ushort)(bits >> 48));
        return true;
    }

    /// <summary>Writes the header to the buffer's start.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The buffer is shorter than a header.</exception>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Write(Span<byte> buffer)
    {
        var bits = BlockLength | (ulong)TemplateId << 16 | (ulong)SchemaId << 32 | (ulong)Version << 48;
        BinaryPrimitives.WriteUInt64LittleEndian(buffer, bits);
    }

    /// <summary>
    /// The block of a whole message, as long as its header says. False, and an empty block, when the message is not
    /// of this schema and template or ends before its block does.
    /// </summary>
    public static bool TryGetBlock(ReadOnlySpan<byte> message, ushort templateId, out ReadOnlySpan<byte> block)
    {
        if (TryRead(message, out var header) && header.SchemaId == Schema.Id && header.TemplateId == templateId &&
            SizeBytes + header.BlockLength <= message.Length)
        {
            block = message.Slice(SizeBytes, header.BlockLength);
            return true;
        }

        block = default;
        return false;
    }

    /// <summary>Writes this version's header, zeroes the block after it, padding included, and returns it.</summary>
    /// <exception cref="ArgumentException">The buffer is shorter than header and block.</exception>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static Span<byte> Begin(Span<byte> buffer, ushort templateId, int blockLength)
    {
        if (buffer.Length < SizeBytes + blockLength)
            ThrowBufferTooShort(buffer.Length, templateId, blockLength);

        new MessageHeader((ushort)blockLength, templateId, Schema.Id, Schema.Version).Write(buffer);
        var block = buffer.Slice(SizeBytes, blockLength);
        block.Clear();
        return block;
    }

    [DoesNotReturn]
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void ThrowBufferTooShort(int length, ushort templateId, int blockLength) =>
        throw new ArgumentException(
            $"A message of template {templateId} takes {SizeBytes + blockLength} bytes; the buffer has {length}.");
}
