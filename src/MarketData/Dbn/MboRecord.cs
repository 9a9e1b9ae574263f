using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace ExecutionPipeline.MarketData.Dbn;

/// <summary>
/// One order-by-order record as DBN versions 1 to 3 lay it out, little-endian.
/// <code>
///  0  length in words  1    16  order id   8    36  flags    1    40  receive time    8
///  1  record type      1    24  price      8    37  channel  1    48  send time delta 4
///  2  publisher id     2    32  quantity   4    38  action   1    52  sequence        4
///  4  instrument id    4                        39  side     1
///  8  event time       8
/// </code>
/// </summary>
[StructLayout(LayoutKind.Sequential)]
public struct MboRecord
{
    public const int SizeBytes = 56;

    /// <summary>Marks an absent price.</summary>
    public const long NoPrice = long.MaxValue;

    public ulong OrderId;
    public long PriceE9;

    /// <summary>The venue's time, nanoseconds since the Unix epoch, UTC.</summary>
    public long EventTimeNs;

    /// <summary>When the capture server had it, nanoseconds since the Unix epoch, UTC.</summary>
    public long ReceiveTimeNs;

    public uint InstrumentId;
    public uint Quantity;
    public uint Sequence;
    public MboFlags Flags;
    public MboAction Action;
    public MboSide Side;

    /// <summary>The last record of an event.</summary>
    public readonly bool IsLast => (Flags & MboFlags.Last) != 0;

    /// <summary>Part of a snapshot of resting orders.</summary>
    public readonly bool IsSnapshot => (Flags & MboFlags.Snapshot) != 0;

    /// <summary>Of a level or the top of the book, not of an order.</summary>
    public readonly bool IsAggregate => (Flags & (MboFlags.PriceLevel | MboFlags.TopOfBook)) != 0;

    /// <summary>Whether the venue's channel may have a gap before the record.</summary>
    public readonly bool IsAfterGap => (Flags & MboFlags.MaybeBadBook) != 0;

    /// <summary>Reads a record from at least <see cref="SizeBytes"/> bytes.</summary>
    internal void Read(ReadOnlySpan<byte> bytes)
    {
        bytes = bytes[..SizeBytes];
        InstrumentId = BinaryPrimitives.ReadUInt32LittleEndian(bytes[4..]);
        EventTimeNs = BinaryPrimitives.ReadInt64LittleEndian(bytes[8..]);
        OrderId = BinaryPrimitives.ReadUInt64LittleEndian(bytes[16..]);
        PriceE9 = BinaryPrimitives.ReadInt64LittleEndian(bytes[24..]);
        Quantity = BinaryPrimitives.ReadUInt32LittleEndian(bytes[32..]);
        Flags = (MboFlags)bytes[36];
        Action = (MboAction)bytes[38];
        Side = (MboSide)bytes[39];
        ReceiveTimeNs = BinaryPrimitives.ReadInt64LittleEndian(bytes[40..]);
        Sequence = BinaryPrimitives.ReadUInt32LittleEndian(bytes[52..]);
    }
}

/// <summary>What a record does. The values are the characters that DBN has for them.</summary>
public enum MboAction : byte
{
    /// <summary>A new order rests in the book.</summary>
    Add = (byte)'A',

    /// <summary>A resting order loses the record's quantity; with none left it is gone.</summary>
    Cancel = (byte)'C',

    /// <summary>A resting order has a new price or quantity.</summary>
    Modify = (byte)'M',

    /// <summary>The book is emptied.</summary>
    Clear = (byte)'R',

    /// <summary>An aggressing order traded. The book changes by the cancel or modify that follows.</summary>
    Trade = (byte)'T',

    /// <summary>A resting order was filled. The book changes by the cancel or modify that follows.</summary>
    Fill = (byte)'F',

    /// <summary>Nothing: the record carries flags alone.</summary>
    None = (byte)'N',
}

/// <summary>The side of an order, or the aggressor's in a trade. The values are the characters that DBN has.</summary>
public enum MboSide : byte
{
    Ask = (byte)'A',
    Bid = (byte)'B',
    None = (byte)'N',
}

/// <summary>Marks on a record.</summary>
[Flags]
public enum MboFlags : byte
{
    None = 0,

    /// <summary>The venue's channel may have a gap before this record.</summary>
    MaybeBadBook = 1 << 2,

    /// <summary>The receive time is not to be trusted.</summary>
    BadReceiveTime = 1 << 3,

    /// <summary>The record is of an aggregated level, not of an order.</summary>
    PriceLevel = 1 << 4,

    /// <summary>The record comes from a snapshot of resting orders, not from the market's course.</summary>
    Snapshot = 1 << 5,

    /// <summary>The record is of the top of the book, not of an order.</summary>
    TopOfBook = 1 << 6,

    /// <summary>The last record of an event: the book is whole after it.</summary>
    Last = 1 << 7,
}
