using System.Buffers.Binary;

namespace ExecutionPipeline.MarketData.Dbn;

/// <summary>What the records of a file are. The values are those that DBN has for them.</summary>
public enum DbnSchema : ushort
{
    /// <summary>Every order: the whole book, and where in its queue an order stands.</summary>
    Mbo = 0,

    /// <summary>Every change of the best bid and offer, and every trade.</summary>
    Mbp1 = 1,

    /// <summary>Every change of the ten best levels, and every trade.</summary>
    Mbp10 = 2,

    /// <summary>Every trade with the best bid and offer before it.</summary>
    Tbbo = 3,

    /// <summary>Trades alone.</summary>
    Trades = 4,

    /// <summary>Definitions of instruments.</summary>
    Definition = 9,

    /// <summary>Records of several schemas, as a live capture has them.</summary>
    Mixed = ushort.MaxValue,
}

/// <summary>What a DBN file says of itself before its records.</summary>
public sealed class DbnMetadata
{
    /// <summary>1 to 3.</summary>
    public required int Version { get; init; }

    /// <summary>The venue's data set, such as GLBX.MDP3.</summary>
    public required string Dataset { get; init; }

    /// <summary>What its records are.</summary>
    public required DbnSchema Schema { get; init; }

    /// <summary>Start of the query, nanoseconds since the Unix epoch, UTC.</summary>
    public required long StartTimeNs { get; init; }

    /// <summary>End of the query, like the start; <see cref="long.MaxValue"/> when it is open.</summary>
    public required long EndTimeNs { get; init; }

    /// <summary>Whether eight bytes of send time follow each record.</summary>
    public required bool HasSendTimes { get; init; }

    /// <summary>The symbols that were asked for.</summary>
    public required IReadOnlyList<string> Symbols { get; init; }
}

/// <summary>
/// Reads the metadata block: 100 bytes of fixed fields, then lists of symbols. Versions differ in where the fixed
/// fields are after the query's limit, and in how long a symbol is.
/// </summary>
internal static class DbnMetadataParser
{
    public const int FixedSizeBytes = 100;

    private const int DatasetSize = 16;
    private const int SchemaOffset = 16;
    private const int StartOffset = 18;
    private const int EndOffset = 26;
    private const int SymbolsOffset = FixedSizeBytes + sizeof(uint);
    private const int SymbolSizeV1 = 22;

    /// <summary>Parses what follows the eight bytes of magic, version and length.</summary>
    /// <exception cref="FormatException">The block contradicts itself; the message says how.</exception>
    public static DbnMetadata Parse(int version, ReadOnlySpan<byte> block)
    {
        if (block.Length < SymbolsOffset + sizeof(uint))
            throw new FormatException($"metadata of {block.Length} bytes is too short");

        // Version 1 has the number of records after the limit; later ones have the length of a symbol after ts_out.
        var sendTimesOffset = version == 1 ? 52 : 44;
        var symbolSize = version == 1 ? SymbolSizeV1 : BinaryPrimitives.ReadUInt16LittleEndian(block[45..]);
        if (block[sendTimesOffset] > 1)
            throw new FormatException($"metadata says {block[sendTimesOffset]}, not 0 or 1, of send times");
        if (BinaryPrimitives.ReadUInt32LittleEndian(block[FixedSizeBytes..]) != 0)
            throw new FormatException("metadata has a schema definition, which no version defines");

        return new DbnMetadata
        {
            Version = version,
            Dataset = InstrumentDefinition.Text(block[..DatasetSize]),
            Schema = SchemaOf(BinaryPrimitives.ReadUInt16LittleEndian(block[SchemaOffset..])),
            StartTimeNs = BinaryPrimitives.ReadInt64LittleEndian(block[StartOffset..]),
            EndTimeNs = EndTime(BinaryPrimitives.ReadInt64LittleEndian(block[EndOffset..])),
            HasSendTimes = block[sendTimesOffset] == 1,
            Symbols = Symbols(block[SymbolsOffset..], symbolSize),
        };
    }

    private static DbnSchema SchemaOf(ushort schema) => Enum.IsDefined((DbnSchema)schema)
        ? (DbnSchema)schema
        : throw new FormatException(
            $"schema {schema} is not read here; mbo, mbp-1, mbp-10, tbbo, trades and definition are");

    /// <summary>An open end has all bits set in some versions and none in others.</summary>
    private static long EndTime(long timeNs) => timeNs is 0 or -1 ? long.MaxValue : timeNs;

    private static string[] Symbols(ReadOnlySpan<byte> list, int symbolSize)
    {
        var count = BinaryPrimitives.ReadUInt32LittleEndian(list);
        list = list[sizeof(uint)..];
        if (symbolSize == 0 || count > (uint)(list.Length / symbolSize))
            throw new FormatException($"metadata has no room for its {count} symbols of {symbolSize} bytes");

        var symbols = new string[count];
        for (var i = 0; i < symbols.Length; i++)
            symbols[i] = InstrumentDefinition.Text(list.Slice(i * symbolSize, symbolSize));

        return symbols;
    }
}
