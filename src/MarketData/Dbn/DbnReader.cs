using System.Buffers.Binary;

namespace ExecutionPipeline.MarketData.Dbn;

/// <summary>
/// Reads the order-by-order records of a Databento DBN file (versions 1 to 3), plain or gzip, in one pass through one
/// buffer. Records of other types are skipped and counted. Nothing is allocated per record.
/// </summary>
public sealed class DbnReader : IDisposable
{
    private const int BufferSizeBytes = 64 * 1024;
    private const int PreludeSizeBytes = 8;
    private const int RecordHeaderSizeBytes = 16;
    private const int WordSizeBytes = 4;
    private const int MetadataSizeMax = 64 * 1024 * 1024;
    private const int NewestVersion = 3;
    private const byte MboRecordType = 0xA0;

    private readonly Stream _stream;
    private readonly byte[] _buffer = new byte[BufferSizeBytes];
    private int _start;
    private int _end;
    private long _offset;

    private DbnReader(Stream stream, string name)
    {
        _stream = stream;
        Name = name;
        Metadata = ReadMetadata();
    }

    /// <summary>The file's name, for messages.</summary>
    public string Name { get; }

    public DbnMetadata Metadata { get; }

    /// <summary>Order-by-order records read so far.</summary>
    public long RecordsRead { get; private set; }

    /// <summary>Records of other types passed over so far.</summary>
    public long RecordsSkipped { get; private set; }

    /// <summary>Bytes taken from the file so far, after decompression.</summary>
    public long OffsetBytes => _offset;

    /// <summary>Opens a file; whether it is compressed is seen from its first bytes.</summary>
    /// <exception cref="DbnFormatException">It is not DBN of a version and compression read here.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static DbnReader Open(string path)
    {
        var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read);
        try
        {
            if (!file.CanSeek)
                throw new DbnFormatException($"{path}: market data are read from a file, not from a pipe");

            return Open(file, Path.GetFileName(path));
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>Reads from a stream that can seek, which the reader then owns. The name is for messages.</summary>
    /// <exception cref="DbnFormatException">It is not DBN of a version and compression read here.</exception>
    public static DbnReader Open(Stream stream, string name) => new(DbnCompression.Open(stream, name), name);

    /// <summary>Reads the next order-by-order record. False at the end.</summary>
    /// <exception cref="DbnFormatException">The file is damaged here; the message says where.</exception>
    public bool TryRead(ref MboRecord record)
    {
        while (TryFill(RecordHeaderSizeBytes))
        {
            var length = _buffer[_start] * WordSizeBytes;
            if (length < RecordHeaderSizeBytes)
                throw Damaged($"a record says that it is {length} bytes long, less than its header");
            if (!TryFill(length))
                throw Damaged($"the file ends after {_end - _start} of a record's {length} bytes");

            if (_buffer[_start + 1] == MboRecordType)
            {
                Decode(length, ref record);
                Advance(length);
                RecordsRead++;
                return true;
            }

            Advance(length);
            RecordsSkipped++;
        }

        return _end == _start
            ? false
            : throw Damaged($"the file ends after {_end - _start} bytes of a record's header");
    }

    public void Dispose() => _stream.Dispose();

    private void Decode(int length, ref MboRecord record)
    {
        if (length < MboRecord.SizeBytes)
            throw Damaged($"an order record of {length} bytes is shorter than {MboRecord.SizeBytes}");

        record.Read(_buffer.AsSpan(_start, length));
        if (!IsAction(record.Action))
            throw Damaged($"an order record has action 0x{(byte)record.Action:X2}");
        if (record.Side is not (MboSide.Ask or MboSide.Bid or MboSide.None))
            throw Damaged($"an order record has side 0x{(byte)record.Side:X2}");
    }

    private static bool IsAction(MboAction action) => action is MboAction.Add or MboAction.Cancel or MboAction.Modify
        or MboAction.Clear or MboAction.Trade or MboAction.Fill or MboAction.None;

    private DbnMetadata ReadMetadata()
    {
        if (!TryFill(PreludeSizeBytes) || !_buffer.AsSpan(0, 3).SequenceEqual("DBN"u8))
            throw Damaged("the file does not begin with DBN");

        var version = _buffer[3];
        if (version is 0 or > NewestVersion)
            throw Damaged($"version {version} of DBN is not known; 1 to {NewestVersion} are");

        var length = BinaryPrimitives.ReadUInt32LittleEndian(_buffer.AsSpan(4));
        if (length > MetadataSizeMax)
            throw Damaged($"metadata of {length} bytes is more than {MetadataSizeMax}");

        Advance(PreludeSizeBytes);
        var block = new byte[length];
        for (var read = 0; read < block.Length;)
        {
            if (!TryFill(1))
                throw Damaged($"the file ends after {read} of {length} bytes of metadata");

            var count = Math.Min(_end - _start, block.Length - read);
            _buffer.AsSpan(_start, count).CopyTo(block.AsSpan(read));
            Advance(count);
            read += count;
        }

        return Parse(version, block);
    }

    private DbnMetadata Parse(int version, byte[] block)
    {
        try
        {
            var metadata = DbnMetadataParser.Parse(version, block);
            return metadata.Schema is DbnMetadata.MboSchema or DbnMetadata.MixedSchema
                ? metadata
                : throw new FormatException($"schema {metadata.Schema} has no orders; a file of schema mbo is needed");
        }
        catch (FormatException e)
        {
            throw new DbnFormatException($"{Name}: {e.Message}.", e);
        }
    }

    /// <summary>Has at least that many bytes in the buffer. False when the file ends before.</summary>
    private bool TryFill(int count) => _end - _start >= count || TryReadMore(count);

    private bool TryReadMore(int count)
    {
        _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
        (_start, _end) = (0, _end - _start);
        try
        {
            while (_end < count)
            {
                var read = _stream.Read(_buffer, _end, _buffer.Length - _end);
                if (read == 0)
                    return false;

                _end += read;
            }
        }
        catch (EndOfStreamException e)
        {
            throw new DbnFormatException(
                $"{Name}: the compressed data are cut off after byte {_offset + _end}, record {RecordsRead}.", e);
        }
        catch (InvalidDataException e)
        {
            throw new DbnFormatException($"{Name}: the compressed data are damaged near byte {_offset + _end}.", e);
        }

        return true;
    }

    private void Advance(int count)
    {
        _start += count;
        _offset += count;
    }

    private DbnFormatException Damaged(string what) => new($"{Name}: at byte {_offset} {what}.");
}
