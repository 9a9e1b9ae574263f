using System.Numerics;
using System.Runtime.InteropServices;
using ExecutionPipeline.Execution.State;
using ExecutionPipeline.Native;
using ExecutionPipeline.Pipeline.Journal;

namespace ExecutionPipeline.Pipeline.Snapshots;

/// <summary>
/// The beginning of a snapshot. The state follows, and 4 bytes behind it the CRC-32C of all before. Little-endian.
/// <code>
///   0  magic          8   "XPSTATE\n"
///   8  version        4
///  12  checksum       4   CRC-32C of the rest of the header
///  16  sequence       8   of the first event that is not in it
///  24  time           8   of the last event that is, in nanoseconds since the Unix epoch, UTC
///  32  configuration 32   SHA-256 of the pipeline's configuration: the state is one of another otherwise
///  64  models         8   version of the models that decide; 0 where they have none
///  72  state hash     8   XXH3 of the state, 64 bits
///  80  length         8   of the state, in bytes
/// </code>
/// </summary>
[StructLayout(LayoutKind.Explicit, Size = SizeBytes)]
internal struct SnapshotHeader
{
    public const int SizeBytes = 88;
    public const ulong MagicValue = 0x0A45_5441_5453_5058;
    public const int CurrentVersion = 5;

    [FieldOffset(0)] public ulong Magic;
    [FieldOffset(8)] public int Version;
    [FieldOffset(12)] public uint Checksum;
    [FieldOffset(16)] public long Sequence;
    [FieldOffset(24)] public long TimeNs;
    [FieldOffset(32)] public ConfigurationHash Configuration;
    [FieldOffset(64)] public ulong ModelVersion;
    [FieldOffset(72)] public ulong StateHash;
    [FieldOffset(80)] public long Length;

    /// <summary>The checksum that the header must have.</summary>
    public readonly uint ExpectedChecksum
    {
        get
        {
            var copy = this with { Checksum = 0 };
            return SnapshotFile.ChecksumOf(MemoryMarshal.AsBytes(new ReadOnlySpan<SnapshotHeader>(in copy)));
        }
    }
}

/// <summary>The state of a pipeline between two events.</summary>
/// <param name="Configuration">Of the pipeline.</param>
/// <param name="Sequence">Of the first event that is not in it.</param>
/// <param name="TimeNs">Of the last event that is, in nanoseconds since the Unix epoch, UTC.</param>
/// <param name="ModelVersion">Of the models that decide; 0 where they have none.</param>
/// <param name="State">As the state stream wrote it.</param>
public sealed record Snapshot(
    ConfigurationHash Configuration, long Sequence, long TimeNs, ulong ModelVersion, ReadOnlyMemory<byte> State)
{
    /// <summary>What a hashing stream gives for the same state.</summary>
    public ulong StateHash { get; } = StateStream.HashOf(State.Span);

    /// <summary>Whether it is of a pipeline with this configuration.</summary>
    public bool IsOf(ConfigurationHash configuration) => Configuration.Is(in configuration);
}

/// <summary>A snapshot is damaged, or of something else; the message names the file.</summary>
public sealed class SnapshotException(string message) : Exception(message);

/// <summary>Writes and reads snapshots. A file that is there by its name is whole.</summary>
public static class SnapshotFile
{
    private const int TrailerBytes = sizeof(uint);
    private const int PartBytes = 64 << 10;

    /// <summary>
    /// Writes a snapshot under another name, brings it onto the disk, and only then gives it its own. What had the name
    /// before is replaced.
    /// </summary>
    /// <exception cref="IOException">The disk did not take it; what had the name before is still there.</exception>
    public static void Write(string path, Snapshot snapshot)
    {
        ArgumentNullException.ThrowIfNull(snapshot);
        var header = new SnapshotHeader
        {
            Magic = SnapshotHeader.MagicValue,
            Version = SnapshotHeader.CurrentVersion,
            Sequence = snapshot.Sequence,
            TimeNs = snapshot.TimeNs,
            Configuration = snapshot.Configuration,
            ModelVersion = snapshot.ModelVersion,
            StateHash = snapshot.StateHash,
            Length = snapshot.State.Length,
        };
        header.Checksum = header.ExpectedChecksum;
        var start = MemoryMarshal.AsBytes(new ReadOnlySpan<SnapshotHeader>(in header));
        var checksum = ChecksumOf(snapshot.State.Span, ChecksumOf(start));
        DurableFile.Replace(path, start.ToArray(), snapshot.State, BitConverter.GetBytes(checksum));
    }

