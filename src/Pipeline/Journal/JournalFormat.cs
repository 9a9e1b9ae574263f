using System.Globalization;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using ExecutionPipeline.Messages.Events;
using ExecutionPipeline.Pipeline.Options;

namespace ExecutionPipeline.Pipeline.Journal;

/// <summary>
/// The beginning of a segment. Its records follow, then zeros to the end of the file. Little-endian.
/// <code>
///   0  magic          8   "XPJRNL\r\n"
///   8  version        4
///  12  checksum       4   CRC-32C of the rest of the header; the first record's checksum begins with it
///  16  number         8   of the segment, which its name has too
///  24  first sequence 8   of the next event
///  32  configuration 32   SHA-256 of the owner's configuration: another one gives other outputs
///  64  checksum of the last record of the segment before, and padding 8
///  72  results        8   the results' hash over all events before, where it is known; else 0
///  80  time           8   of the event that began it, in nanoseconds since the Unix epoch, UTC; 0 for the first
///  88  synced         8   events before this one were known to be on the disk when the segment was begun
///  96  sync           4   the run's policy, <see cref="JournalSync"/>: with none nothing more becomes known
/// 100  owner          4   whose inputs it holds: a <see cref="JournalOwner"/>
/// 104  reserved      24   zeros
/// </code>
/// </summary>
[StructLayout(LayoutKind.Explicit, Size = SizeBytes)]
internal struct SegmentHeader
{
    public const int SizeBytes = 128;
    public const ulong MagicValue = 0x0A0D_4C4E_524A_5058;
    public const int CurrentVersion = 2;

    [FieldOffset(0)] public ulong Magic;
    [FieldOffset(8)] public int Version;
    [FieldOffset(12)] public uint Checksum;
    [FieldOffset(16)] public long Number;
    [FieldOffset(24)] public long FirstSequence;
    [FieldOffset(32)] public ConfigurationHash Configuration;
    [FieldOffset(64)] public uint PreviousChecksum;
    [FieldOffset(72)] public ulong Results;
    [FieldOffset(80)] public long TimeNs;
    [FieldOffset(88)] public long Synced;
    [FieldOffset(96)] public JournalSync Sync;
    [FieldOffset(100)] public JournalOwner Owner;

    /// <summary>Reads a header; false: the bytes do not begin with one that is whole.</summary>
    public static bool TryRead(ReadOnlySpan<byte> bytes, out SegmentHeader header)
    {
        header = default;
        if (bytes.Length < SizeBytes)
            return false;

        header = MemoryMarshal.Read<SegmentHeader>(bytes);
        return header.Magic == MagicValue && header.Version == CurrentVersion
            && header.Checksum == ChecksumOf(in header);
    }

    /// <summary>The checksum that the header must have.</summary>
    public static uint ChecksumOf(in SegmentHeader header)
    {
        var copy = header;
        copy.Checksum = 0;
        var crc = uint.MaxValue;
        var bytes = MemoryMarshal.AsBytes(new ReadOnlySpan<SegmentHeader>(in copy));
        foreach (var word in MemoryMarshal.Cast<byte, ulong>(bytes))
            crc = BitOperations.Crc32C(crc, word);

        return crc;
    }
}

/// <summary>Whose inputs a journal holds. The journal of one is refused where that of another is expected.</summary>
public enum JournalOwner
{
    /// <summary>A pipeline.</summary>
    Pipeline = 0,

    /// <summary>A venue in a process of its own.</summary>
    Venue = 1,
}

/// <summary>What a record of the journal is.</summary>
public enum RecordKind : byte
{
    None = 0,

    /// <summary>An input of the owner. Its sequence is the event's number from the journal's beginning.</summary>
    Event = 1,

    /// <summary>The hash of the results of all events before its sequence.</summary>
    Checkpoint = 2,

    /// <summary>The run came to its ordered end. Its sequence is that of the event that would have been next.</summary>
    End = 3,

    /// <summary>Events before the one that its body names are known to be on the disk. See <see cref="SyncMark"/>.
    /// </summary>
    Synced = 4,
}

/// <summary>
/// The layout of a record. It begins at a multiple of 8, and so does the next one behind it.
/// <code>
///  0  length    2   of the whole record, in bytes, a multiple of 8; written last, with the checksum
///  2  kind      1
///  3  reserved  1   zero
///  4  checksum  4   CRC-32C of all the rest, begun with the checksum of the record before
///  8  sequence  8
/// 16  body          event: its header and the member of its payload that its kind has; checkpoint: the hash;
///                   synced: the sequence behind the last event that is known to be on the disk, and a proof of it
/// </code>
/// A record's checksum covers, by what it begins with, every record before it in the journal: none can be changed,
/// lost, put elsewhere or taken from another run unseen.
/// </summary>
internal static class RecordLayout
{
    public const int HeaderBytes = 16;
    public const int CheckpointBytes = HeaderBytes + sizeof(ulong);
    public const int MaxBytes = HeaderBytes + PipelineEvent.InputSizeBytes;

