using System.Buffers.Binary;
using System.Runtime.CompilerServices;

namespace ExecutionPipeline.MarketData.Dbn;

/// <summary>
/// One level of both sides, of a record of schema mbp-1, mbp-10 or tbbo. Quantities are in contracts.
/// </summary>
public struct LevelPair
{
    /// <summary>Bytes of a level in a record.</summary>
    internal const int SizeBytes = 32;

    public long BidPriceE9;
    public long AskPriceE9;
    public uint BidQuantity;
    public uint AskQuantity;
    public uint BidOrders;
    public uint AskOrders;

    internal void Read(ReadOnlySpan<byte> level)
    {
        level = level[..SizeBytes];
        BidPriceE9 = BinaryPrimitives.ReadInt64LittleEndian(level);
        AskPriceE9 = BinaryPrimitives.ReadInt64LittleEndian(level[8..]);
        BidQuantity = BinaryPrimitives.ReadUInt32LittleEndian(level[16..]);
        AskQuantity = BinaryPrimitives.ReadUInt32LittleEndian(level[20..]);
        BidOrders = BinaryPrimitives.ReadUInt32LittleEndian(level[24..]);
        AskOrders = BinaryPrimitives.ReadUInt32LittleEndian(level[28..]);
    }
}

/// <summary>
/// The best levels that a record of schema mbp-1, mbp-10 or tbbo brings with it, little-endian. It begins like a trade:
/// <code>
///  0  length in words  1    16  price     8    30  flags            1    48  bid price   8
///  1  record type      1    24  quantity  4    31  depth            1    56  ask price   8
///  2  publisher id     2    28  action    1    32  receive time     8    64  bid, ask quantity  4 each
///  4  instrument id    4    29  side      1    40  send time delta  4    72  bid, ask orders    4 each
///  8  event time       8                       44  sequence         4    80  the next level
/// </code>
/// </summary>
public struct LevelDepth
{
    /// <summary>The most levels that a schema has.</summary>
    public const int LevelsMax = 10;

    /// <summary>Bytes of a trade, and of what comes before the first level.</summary>
    internal const int TradeSizeBytes = 48;

    private Levels _levels;

    /// <summary>How many levels the record has; those without orders have a quantity of 0.</summary>
    public int Count { get; private set; }

    /// <summary>A level, 0 being the best.</summary>
    public readonly LevelPair this[int level] => _levels[level];

    /// <summary>Reads what happened and the levels after it.</summary>
    internal void Read(ReadOnlySpan<byte> bytes, int levels, ref MboRecord record)
    {
        record.InstrumentId = BinaryPrimitives.ReadUInt32LittleEndian(bytes[4..]);
        record.EventTimeNs = BinaryPrimitives.ReadInt64LittleEndian(bytes[8..]);
        record.OrderId = 0;
        record.PriceE9 = BinaryPrimitives.ReadInt64LittleEndian(bytes[16..]);
        record.Quantity = BinaryPrimitives.ReadUInt32LittleEndian(bytes[24..]);
        record.Action = (MboAction)bytes[28];
        record.Side = (MboSide)bytes[29];
        record.Flags = (MboFlags)bytes[30];
        record.ReceiveTimeNs = BinaryPrimitives.ReadInt64LittleEndian(bytes[32..]);
        record.Sequence = BinaryPrimitives.ReadUInt32LittleEndian(bytes[44..]);
        Count = levels;
        for (var level = 0; level < levels; level++)
            _levels[level].Read(bytes[(TradeSizeBytes + level * LevelPair.SizeBytes)..]);
    }

    [InlineArray(LevelsMax)]
    private struct Levels
    {
        private LevelPair _first;
    }
}
