using System.Buffers.Binary;

namespace ExecutionPipeline.MarketData.Dbn;

/// <summary>
/// The best bid and offer of a record of schema mbp-1, mbp-10 or tbbo, little-endian. The record begins like a trade:
/// <code>
///  0  length in words  1    16  price     8    30  flags            1    48  bid price   8
///  1  record type      1    24  quantity  4    31  depth            1    56  ask price   8
///  2  publisher id     2    28  action    1    32  receive time     8    64  bid, ask quantity  4 each
///  4  instrument id    4    29  side      1    40  send time delta  4    72  bid, ask orders    4 each
///  8  event time       8                       44  sequence         4
/// </code>
/// </summary>
public struct TopOfBook
{
    /// <summary>Bytes of a trade, and of what comes before the first level.</summary>
    public const int TradeSizeBytes = 48;

    /// <summary>Bytes of a level.</summary>
    public const int LevelSizeBytes = 32;

    public long BidPriceE9;
    public long AskPriceE9;
    public uint BidQuantity;
    public uint AskQuantity;
    public uint BidOrders;
    public uint AskOrders;

    /// <summary>No bid and no offer.</summary>
    public static TopOfBook Empty => new() { BidPriceE9 = MboRecord.NoPrice, AskPriceE9 = MboRecord.NoPrice };

    /// <summary>Reads what happened and, where the record has levels, the first one.</summary>
    internal static void Read(ReadOnlySpan<byte> bytes, ref MboRecord record, ref TopOfBook top)
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
        if (bytes.Length < TradeSizeBytes + LevelSizeBytes)
        {
            top = Empty;
            return;
        }

        var level = bytes[TradeSizeBytes..];
        top.BidPriceE9 = BinaryPrimitives.ReadInt64LittleEndian(level);
        top.AskPriceE9 = BinaryPrimitives.ReadInt64LittleEndian(level[8..]);
        top.BidQuantity = BinaryPrimitives.ReadUInt32LittleEndian(level[16..]);
        top.AskQuantity = BinaryPrimitives.ReadUInt32LittleEndian(level[20..]);
        top.BidOrders = BinaryPrimitives.ReadUInt32LittleEndian(level[24..]);
        top.AskOrders = BinaryPrimitives.ReadUInt32LittleEndian(level[28..]);
    }
}