    private static readonly byte[] PayloadBytes =
    [
        0,
        (byte)Unsafe.SizeOf<TradeQualified>(),
        (byte)Unsafe.SizeOf<MarketUpdate>(),
        (byte)Unsafe.SizeOf<ExecutionReport>(),
        (byte)Unsafe.SizeOf<Command>(),
        (byte)Unsafe.SizeOf<TimerTick>(),
        (byte)Unsafe.SizeOf<Command>(),
        (byte)Unsafe.SizeOf<VenueRequest>(),
    ];

    /// <summary>Bytes of an event's body: its header and what its kind needs of the payload.</summary>
    public static int BodyBytesOf(EventKind kind)
    {
        var sizes = PayloadBytes;
        var payload = (uint)kind < (uint)sizes.Length ? sizes[(int)kind] : EventPayload.SizeBytes;
        return EventHeader.SizeBytes + payload;
    }

    /// <summary>The length of a record by its first word; 0: no record begins so.</summary>
    public static int LengthOf(ulong firstWord)
    {
        var length = (int)(firstWord & ushort.MaxValue);
        return length is < HeaderBytes or > MaxBytes || length % 8 != 0 ? 0 : length;
    }

    /// <summary>Whether a record is whole.</summary>
    /// <param name="record">As long as it says.</param>
    /// <param name="seed">The checksum of the record before.</param>
    public static bool IsWhole(ReadOnlySpan<byte> record, uint seed) =>
        (RecordKind)record[2] is >= RecordKind.Event and <= RecordKind.Synced
        && MemoryMarshal.Read<uint>(record[4..]) == ChecksumOf(record, seed);

    /// <summary>The first word of a record, without its checksum.</summary>
    public static uint Prefix(int length, RecordKind kind) => (uint)length | (uint)kind << 16;

    /// <summary>The checksum of a record that lies in memory.</summary>
    public static uint ChecksumOf(ReadOnlySpan<byte> record, uint seed)
    {
        var crc = BitOperations.Crc32C(seed, MemoryMarshal.Read<uint>(record));
        foreach (var word in MemoryMarshal.Cast<byte, ulong>(record[8..]))
            crc = BitOperations.Crc32C(crc, word);

        return crc;
    }
}

/// <summary>
/// The body of a record that says how far the journal was known to be on the disk when it was written. It proves
/// itself, so that it counts where the record before it is lost: what is missing before the place that it names was on
/// the disk, and so is damaged; what is missing behind it may never have come there.
/// </summary>
internal static class SyncMark
{
    public const int BodyBytes = 2 * sizeof(ulong);
    public const int RecordBytes = RecordLayout.HeaderBytes + BodyBytes;

    /// <summary>What stands behind the sequence that a record with its own sequence names.</summary>
    public static ulong ProofOf(long sequence, long synced) =>
        BitOperations.RotateLeft((ulong)synced * 0x9E37_79B9_7F4A_7C15, 31) * 0xC2B2_AE3D_27D4_EB4F
        ^ BitOperations.RotateLeft((ulong)sequence * 0x1656_67B1_9E37_79F9, 17);

    /// <summary>Reads one that begins where the bytes do; false: they are none.</summary>
    public static bool TryRead(ReadOnlySpan<byte> bytes, out long synced)
    {
        synced = 0;
        if (bytes.Length < RecordBytes
            || MemoryMarshal.Read<uint>(bytes) != RecordLayout.Prefix(RecordBytes, RecordKind.Synced))
            return false;

        synced = MemoryMarshal.Read<long>(bytes[RecordLayout.HeaderBytes..]);
        return MemoryMarshal.Read<ulong>(bytes[(RecordLayout.HeaderBytes + sizeof(long))..])
            == ProofOf(MemoryMarshal.Read<long>(bytes[sizeof(long)..]), synced);
    }
}

/// <summary>A place in a journal, behind its last good record: where it can be gone on with.</summary>
/// <param name="Segment">The number of the segment; the first is 0.</param>
/// <param name="Offset">Within the segment, in bytes.</param>
/// <param name="Sequence">Of the next event.</param>
/// <param name="Checksum">What the next record's checksum begins with.</param>
/// <param name="Results">The results' hash over all events before; 0: it is not known here.</param>
public readonly record struct JournalPosition(
    long Segment, long Offset, long Sequence, uint Checksum, ulong Results = 0)
{
    /// <summary>Before the first event of a new journal.</summary>
    public static JournalPosition Start => new(-1, 0, 0, 0);
}

/// <summary>The names of a journal's files.</summary>
public static class JournalFiles
{
    public const string Extension = ".journal";
    private const int Digits = 12;

    /// <summary>Where a segment lies.</summary>
    public static string PathOf(string folder, long number) =>
        Path.Combine(folder, number.ToString("D12", CultureInfo.InvariantCulture) + Extension);

    /// <summary>The segments of a folder by their numbers, ascending.</summary>
    public static SortedDictionary<long, string> In(string folder)
    {
        var found = new SortedDictionary<long, string>();
        foreach (var path in Directory.EnumerateFiles(folder, "*" + Extension))
        {
            var name = Path.GetFileNameWithoutExtension(path);
            if (name.Length == Digits
                && long.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
                found.Add(number, path);
        }

        return found;
    }
}
