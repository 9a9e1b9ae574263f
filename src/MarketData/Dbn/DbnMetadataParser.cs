using System.Buffers.Binary;
using System.Text;

namespace ExecutionPipeline.MarketData.Dbn;

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
            Dataset = Text(block[..DatasetSize]),
            Schema = BinaryPrimitives.ReadUInt16LittleEndian(block[SchemaOffset..]),
            StartTimeNs = BinaryPrimitives.ReadInt64LittleEndian(block[StartOffset..]),
            EndTimeNs = EndTime(BinaryPrimitives.ReadInt64LittleEndian(block[EndOffset..])),
            HasSendTimes = block[sendTimesOffset] == 1,
            Symbols = Symbols(block[SymbolsOffset..], symbolSize),
        };
    }

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
            symbols[i] = Text(list.Slice(i * symbolSize, symbolSize));

        return symbols;
    }

    private static string Text(ReadOnlySpan<byte> padded)
    {
        var end = padded.IndexOf((byte)0);
        return Encoding.UTF8.GetString(end < 0 ? padded : padded[..end]);
    }
}
