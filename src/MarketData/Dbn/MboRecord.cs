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
