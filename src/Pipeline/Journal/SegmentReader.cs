using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace ExecutionPipeline.Pipeline.Journal;

/// <summary>What lies at a place of a segment.</summary>
internal enum RecordFound
{
    /// <summary>A record that is whole.</summary>
    Whole,

    /// <summary>Nothing: zeros, or the end of the file.</summary>
    Nothing,

    /// <summary>Something that is no whole record.</summary>
    Broken,
}

/// <summary>
/// A segment's file, read piece by piece as far as it is asked for; it may be written meanwhile. The buffer is the
/// caller's, for one segment after the other.
/// </summary>
internal sealed class SegmentReader : IDisposable
{
    private const int PieceBytes = 1 << 20;

    private readonly SafeFileHandle _file;
    private byte[] _bytes;
    private int _filled;

    /// <exception cref="InvalidDataException">It is no segment of this version; says why.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public SegmentReader(string path, byte[] buffer)
    {
        Path = path;
        _file = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        _bytes = buffer;
    }

    public string Path { get; }

    /// <summary>The buffer, perhaps a larger one than was handed in.</summary>
    public byte[] Buffer => _bytes;

    /// <summary>Bytes of the file now.</summary>
    public long Length => RandomAccess.GetLength(_file);

    /// <summary>Whether it has a header that is whole, or something behind it.</summary>
    public bool IsBegun
    {
        get
        {
            if (Length <= SegmentHeader.SizeBytes)
                return Length == SegmentHeader.SizeBytes && IsHeaderWhole();

            return IsHeaderWhole() || !IsEmptyFrom(SegmentHeader.SizeBytes);
        }
    }

    /// <summary>The header. False when there are only zeros: the segment lies ready and has not been begun.</summary>
    /// <exception cref="InvalidDataException">It is no segment of this version, or its header is damaged.</exception>
    public bool TryReadHeader(out SegmentHeader header)
    {
        if (!TryFill(0, SegmentHeader.SizeBytes))
            throw new InvalidDataException($"{Path}: too short for a segment of a journal ({Length} bytes)");

        header = MemoryMarshal.Read<SegmentHeader>(_bytes);
        if (header.Magic == 0 && IsEmptyFrom(0))
            return false;

        if (header.Magic != SegmentHeader.MagicValue)
            throw new InvalidDataException($"{Path}: not a segment of a journal (it does not begin with XPJRNL)");

        if (header.Version != SegmentHeader.CurrentVersion)
        {
            throw new InvalidDataException(
                $"{Path}: version {header.Version} of the journal; this build reads {SegmentHeader.CurrentVersion}");
        }

        if (header.Checksum != SegmentHeader.ChecksumOf(in header))
            throw new InvalidDataException($"{Path}: offset 0: the header is damaged: its checksum is another");

        return true;
    }

    /// <summary>Looks at the record at a place.</summary>
    /// <param name="offset">A multiple of 8.</param>
    /// <param name="seed">The checksum of the record before.</param>
    /// <param name="record">The whole record; empty where there is none.</param>
    public RecordFound Find(long offset, uint seed, out ReadOnlySpan<byte> record)
    {
        record = default;
        if (!TryFill(offset, sizeof(ulong)))
            return IsEmptyFrom(offset) ? RecordFound.Nothing : RecordFound.Broken;

        var first = MemoryMarshal.Read<ulong>(_bytes.AsSpan((int)offset));
        if (first == 0)
        {
            // It may have been written since it was read.
            Forget(offset);
            if (!TryFill(offset, sizeof(ulong)))
                return RecordFound.Nothing;

            first = MemoryMarshal.Read<ulong>(_bytes.AsSpan((int)offset));
            if (first == 0)
                return RecordFound.Nothing;
        }

        var length = (int)(first & ushort.MaxValue);
        if (length is < RecordLayout.HeaderBytes or > RecordLayout.MaxBytes || length % 8 != 0
            || !TryFill(offset, length))
            return RecordFound.Broken;

        record = _bytes.AsSpan((int)offset, length);
        return IsSound(record, seed) ? RecordFound.Whole : RecordFound.Broken;
    }

