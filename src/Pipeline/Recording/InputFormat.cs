using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using ExecutionPipeline.Messages.Events;

namespace ExecutionPipeline.Pipeline.Recording;

/// <summary>A SHA-256 of a pipeline configuration.</summary>
[InlineArray(SizeBytes)]
public struct ConfigurationHash
{
    public const int SizeBytes = 32;

    private byte _first;

    /// <summary>Copies <paramref name="hash"/>, which must be <see cref="SizeBytes"/> long.</summary>
    public static ConfigurationHash From(ReadOnlySpan<byte> hash)
    {
        var result = default(ConfigurationHash);
        hash[..SizeBytes].CopyTo(result);
        return result;
    }

    public override readonly string ToString() => Convert.ToHexStringLower(this);
}

/// <summary>
/// The layout of a recorded input: this header, then a record for every ring event in ring order, then an end record.
/// Little-endian.
/// <code>
///   0  magic          8   "XPINPUT\n"
///   8  version        4
///  12  record bytes   4
///  16  configuration 32   SHA-256 of the pipeline's configuration: another one gives other outputs
///  48  reserved      16
/// </code>
/// </summary>
[StructLayout(LayoutKind.Explicit, Size = SizeBytes)]
internal struct InputFileHeader
{
    public const int SizeBytes = 64;
    public const ulong MagicValue = 0x0A54_5550_4E49_5058;
    public const int CurrentVersion = 2;

    [FieldOffset(0)] public ulong Magic;
    [FieldOffset(8)] public int Version;
    [FieldOffset(12)] public int RecordBytes;
    [FieldOffset(16)] public ConfigurationHash Configuration;
}

/// <summary>
/// One event's record: header and payload (the first bytes of <c>PipelineEvent</c>), then a checksum over them and the
/// record's number, so that a changed, lost or moved record is found. The end record's event is of kind 0, and its
/// correlation id is the number of events before it.
/// </summary>
internal static class InputRecord
{
    public const int SizeBytes = PipelineEvent.InputSizeBytes + sizeof(ulong);

    /// <summary>The checksum of a record: CRC-32C.</summary>
    public static ulong ChecksumOf(ReadOnlySpan<byte> input, long number)
    {
        var crc = BitOperations.Crc32C(uint.MaxValue, (ulong)number);
        foreach (var word in MemoryMarshal.Cast<byte, ulong>(input))
            crc = BitOperations.Crc32C(crc, word);

        return ~crc;
    }
}
