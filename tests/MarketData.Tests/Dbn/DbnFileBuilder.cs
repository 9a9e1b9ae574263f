using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;
using ExecutionPipeline.MarketData.Dbn;

namespace ExecutionPipeline.MarketData.Tests.Dbn;

/// <summary>Writes DBN files for tests, byte by byte as the format says.</summary>
internal sealed class DbnFileBuilder
{
    private const int PreludeSize = 8;
    private readonly MemoryStream _records = new();
    private readonly int _version;
    private readonly ushort _schema;
    private readonly bool _hasSendTimes;
    private readonly string[] _symbols;

    public DbnFileBuilder(int version = 1, ushort schema = 0, bool hasSendTimes = false, params string[] symbols)
    {
        (_version, _schema, _hasSendTimes, _symbols) = (version, schema, hasSendTimes, symbols);
    }

    public const uint InstrumentId = 17077;

    /// <summary>Bytes before the first record.</summary>
    public int MetadataSize => Metadata().Length;

    public DbnFileBuilder Add(
        MboAction action,
        MboSide side,
        ulong orderId,
        long priceE9,
        uint quantity,
        MboFlags flags = MboFlags.Last,
        long timeNs = 1_000,
        uint instrumentId = InstrumentId)
    {
        Span<byte> record = stackalloc byte[64];
        var size = _hasSendTimes ? 64 : 56;
        record[0] = (byte)(size / 4);
        record[1] = 0xA0;
        BinaryPrimitives.WriteUInt16LittleEndian(record[2..], 1);
        BinaryPrimitives.WriteUInt32LittleEndian(record[4..], instrumentId);
        BinaryPrimitives.WriteInt64LittleEndian(record[8..], timeNs);
        BinaryPrimitives.WriteUInt64LittleEndian(record[16..], orderId);
        BinaryPrimitives.WriteInt64LittleEndian(record[24..], priceE9);
        BinaryPrimitives.WriteUInt32LittleEndian(record[32..], quantity);
        record[36] = (byte)flags;
        record[38] = (byte)action;
        record[39] = (byte)side;
        BinaryPrimitives.WriteInt64LittleEndian(record[40..], timeNs + 1);
        BinaryPrimitives.WriteUInt32LittleEndian(record[52..], 77);
        _records.Write(record[..size]);
        return this;
    }

    /// <summary>A trade, or a record of schema mbp-1, tbbo or mbp-10: all its levels are the same.</summary>
    public DbnFileBuilder AddLevels(
        MboAction action,
        MboSide side,
        long priceE9,
        uint quantity,
        LevelPair top,
        int levels,
        MboFlags flags = MboFlags.Last,
        long timeNs = 1_000,
        uint instrumentId = InstrumentId)
    {
        var record = new byte[48 + 32 * levels];
        record[0] = (byte)(record.Length / 4);
        record[1] = (byte)levels;
        BinaryPrimitives.WriteUInt32LittleEndian(record.AsSpan(4), instrumentId);
        BinaryPrimitives.WriteInt64LittleEndian(record.AsSpan(8), timeNs);
        BinaryPrimitives.WriteInt64LittleEndian(record.AsSpan(16), priceE9);
        BinaryPrimitives.WriteUInt32LittleEndian(record.AsSpan(24), quantity);
        (record[28], record[29], record[30]) = ((byte)action, (byte)side, (byte)flags);
        for (var at = 48; at < record.Length; at += 32)
        {
            BinaryPrimitives.WriteInt64LittleEndian(record.AsSpan(at), top.BidPriceE9);
            BinaryPrimitives.WriteInt64LittleEndian(record.AsSpan(at + 8), top.AskPriceE9);
            BinaryPrimitives.WriteUInt32LittleEndian(record.AsSpan(at + 16), top.BidQuantity);
            BinaryPrimitives.WriteUInt32LittleEndian(record.AsSpan(at + 20), top.AskQuantity);
            BinaryPrimitives.WriteUInt32LittleEndian(record.AsSpan(at + 24), top.BidOrders);
            BinaryPrimitives.WriteUInt32LittleEndian(record.AsSpan(at + 28), top.AskOrders);
        }

        return AddRaw(record);
    }