    /// <summary>
    /// What lies from a place on is read again. A record is written from its end to its first word, but a piece that is
    /// read meanwhile is copied in no certain order: it can have the first word, and bytes from before it.
    /// </summary>
    public void Forget(long offset) => _filled = Math.Min(_filled, (int)offset);

    /// <summary>Whether there are only zeros from a place on.</summary>
    public bool IsEmptyFrom(long offset) => LastUsed(offset) < offset;

    /// <summary>The place of the last byte that is not zero; before <paramref name="offset"/>: there is none.</summary>
    public long LastUsed(long offset)
    {
        var length = Length;
        TryFill(offset, (int)(length - offset));
        var used = _bytes.AsSpan((int)offset, (int)Math.Max(0, _filled - offset)).LastIndexOfAnyExcept((byte)0);
        return offset + used;
    }

    /// <summary>
    /// Whether a whole record follows behind a broken one: then it was damaged, and not torn as it was written.
    /// </summary>
    /// <param name="offset">Of the broken record.</param>
    /// <param name="seed">The checksum of the record before it.</param>
    public bool IsFollowed(long offset, uint seed)
    {
        var last = LastUsed(offset);
        if (!TryFill(offset, RecordLayout.HeaderBytes))
            return false;

        var stored = MemoryMarshal.Read<uint>(_bytes.AsSpan((int)offset + 4));
        for (var at = offset + 8; at <= last; at += 8)
        {
            if (Find(at, stored, out var next) == RecordFound.Whole || IsNextOf(offset, at, seed)
                || (next.Length > 0 && IsFollowedAt(at, next)))
                return true;
        }

        return false;
    }

    public void Dispose() => _file.Dispose();

    private bool IsHeaderWhole()
    {
        if (!TryFill(0, SegmentHeader.SizeBytes))
            return false;

        var header = MemoryMarshal.Read<SegmentHeader>(_bytes);
        return header.Magic == SegmentHeader.MagicValue && header.Checksum == SegmentHeader.ChecksumOf(in header);
    }

    /// <summary>A record whose forerunner is not known is one when the record behind it says so.</summary>
    private bool IsFollowedAt(long at, ReadOnlySpan<byte> record)
    {
        var checksum = MemoryMarshal.Read<uint>(record[4..]);
        return Find(at + record.Length, checksum, out _) == RecordFound.Whole;
    }

    /// <summary>Whether the record at a place follows a broken one whose checksum alone is damaged.</summary>
    private bool IsNextOf(long offset, long at, uint seed)
    {
        var length = at - offset;
        if (length is < RecordLayout.HeaderBytes or > RecordLayout.MaxBytes)
            return false;

        var computed = RecordLayout.ChecksumOf(_bytes.AsSpan((int)offset, (int)length), seed);
        return Find(at, computed, out _) == RecordFound.Whole;
    }

    private static bool IsSound(ReadOnlySpan<byte> record, uint seed) =>
        (RecordKind)record[2] is >= RecordKind.Event and <= RecordKind.End
        && MemoryMarshal.Read<uint>(record[4..]) == RecordLayout.ChecksumOf(record, seed);

    /// <summary>Reads on until so many bytes from a place are there. False where the file ends before.</summary>
    private bool TryFill(long offset, int count)
    {
        var end = offset + count;
        if (end <= _filled)
            return true;

        var wanted = Math.Min(Length, Math.Max(end, (long)_filled + PieceBytes));
        if (wanted > _bytes.Length)
            Array.Resize(ref _bytes, (int)Math.Max(wanted, Math.Min(Length, int.MaxValue / 2)));
        while (_filled < wanted)
        {
            var read = RandomAccess.Read(_file, _bytes.AsSpan(_filled, (int)(wanted - _filled)), _filled);
            if (read == 0)
                break;

            _filled += read;
        }

        return end <= _filled;
    }
}
