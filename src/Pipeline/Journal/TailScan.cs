using System.Runtime.InteropServices;

namespace ExecutionPipeline.Pipeline.Journal;

/// <summary>
/// Looks through what lies behind a place of a journal where there is no whole record: how much of it is whole, and up
/// to where it says that the journal was on the disk.
/// </summary>
internal sealed class TailScan
{
    /// <summary>Whole records that were found; one whose forerunner is lost counts when a whole one follows.</summary>
    public long Records { get; private set; }

    /// <summary>Bytes that are not zero or lie before such a one, of all segments.</summary>
    public long Bytes { get; private set; }

    /// <summary>Further segments that hold anything.</summary>
    public int Segments { get; private set; }

    /// <summary>Events before this one were on the disk, as what was found says; 0: nothing says so.</summary>
    public long Synced { get; private set; }

    /// <summary>Looks through the rest of a journal.</summary>
    /// <param name="folder">Of the journal.</param>
    /// <param name="number">Of the segment with the place.</param>
    /// <param name="segment">The same.</param>
    /// <param name="offset">Of the place.</param>
    /// <param name="seed">The checksum of the record before it.</param>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static TailScan Behind(string folder, long number, SegmentReader segment, long offset, uint seed)
    {
        var scan = new TailScan { Bytes = segment.LastUsed(offset) + 1 - offset };
        scan.AddBroken(segment.UsedFrom(offset), seed);
        foreach (var (further, path) in JournalFiles.In(folder))
        {
            if (further <= number)
                continue;

            using var next = new SegmentReader(path, []);
            var used = next.LastUsed(0) + 1;
            if (used == 0)
                continue;

            scan.Segments++;
            scan.Bytes += used;
            scan.AddSegment(next.UsedFrom(0));
        }

        return scan;
    }

    private void AddSegment(ReadOnlySpan<byte> bytes)
    {
        if (!SegmentHeader.TryRead(bytes, out var header))
        {
            AddBroken(bytes, seed: 0);
            return;
        }

        Synced = Math.Max(Synced, header.Synced);
        var records = bytes[SegmentHeader.SizeBytes..];
        AddBroken(records[AddRun(records, header.Checksum)..], seed: 0);
    }

    /// <summary>Takes in bytes that do not begin with a whole record.</summary>
    private void AddBroken(ReadOnlySpan<byte> bytes, uint seed)
    {
        for (var at = sizeof(ulong); at + RecordLayout.HeaderBytes <= bytes.Length;)
        {
            var rest = bytes[at..];
            if (IsNextOf(bytes, at, seed) || IsProven(rest))
            {
                Take(rest);
                at += RecordLayout.LengthOf(MemoryMarshal.Read<ulong>(rest));
                at += AddRun(bytes[at..], MemoryMarshal.Read<uint>(rest[4..]));
            }
            else
            {
                at += sizeof(ulong);
            }
        }
    }

    /// <summary>
    /// Whether the record at a place follows the broken one: of that its checksum may be right, or all but that.
    /// </summary>
    private static bool IsNextOf(ReadOnlySpan<byte> broken, int at, uint seed)
    {
        var next = broken[at..];
        return LengthOf(next) > 0
            && (IsWhole(next, MemoryMarshal.Read<uint>(broken[4..]))
                || (at is >= RecordLayout.HeaderBytes and <= RecordLayout.MaxBytes
                    && IsWhole(next, RecordLayout.ChecksumOf(broken[..at], seed))));
    }

    /// <summary>Whether a record whose forerunner is lost is one: it says so itself, or the next one does.</summary>
    private static bool IsProven(ReadOnlySpan<byte> bytes)
    {
        var length = LengthOf(bytes);
        return length > 0
            && (SyncMark.TryRead(bytes, out _) || IsWhole(bytes[length..], MemoryMarshal.Read<uint>(bytes[4..])));
    }

    /// <summary>Takes in the whole records that follow one with a checksum. Returns their bytes.</summary>
    private int AddRun(ReadOnlySpan<byte> bytes, uint seed)
    {
        var at = 0;
        while (IsWhole(bytes[at..], seed))
        {
            Take(bytes[at..]);
            seed = MemoryMarshal.Read<uint>(bytes[(at + 4)..]);
            at += LengthOf(bytes[at..]);
        }

        return at;
    }

    private void Take(ReadOnlySpan<byte> record)
    {
        Records++;
        if (SyncMark.TryRead(record, out var synced))
            Synced = Math.Max(Synced, synced);
    }

    private static bool IsWhole(ReadOnlySpan<byte> bytes, uint seed)
    {
        var length = LengthOf(bytes);
        return length > 0 && RecordLayout.IsWhole(bytes[..length], seed);
    }

    /// <summary>Of the record that begins where the bytes do; 0: none does, or it is longer than they are.</summary>
    private static int LengthOf(ReadOnlySpan<byte> bytes)
    {
        var length = bytes.Length < RecordLayout.HeaderBytes
            ? 0
            : RecordLayout.LengthOf(MemoryMarshal.Read<ulong>(bytes));
        return length <= bytes.Length ? length : 0;
    }
}
