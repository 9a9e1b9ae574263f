using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace ExecutionPipeline.MarketData.Dbn;

/// <summary>
/// Reads the records of a Databento DBN file (versions 1 to 3; plain, gzip or zstd) in one pass through one buffer.
/// Records of other types than the schema's are skipped and counted. Nothing is allocated per record.
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
    private const byte TradeRecordType = 0x00;
    private const byte Mbp1RecordType = 0x01;
    private const byte Mbp10RecordType = 0x0A;

    private readonly CompressedFile _file;
    private readonly byte _recordType;
    private readonly int _recordSizeBytes;
    private readonly byte[] _buffer = new byte[BufferSizeBytes];
    private int _start;
    private int _end;
    private long _offset;

    private DbnReader(CompressedFile file, string name)
    {
        _file = file;
        Name = name;
        Metadata = ReadMetadata();
        (_recordType, _recordSizeBytes) = Metadata.Schema switch
        {
            DbnSchema.Mbp1 or DbnSchema.Tbbo => (Mbp1RecordType, SizeOf(1)),
            DbnSchema.Mbp10 => (Mbp10RecordType, SizeOf(LevelDepth.LevelsMax)),
            DbnSchema.Trades => (TradeRecordType, SizeOf(0)),
            DbnSchema.Definition => (InstrumentDefinition.RecordType, RecordHeaderSizeBytes),
            _ => (MboRecordType, MboRecord.SizeBytes),
        };
    }

    /// <summary>The file's name, for messages.</summary>
    public string Name { get; }

    public DbnMetadata Metadata { get; }

    /// <summary>Records of the schema read so far.</summary>
    public long RecordsRead { get; private set; }

    /// <summary>Records of other types passed over so far.</summary>
    public long RecordsSkipped { get; private set; }

    /// <summary>Bytes taken from the file so far, after decompression.</summary>
    public long OffsetBytes => _offset;

    /// <summary>Whether the records are of single orders, so that a whole book can be made of them.</summary>
    public bool IsByOrder => _recordType == MboRecordType;

    /// <summary>Opens a file; whether it is compressed is seen from its first bytes.</summary>
    /// <exception cref="MarketDataException">It is not DBN of a version and schema read here.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static DbnReader Open(string path) => Open(CompressedFile.Open(path), Path.GetFileName(path));

    /// <summary>Reads from a stream that can seek, which the reader then owns. The name is for messages.</summary>
    /// <exception cref="MarketDataException">It is not DBN of a version and schema read here.</exception>
    public static DbnReader Open(Stream stream, string name) => Open(new CompressedFile(stream, name), name);

    /// <summary>Levels that each record has; 0 when <see cref="IsByOrder"/> and for trades alone.</summary>
    public int Levels => Metadata.Schema switch
    {
        DbnSchema.Mbp1 or DbnSchema.Tbbo => 1,
        DbnSchema.Mbp10 => LevelDepth.LevelsMax,
        _ => 0,
    };

    /// <summary>Reads the next record of the file's schema. False at the end.</summary>
    /// <exception cref="MarketDataException">The file is damaged here; the message says where.</exception>
    public bool TryRead(ref MboRecord record)
    {
        Unsafe.SkipInit(out LevelDepth depth);
        return TryRead(ref record, ref depth);
    }

    /// <summary>Reads the next record of the file's schema and the levels that it has. False at the end.</summary>
    /// <exception cref="MarketDataException">The file is damaged here; the message says where.</exception>
    public bool TryRead(ref MboRecord record, ref LevelDepth depth)
    {
        if (!TryReadRecord(_recordType, _recordSizeBytes, out var bytes))
            return false;

        if (IsByOrder)
            record.Read(bytes);
        else
            depth.Read(bytes, Levels, ref record);

        if (!IsAction(record.Action))
            throw Damaged($"a record has action 0x{(byte)record.Action:X2}");
        if (record.Side is not (MboSide.Ask or MboSide.Bid or MboSide.None))
            throw Damaged($"a record has side 0x{(byte)record.Side:X2}");

        Advance(bytes.Length);
        RecordsRead++;
        return true;
    }

    /// <summary>Reads the next definition of an instrument; records of other types are passed over.</summary>
    /// <exception cref="MarketDataException">The file is damaged here; the message says where.</exception>
    public bool TryRead([NotNullWhen(true)] out InstrumentDefinition? definition)
    {
        definition = null;
        if (!TryReadRecord(InstrumentDefinition.RecordType, RecordHeaderSizeBytes, out var bytes))
            return false;

        try
        {
            definition = InstrumentDefinition.Read(Metadata.Version, bytes);
        }
        catch (FormatException e)
        {
            throw Damaged(e.Message);
        }

        Advance(bytes.Length);
        RecordsRead++;
        return true;
    }

    public void Dispose() => _file.Dispose();

    private static DbnReader Open(CompressedFile file, string name)
    {
        try
        {
            return new DbnReader(file, name);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>Finds the next record of a type, which is not yet advanced past. Others are counted.</summary>
    private bool TryReadRecord(byte type, int sizeBytes, out ReadOnlySpan<byte> record)
    {
        while (TryFill(RecordHeaderSizeBytes))
        {
            var length = _buffer[_start] * WordSizeBytes;
            if (length < RecordHeaderSizeBytes)
                throw Damaged($"a record says that it is {length} bytes long, less than its header");
            if (!TryFill(length))
                throw Damaged($"the file ends after {_end - _start} of a record's {length} bytes");

            if (_buffer[_start + 1] == type)
            {
                if (length < sizeBytes)
                    throw Damaged($"a record of {length} bytes is shorter than its type's {sizeBytes}");

                record = _buffer.AsSpan(_start, length);
                return true;
            }

            Advance(length);
            RecordsSkipped++;
        }

        record = default;
        return _end == _start
            ? false
            : throw Damaged($"the file ends after {_end - _start} bytes of a record's header");
    }

    private static int SizeOf(int levels) => LevelDepth.TradeSizeBytes + levels * LevelPair.SizeBytes;

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
            return DbnMetadataParser.Parse(version, block);
        }
        catch (FormatException e)
        {
            throw new MarketDataException($"{Name}: {e.Message}.", e);
        }
    }

    /// <summary>Has at least that many bytes in the buffer. False when the file ends before.</summary>
    private bool TryFill(int count) => _end - _start >= count || TryReadMore(count);

    private bool TryReadMore(int count)
    {
        _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
        (_start, _end) = (0, _end - _start);
        while (_end < count)
        {
            var read = _file.Read(_buffer.AsSpan(_end), _offset + _end);
            if (read == 0)
                return false;

            _end += read;
        }

        return true;
    }

    private void Advance(int count)
    {
        _start += count;
        _offset += count;
    }

    private MarketDataException Damaged(string what) => new($"{Name}: at byte {_offset} {what}.");
}