    /// <summary>A definition of an instrument as the file's version lays it out.</summary>
    public DbnFileBuilder AddDefinition(uint instrumentId, string symbol, long tickSizeE9, string currency)
    {
        var (size, symbolOffset) = _version switch { 1 => (360, 200), 2 => (400, 200), _ => (520, 238) };
        var record = new byte[size];
        (record[0], record[1]) = ((byte)(size / 4), 0x13);
        BinaryPrimitives.WriteUInt32LittleEndian(record.AsSpan(4), instrumentId);
        BinaryPrimitives.WriteInt64LittleEndian(record.AsSpan(24), tickSizeE9);
        BinaryPrimitives.WriteInt64LittleEndian(record.AsSpan(40), -1);
        BinaryPrimitives.WriteInt64LittleEndian(record.AsSpan(48), 5);
        Encoding.ASCII.GetBytes(currency, record.AsSpan(symbolOffset - 14));
        Encoding.ASCII.GetBytes(symbol, record.AsSpan(symbolOffset));
        return AddRaw(record);
    }

    /// <summary>Zstd frames, one after the other.</summary>
    public byte[] ToZstd(int frames)
    {
        var bytes = ToBytes();
        using var compressor = new ZstdSharp.Compressor();
        compressor.SetParameter(ZstdSharp.Unsafe.ZSTD_cParameter.ZSTD_c_checksumFlag, 1);
        var compressed = new MemoryStream();
        for (var frame = 0; frame < frames; frame++)
        {
            var (from, to) = (bytes.Length * frame / frames, bytes.Length * (frame + 1) / frames);
            compressed.Write(compressor.Wrap(bytes.AsSpan(from, to - from)));
        }

        return compressed.ToArray();
    }

    /// <summary>A record of another type.</summary>
    public DbnFileBuilder AddOther(byte type, int size)
    {
        var record = new byte[size];
        record[0] = (byte)(size / 4);
        record[1] = type;
        return AddRaw(record);
    }

    public DbnFileBuilder AddRaw(params byte[] bytes)
    {
        _records.Write(bytes);
        return this;
    }

    public byte[] ToBytes() => [.. Metadata(), .. _records.ToArray()];

    public byte[] ToGzip()
    {
        var compressed = new MemoryStream();
        using (var gzip = new GZipStream(compressed, CompressionLevel.Fastest))
            gzip.Write(ToBytes());

        return compressed.ToArray();
    }

    /// <summary>Gzip members, one after the other; within each, what is compressed ends after each piece.</summary>
    public byte[] ToGzip(int members, int pieceSize)
    {
        var bytes = ToBytes();
        var compressed = new MemoryStream();
        for (var member = 0; member < members; member++)
        {
            var (from, to) = (bytes.Length * member / members, bytes.Length * (member + 1) / members);
            using var gzip = new GZipStream(compressed, CompressionLevel.Fastest, leaveOpen: true);
            for (var at = from; at < to; at += pieceSize)
            {
                gzip.Write(bytes, at, Math.Min(pieceSize, to - at));
                gzip.Flush();
            }
        }

        return compressed.ToArray();
    }

    public DbnReader Open() => DbnReader.Open(new MemoryStream(ToBytes()), "test.dbn");

    private byte[] Metadata()
    {
        var symbolSize = _version == 1 ? 22 : 71;
        var block = new byte[PreludeSize + 100 + 4 + 4 + _symbols.Length * symbolSize + 12];
        "DBN"u8.CopyTo(block);
        block[3] = (byte)_version;
        BinaryPrimitives.WriteInt32LittleEndian(block.AsSpan(4), block.Length - PreludeSize);
        var fields = block.AsSpan(PreludeSize);
        "GLBX.MDP3"u8.CopyTo(fields);
        BinaryPrimitives.WriteUInt16LittleEndian(fields[16..], _schema);
        BinaryPrimitives.WriteInt64LittleEndian(fields[18..], 111);
        BinaryPrimitives.WriteInt64LittleEndian(fields[26..], -1);
        fields[_version == 1 ? 52 : 44] = (byte)(_hasSendTimes ? 1 : 0);
        if (_version > 1)
            BinaryPrimitives.WriteUInt16LittleEndian(fields[45..], (ushort)symbolSize);

        BinaryPrimitives.WriteInt32LittleEndian(fields[104..], _symbols.Length);
        for (var i = 0; i < _symbols.Length; i++)
            Encoding.ASCII.GetBytes(_symbols[i], fields[(108 + i * symbolSize)..]);

        return block;
    }
}
