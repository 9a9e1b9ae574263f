using System.Buffers.Binary;
using System.Text;

namespace ExecutionPipeline.MarketData.Dbn;

/// <summary>What a venue says of an instrument, as far as it is of use here.</summary>
public sealed record InstrumentDefinition
{
    internal const byte RecordType = 0x13;

    private const int TickOffset = 24;
    private const int ExpirationOffset = 40;
    private const int ActivationOffset = 48;
    private const int CurrencySize = 4;

    // Currency, settlement currency and security subtype come before the symbol.
    private const int CurrencyBeforeSymbol = 14;

    /// <summary>The id by which the file's other records name it.</summary>
    public required uint InstrumentId { get; init; }

    /// <summary>The venue's symbol.</summary>
    public required string Symbol { get; init; }

    /// <summary>The smallest price step in 1e-9; null: not stated.</summary>
    public required long? TickSizeE9 { get; init; }

    /// <summary>ISO 4217 code of prices; empty: not stated.</summary>
    public required string Currency { get; init; }

    /// <summary>First moment at which it is traded, nanoseconds since the Unix epoch; null: not stated.</summary>
    public required long? ActivationNs { get; init; }

    /// <summary>Last moment at which it is traded, nanoseconds since the Unix epoch; null: not stated.</summary>
    public required long? ExpirationNs { get; init; }

    /// <summary>Versions differ in where the text begins and in how long a symbol is.</summary>
    /// <exception cref="FormatException">The record is shorter than its version's.</exception>
    internal static InstrumentDefinition Read(int version, ReadOnlySpan<byte> record)
    {
        var (size, symbolOffset, symbolSize) = version switch
        {
            1 => (360, 200, 22),
            2 => (400, 200, 71),
            _ => (520, 238, 71),
        };
        if (record.Length < size)
            throw new FormatException($"a definition of {record.Length} bytes is shorter than {size}");

        var tick = BinaryPrimitives.ReadInt64LittleEndian(record[TickOffset..]);
        return new InstrumentDefinition
        {
            InstrumentId = BinaryPrimitives.ReadUInt32LittleEndian(record[4..]),
            Symbol = Text(record.Slice(symbolOffset, symbolSize)),
            TickSizeE9 = tick is > 0 and < long.MaxValue ? tick : null,
            Currency = Text(record.Slice(symbolOffset - CurrencyBeforeSymbol, CurrencySize)),
            ActivationNs = Time(record[ActivationOffset..]),
            ExpirationNs = Time(record[ExpirationOffset..]),
        };
    }

    internal static string Text(ReadOnlySpan<byte> padded)
    {
        var end = padded.IndexOf((byte)0);
        return Encoding.UTF8.GetString(end < 0 ? padded : padded[..end]);
    }

    // All bits set mean that there is none.
    private static long? Time(ReadOnlySpan<byte> bytes)
    {
        var timeNs = BinaryPrimitives.ReadInt64LittleEndian(bytes);
        return timeNs is > 0 and < long.MaxValue ? timeNs : null;
    }
}