    /// <summary>Reads a snapshot, and believes nothing of it that a checksum does not confirm.</summary>
    /// <exception cref="SnapshotException">It is damaged, cut off, or of another version.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static Snapshot Read(string path) => Parse(File.ReadAllBytes(path), path);

    /// <summary>The same of bytes that were read already.</summary>
    /// <param name="bytes">Of the whole file.</param>
    /// <param name="path">As messages name it.</param>
    /// <exception cref="SnapshotException">It is damaged, cut off, or of another version.</exception>
    public static Snapshot Parse(ReadOnlyMemory<byte> bytes, string path)
    {
        if (bytes.Length < SnapshotHeader.SizeBytes + TrailerBytes)
            throw new SnapshotException($"{path}: {bytes.Length} bytes are no snapshot.");

        var header = MemoryMarshal.Read<SnapshotHeader>(bytes.Span);
        if (header.Magic != SnapshotHeader.MagicValue)
            throw new SnapshotException($"{path}: it does not begin as a snapshot does.");
        if (header.Checksum != header.ExpectedChecksum)
            throw new SnapshotException($"{path}: its header is damaged.");
        if (header.Version != SnapshotHeader.CurrentVersion)
        {
            throw new SnapshotException(
                $"{path}: it is of version {header.Version}; version {SnapshotHeader.CurrentVersion} is read here.");
        }

        if (header.Length != bytes.Length - SnapshotHeader.SizeBytes - TrailerBytes)
            throw new SnapshotException($"{path}: its state has not the {header.Length} bytes that its header says.");
        if (MemoryMarshal.Read<uint>(bytes.Span[^TrailerBytes..]) != ChecksumOf(bytes.Span[..^TrailerBytes]))
            throw new SnapshotException($"{path}: it is damaged behind its header.");

        var state = bytes[SnapshotHeader.SizeBytes..^TrailerBytes];
        var snapshot =
            new Snapshot(header.Configuration, header.Sequence, header.TimeNs, header.ModelVersion, state);
        return snapshot.StateHash == header.StateHash
            ? snapshot
            : throw new SnapshotException($"{path}: its state has not the hash that its header says.");
    }

    /// <summary>
    /// Whether a file is a snapshot of a configuration that is read here; false also where it cannot be read. Little of
    /// it is in memory at a time.
    /// </summary>
    /// <param name="path">Of the file.</param>
    /// <param name="configuration">Of the pipeline.</param>
    /// <param name="isWhole">Whether what is behind its header is read, too, which may be damaged otherwise.</param>
    public static bool IsUsable(string path, ConfigurationHash configuration, bool isWhole)
    {
        var header = default(SnapshotHeader);
        var start = MemoryMarshal.AsBytes(new Span<SnapshotHeader>(ref header));
        try
        {
            using var file = new FileStream(
                path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
            file.ReadExactly(start);
            return header is { Magic: SnapshotHeader.MagicValue, Version: SnapshotHeader.CurrentVersion }
                && header.Checksum == header.ExpectedChecksum
                && header.Configuration.Is(in configuration)
                && (!isWhole || IsWhole(file, header.Length, ChecksumOf(start)));
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    /// <summary>Whether behind a header there is what it says, and nothing else.</summary>
    private static bool IsWhole(FileStream file, long length, uint checksum)
    {
        if (length < 0 || length != file.Length - SnapshotHeader.SizeBytes - TrailerBytes)
            return false;

        var buffer = new byte[PartBytes];
        for (var left = length; left > 0;)
        {
            var part = buffer.AsSpan(0, (int)Math.Min(left, buffer.Length));
            file.ReadExactly(part);
            checksum = ChecksumOf(part, checksum);
            left -= part.Length;
        }

        var trailer = buffer.AsSpan(0, TrailerBytes);
        file.ReadExactly(trailer);
        return MemoryMarshal.Read<uint>(trailer) == checksum;
    }

    /// <summary>CRC-32C, of bytes that follow others.</summary>
    internal static uint ChecksumOf(ReadOnlySpan<byte> bytes, uint before = uint.MaxValue)
    {
        var crc = before;
        foreach (var word in MemoryMarshal.Cast<byte, ulong>(bytes))
            crc = BitOperations.Crc32C(crc, word);
        foreach (var single in bytes[(bytes.Length & ~7)..])
            crc = BitOperations.Crc32C(crc, single);

        return crc;
    }
}
