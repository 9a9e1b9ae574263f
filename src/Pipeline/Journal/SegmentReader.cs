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

    private SafeFileHandle _file;
    private byte[] _bytes;
    private int _filled;

    /// <exception cref="InvalidDataException">It is no segment of this version; says why.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public SegmentReader(string path, byte[] buffer)
    {
        Path = path;
        _file = OpenAt(path);
        _bytes = buffer;
    }

    public string Path { get; }

    /// <summary>The buffer, perhaps a larger one than was handed in.</summary>
    public byte[] Buffer => _bytes;

    /// <summary>Bytes of the file now.</summary>
    public long Length => RandomAccess.GetLength(_file);

    /// <summary>The checksum that a file has at a place now; null: there is no such file or place.</summary>
    /// <param name="path">Of a segment.</param>
    /// <param name="offset">Of a record; 0: the header's.</param>
    public static uint? ChecksumAt(string path, long offset)
    {
        Span<byte> bytes = stackalloc byte[SegmentHeader.SizeBytes];
        try
        {
            using var file = OpenAt(path);
            var read = RandomAccess.Read(file, offset == 0 ? bytes : bytes[..sizeof(ulong)], offset);
            if (offset == 0)
                return SegmentHeader.TryRead(bytes[..read], out var header) ? header.Checksum : null;

            return read == sizeof(ulong) ? MemoryMarshal.Read<uint>(bytes[sizeof(uint)..]) : null;
        }
        catch (Exception gone) when (gone is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }

    /// <summary>Opens the file that is at its path now, and reads it from its beginning.</summary>
    /// <exception cref="IOException">It cannot be read.</exception>
    public void Open()
    {
        _file.Dispose();
        _file = OpenAt(Path);
        _filled = 0;
    }

    /// <summary>Whether it has a header that is whole, or something behind it.</summary>
    public bool IsBegun
    {
        get
        {
            if (Length <= SegmentHeader.SizeBytes)
                return Length == SegmentHeader.SizeBytes && SegmentHeader.TryRead(Beginning, out _);

            return SegmentHeader.TryRead(Beginning, out _) || !IsEmptyFrom(SegmentHeader.SizeBytes);
        }
    }

    /// <summary>The bytes of its header, as far as they are there.</summary>
    public ReadOnlySpan<byte> Beginning
    {
        get
        {
            TryFill(0, SegmentHeader.SizeBytes);
            return _bytes.AsSpan(0, Math.Min(_filled, SegmentHeader.SizeBytes));
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

        var length = RecordLayout.LengthOf(first);
        if (length == 0 || !TryFill(offset, length))
            return RecordFound.Broken;

        record = _bytes.AsSpan((int)offset, length);
        return RecordLayout.IsWhole(record, seed) ? RecordFound.Whole : RecordFound.Broken;
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

    /// <summary>What lies from a place on, up to where a record can reach that begins with a byte that is not zero.
    /// </summary>
    public ReadOnlySpan<byte> UsedFrom(long offset)
    {
        var end = LastUsed(offset) + 1 + RecordLayout.MaxBytes;
        end = Math.Min(end, _filled);
        return _bytes.AsSpan((int)offset, (int)Math.Max(0, end - offset));
    }

    public void Dispose() => _file.Dispose();

    private static SafeFileHandle OpenAt(string path) =>
        File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);

    /// <summary>Reads on until so many bytes from a place are there. False where the file ends before.</summary>
    private bool TryFill(long offset, int count)
    {
        var end = offset + count;
        if (end <= _filled)
            return true;

        // Of many segments nothing but the header is asked for.
        var piece = end <= SegmentHeader.SizeBytes ? SegmentHeader.SizeBytes : PieceBytes;
        var wanted = Math.Min(Length, Math.Max(end, (long)_filled + piece));
        if (wanted > _bytes.Length)
        {
            var room = piece == PieceBytes ? Math.Min(Length, int.MaxValue / 2) : 0;
            Array.Resize(ref _bytes, (int)Math.Max(wanted, room));
        }

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
